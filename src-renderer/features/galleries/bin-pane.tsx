/** What was deleted and can still be restored. Renderer. */
import { Button, NumberInput, Popover, Skeleton, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { VisorError } from '../../../src-shared/errors'
import type { BinEntry } from '../../../src-shared/gallery'
import type { ClientId } from '../../../src-shared/ids'
import { asVisorError, request } from '../../api'
import { EmptyState } from '../../components/empty-state'
import { WithoutRight, WithRight } from '../../components/without-right'
import { emptyBin, undoEntry } from '../../state/curation'
import { useGalleryAnswer } from '../../state/use-gallery-answer'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { counted, dayOf, moment, until } from '../../wording'
import styles from './bin-pane.module.css'
import { EntryFacts, EntryRow, EntrySummary } from './entry-row'
import head from './people-head.module.css'

const mostDays = 3650

export function BinPane() {
  const clientId = useVisor((state) => state.browsed?.clientId ?? state.settings.search.clientId)
  const days = useVisor((state) => state.settings.binRetentionDays)
  const entries = useGalleryAnswer(clientId, () => request('gallery.bin', { clientId }))
  const { showGalleriesView } = useActions()
  const curates = useMayDo('curate')
  const what = inBin(entries ?? [])
  return (
    <>
      <header className={head.head}>
        <h1 className={head.title}>Bin</h1>
        <span className={head.amount} data-testid="bin-amount">
          {entries === undefined ? '' : what}
        </span>
        <span className={head.space} />
        {curates && <KeptFor days={days} />}
        {entries !== undefined && entries.length > 0 && curates && (
          <EmptyBin clientId={clientId} what={what} />
        )}
        <Button variant="default" onClick={() => showGalleriesView('people')}>
          Back to the people
        </Button>
      </header>
      <WithoutRight may="look at what was deleted" />
      {entries === undefined && (
        <div className={styles.coming} aria-hidden>
          <Skeleton height={56} />
          <Skeleton height={56} />
        </div>
      )}
      {entries?.length === 0 && (
        <EmptyState
          picture={<IconTrash size={36} stroke={1.3} />}
          title="The bin is empty"
          text={`People, faces and domains that are deleted wait here for ${counted(days, 'day')}, and can be restored with all they had.`}
        />
      )}
      {entries !== undefined && entries.length > 0 && (
        <ul className={styles.entries} aria-label="Deleted">
          {entries.map((entry) => (
            <Entry key={entry.ledgerId} clientId={clientId} entry={entry} />
          ))}
        </ul>
      )}
    </>
  )
}

/** People, and faces that were deleted alone. */
function inBin(entries: readonly BinEntry[]): string {
  const persons = entries.reduce((sum, entry) => sum + entry.persons, 0)
  const faces = entries.reduce((sum, entry) => sum + (entry.persons === 0 ? entry.faces : 0), 0)
  const people = counted(persons, 'person', 'people')
  if (faces === 0) return people
  return persons === 0 ? counted(faces, 'face') : `${people} and ${counted(faces, 'face')}`
}

function Entry({ clientId, entry }: { readonly clientId: ClientId; readonly entry: BinEntry }) {
  const store = useVisorStore()
  const { askErasure } = useActions()
  const erases = useMayDo('erase')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<VisorError | null>(null)
  const saysWho = entry.names.every((name) => entry.summary.includes(name))
  const unnamed = entry.persons - entry.names.length

  async function restore(): Promise<void> {
    setBusy(true)
    try {
      await undoEntry(store, entry.ledgerId)
    } catch (thrown) {
      setError(asVisorError(thrown))
    }
    setBusy(false)
  }

  return (
    <li className={styles.entry}>
      <EntryRow
        error={error ?? undefined}
        actions={
          <>
            {entry.persons > 0 && erases && (
              <Button
                variant="subtle"
                color="red"
                flex="none"
                aria-label={`Erase for good: ${entry.summary}`}
                onClick={() => askErasure({ clientId, target: { deletedBy: entry.ledgerId } })}
              >
                Erase…
              </Button>
            )}
            <WithRight right="curate">
              <Button
                variant="default"
                flex="none"
                loading={busy}
                aria-label={`Restore: ${entry.summary}`}
                onClick={() => void restore()}
              >
                Restore
              </Button>
            </WithRight>
          </>
        }
      >
        <EntrySummary>{entry.summary}</EntrySummary>
        {!saysWho && (
          <span className={styles.names}>
            {entry.names.join(', ')}
            {unnamed > 0 ? ` and ${counted(unnamed, 'other')}` : ''}
          </span>
        )}
        <EntryFacts>
          {entry.persons > 0 && `${counted(entry.persons, 'person', 'people')} · `}
          {counted(entry.faces, 'face')} · {moment(entry.at)} · {entry.actor} ·{' '}
          <span title={dayOf(entry.expiresAt)}>goes for good {until(entry.expiresAt)}</span>
        </EntryFacts>
      </EntryRow>
    </li>
  )
}

/** How long what is deleted is kept, and the way to change that. */
function KeptFor({ days }: { readonly days: number }) {
  const opened = useVisor((state) => state.overlay === 'bin-days')
  const { openOverlay, remember } = useActions()
  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? 'bin-days' : null)}
      width={280}
      position="bottom-end"
    >
      <Popover.Target>
        <Button variant="default" onClick={() => openOverlay(opened ? null : 'bin-days')}>
          Kept for {counted(days, 'day')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.form}>
        <NumberInput
          data-autofocus
          label="Days until it goes for good"
          description="What is older goes when Visor is started next."
          min={1}
          max={mostDays}
          clampBehavior="strict"
          allowDecimal={false}
          value={days}
          onChange={(value) => {
            if (typeof value === 'number' && value >= 1 && value <= mostDays) {
              remember({ binRetentionDays: value })
            }
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

interface EmptyBinProps {
  readonly clientId: ClientId
  /** What is in the bin, counted. */
  readonly what: string
}

function EmptyBin({ clientId, what }: EmptyBinProps) {
  const store = useVisorStore()
  const opened = useVisor((state) => state.overlay === 'empty-bin')
  const { openOverlay } = useActions()
  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? 'empty-bin' : null)}
      width={300}
      position="bottom-end"
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => openOverlay(opened ? null : 'empty-bin')}
        >
          Empty the bin…
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.form}>
        <Text size="sm">
          What is in the bin goes for good, with its faces. The photo files stay where they are. This cannot
          be undone.
        </Text>
        <Button color="red" onClick={() => void emptyBin(store, clientId)}>
          Remove {what} for good
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
