/** Who did what, when and why, newest first, with the way back beside each; only the entries in view are elements. Renderer. */
import { Button, Skeleton, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { VisorError } from '../../../src-shared/errors'
import type { LedgerEntry } from '../../../src-shared/gallery'
import type { ClientId, LedgerId, PersonId } from '../../../src-shared/ids'
import { asVisorError } from '../../api'
import { EmptyState } from '../../components/empty-state'
import { undoEntry } from '../../state/curation'
import { useActions, useMayDo, useVisorStore } from '../../state/use-visor'
import { moment } from '../../wording'
import { EntryFacts, EntryRow, EntrySummary } from './entry-row'
import styles from './history-list.module.css'
import { useHistory } from './use-history'

interface HistoryListProps {
  readonly clientId: ClientId
  /** What was done to this person only. */
  readonly personId?: PersonId
  readonly label: string
}

const entryPx = 56

export function HistoryList({ clientId, personId, label }: HistoryListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { entries, loadMore } = useHistory(clientId, personId)
  const [refused, setRefused] = useState<ReadonlyMap<LedgerId, VisorError>>(new Map())
  const amount = entries?.length ?? 0
  const virtualizer = useVirtualizer({
    count: amount,
    getScrollElement: () => scroller.current,
    estimateSize: () => entryPx,
    getItemKey: (index) => entries?.[index]?.ledgerId ?? index,
    overscan: 6,
  })
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const nearEnd = amount > 0 && last >= amount - 10
  const askMore = useEffectEvent(loadMore)
  useEffect(() => {
    if (nearEnd) askMore()
  }, [nearEnd])

  if (entries === undefined) return <Coming />
  if (amount === 0) {
    return (
      <EmptyState
        picture={<IconHistory size={36} stroke={1.3} />}
        title="Nothing was done here yet"
        text="Whatever is changed is listed here, with who did it and the way back."
      />
    )
  }
  return (
    <div ref={scroller} className={styles.scroller}>
      <ol className={styles.entries} aria-label={label} style={{ height: virtualizer.getTotalSize() }}>
        {rows.map((row) => {
          const entry = entries[row.index]
          if (entry === undefined) return null
          return (
            <li
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              className={styles.entry}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <Entry
                entry={entry}
                error={refused.get(entry.ledgerId)}
                onRefused={(error) => setRefused(new Map(refused).set(entry.ledgerId, error))}
              />
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function Coming() {
  return (
    <div className={styles.coming} aria-hidden>
      {[1, 2, 3, 4, 5, 6].map((line) => (
        <Skeleton key={line} height={40} />
      ))}
    </div>
  )
}

interface EntryProps {
  readonly entry: LedgerEntry
  /** Why it could not be undone. */
  readonly error: VisorError | undefined
  readonly onRefused: (error: VisorError) => void
}

function Entry({ entry, error, onRefused }: EntryProps) {
  const store = useVisorStore()
  const { showErasureReport } = useActions()
  const curates = useMayDo('curate')
  const [busy, setBusy] = useState(false)

  async function undo(): Promise<void> {
    setBusy(true)
    try {
      await undoEntry(store, entry.ledgerId)
    } catch (thrown) {
      onRefused(asVisorError(thrown))
    }
    setBusy(false)
  }

  return (
    <EntryRow
      error={error}
      actions={
        <>
          {entry.action === 'erase' && (
            <Button
              size="compact-xs"
              variant="default"
              flex="none"
              onClick={() => void showErasureReport(entry.ledgerId)}
            >
              Report
            </Button>
          )}
          {entry.undoneBy !== undefined ? (
            <Text size="xs" c="dimmed" flex="none">
              undone
            </Text>
          ) : (
            entry.undoable &&
            curates && (
              <Button
                size="compact-xs"
                variant="default"
                flex="none"
                loading={busy}
                aria-label={`Undo: ${entry.summary}`}
                onClick={() => void undo()}
              >
                Undo
              </Button>
            )
          )}
        </>
      }
    >
      <EntrySummary undone={entry.undoneBy !== undefined} erased={entry.erasedBy !== undefined}>
        {entry.summary}
        {entry.erasedAt !== undefined && `, ${moment(entry.erasedAt)}`}
      </EntrySummary>
      <EntryFacts title={`${entry.at} · no. ${entry.sequence}`}>
        {moment(entry.at)} · {entry.actor}
        {entry.login !== undefined && ` (logged in as ${entry.login})`}
      </EntryFacts>
      {entry.reason !== undefined && <span className={styles.reason}>“{entry.reason}”</span>}
    </EntryRow>
  )
}
