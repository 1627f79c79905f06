/** Which source it is, and where it goes. Renderer. */
import { Button } from '@mantine/core'
import { IconDatabase, IconFile } from '@tabler/icons-react'
import { FileName } from '../../../components/file-name'
import { foundNow } from '../../../state/import-draft'
import { useActions, useVisor } from '../../../state/use-visor'
import { moment } from '../../../wording'
import { kindWord, sourceText } from './import-words'
import { lineOf } from './move-sentence'
import type { MoveView } from './move-steps'
import styles from './source-line.module.css'

export function SourceLine({ view }: { readonly view: MoveView }) {
  const { listed, draft, look } = view
  const { closeImport } = useActions()
  const place = listed === undefined ? (draft?.place ?? null) : listed.run.source
  const text = sourceText(place)
  const found = draft === undefined ? undefined : foundNow(draft)
  const kind = listed?.run.kind ?? found?.kind
  const Icon = place?.at === 'server' ? IconDatabase : IconFile
  return (
    <div className={styles.line} data-testid="import-source">
      <Icon size={18} stroke={1.5} aria-hidden />
      <div className={styles.text}>
        <span className={styles.place} title={text}>
          <FileName name={text} />
        </span>
        <span className={styles.dim}>
          {kind === undefined ? 'What it is, is found by looking.' : kindWord[kind]}
          {listed !== undefined && ` · begun ${moment(listed.run.startedAt)} by ${listed.run.actor}`}
          {draft?.options.onlyRejectedOf != null && ' · only the rows that were rejected before'}
        </span>
        <Target />
      </div>
      {lineOf(view).next !== 'another' && (
        <Button variant="default" disabled={look?.what === 'begin'} onClick={closeImport}>
          {listed === undefined ? 'Another source…' : 'Close'}
        </Button>
      )}
    </div>
  )
}

/** The store that is worked on, and the client in it. */
function Target() {
  const store = useVisor((state) => state.status?.store)
  const clientId = useVisor((state) => state.settings.search.clientId)
  const several = useVisor((state) => (state.clients?.length ?? 0) > 1)
  if (store === undefined) return null
  // In dual mode this machine answers and is written to.
  const where =
    store.mode === 'server' && store.server !== null ? `the server ${store.server.place}` : 'this machine'
  return (
    <span className={styles.dim}>
      Goes into the galleries on {where}
      {several ? `, client ${clientId}` : ''}
    </span>
  )
}
