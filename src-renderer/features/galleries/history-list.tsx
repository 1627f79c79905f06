/** Who did what, when and why, newest first, with the way back beside each; only the entries in view are elements. Renderer. */
import { Button, Skeleton, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { VisorError } from '../../../src-shared/errors'
import type { LedgerEntry } from '../../../src-shared/gallery'
import type { BatchId, ClientId, PersonId } from '../../../src-shared/ids'
import { asVisorError } from '../../api'
import { EmptyState } from '../../components/empty-state'
import { undoEntry, undoWhole } from '../../state/curation'
import { useActions, useMayDo, useVisorStore } from '../../state/use-visor'
import { count, moment } from '../../wording'
import { EntryFacts, EntryRow, EntrySummary } from './entry-row'
import styles from './history-list.module.css'
import { type HistoryRow, historyRows } from './history-rows'
import { useHistory } from './use-history'

interface HistoryListProps {
  readonly clientId: ClientId
  /** What was done to this person only. */
  readonly personId?: PersonId
  readonly label: string
}

const entryPx = 56
const noBatches: ReadonlySet<BatchId> = new Set()
const noEntries: readonly LedgerEntry[] = []

export function HistoryList({ clientId, personId, label }: HistoryListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { entries, loadMore } = useHistory(clientId, personId)
  const [refused, setRefused] = useState<ReadonlyMap<string, VisorError>>(new Map())
  const [open, setOpen] = useState(noBatches)
  const lines = useMemo(() => {
    // Of a person's history a batch has a step or two, and its undo would be about others.
    if (personId !== undefined) return (entries ?? noEntries).map(alone)
    return historyRows(entries ?? noEntries, open)
  }, [entries, open, personId])
  const amount = lines.length
  const virtualizer = useVirtualizer({
    count: amount,
    getScrollElement: () => scroller.current,
    estimateSize: () => entryPx,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 6,
  })
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const nearEnd = amount > 0 && last >= amount - 10
  const askMore = useEffectEvent(loadMore)
  const read = entries?.length
  // Again with every page: all of it may be of one row.
  useEffect(() => {
    if (nearEnd && read !== undefined) askMore()
  }, [nearEnd, read])

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
          const line = lines[row.index]
          if (line === undefined) return null
          const shared = {
            error: refused.get(line.key),
            onRefused: (error: VisorError) => setRefused(new Map(refused).set(line.key, error)),
          }
          return (
            <li
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              className={styles.entry}
              data-step={(line.kind === 'entry' && line.isStep) || undefined}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {line.kind === 'entry' ? (
                <Entry entry={line.entry} {...shared} />
              ) : (
                <BatchOfEntries
                  {...line}
                  {...shared}
                  clientId={clientId}
                  onToggle={() => setOpen(toggled(open, line.batch.batchId))}
                />
              )}
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

function toggled(open: ReadonlySet<BatchId>, batchId: BatchId): ReadonlySet<BatchId> {
  const next = new Set(open)
  if (!next.delete(batchId)) next.add(batchId)
  return next
}

const alone = (entry: LedgerEntry): HistoryRow => ({
  kind: 'entry',
  key: entry.ledgerId,
  entry,
  isStep: false,
})

interface BatchProps extends Omit<Extract<HistoryRow, { readonly kind: 'batch' }>, 'kind' | 'key'> {
  readonly clientId: ClientId
  readonly error: VisorError | undefined
  readonly onRefused: (error: VisorError) => void
  readonly onToggle: () => void
}

/** What an enrolment of many or an import did, as one. */
function BatchOfEntries({ batch, steps, isOpen, clientId, error, onRefused, onToggle }: BatchProps) {
  const store = useVisorStore()
  const undone = steps.every(({ undoneBy }) => undoneBy !== undefined)
  const [newest] = steps
  if (newest === undefined) return null
  return (
    <EntryRow
      error={error}
      actions={
        <>
          <Button
            size="compact-xs"
            variant="subtle"
            flex="none"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Hide' : 'Show'} the steps: ${batch.title}`}
            onClick={onToggle}
          >
            {isOpen ? 'Hide steps' : 'Show steps'}
          </Button>
          <UndoButton
            summary={batch.title}
            undone={undone}
            undoable={steps.some(({ undoable }) => undoable)}
            undo={() => undoWhole(store, clientId, batch)}
            onRefused={onRefused}
          />
        </>
      }
    >
      <EntrySummary undone={undone}>{batch.title}</EntrySummary>
      <EntryFacts title={`${newest.at} · no. ${newest.sequence}`}>
        {moment(newest.at)} · {newest.actor} · {count(steps.length)} steps
      </EntryFacts>
    </EntryRow>
  )
}

interface UndoProps {
  readonly summary: string
  readonly undone: boolean
  readonly undoable: boolean
  readonly undo: () => Promise<void>
  readonly onRefused: (error: VisorError) => void
}

/** The way back, or that it was gone. */
function UndoButton({ summary, undone, undoable, undo, onRefused }: UndoProps): ReactNode {
  const curates = useMayDo('curate')
  const [busy, setBusy] = useState(false)
  if (undone) {
    return (
      <Text size="xs" c="dimmed" flex="none">
        undone
      </Text>
    )
  }
  if (!undoable || !curates) return null
  async function press(): Promise<void> {
    setBusy(true)
    await undo().catch((thrown: unknown) => onRefused(asVisorError(thrown)))
    setBusy(false)
  }
  return (
    <Button
      size="compact-xs"
      variant="default"
      flex="none"
      loading={busy}
      aria-label={`Undo: ${summary}`}
      onClick={() => void press()}
    >
      Undo
    </Button>
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
          <UndoButton
            summary={entry.summary}
            undone={entry.undoneBy !== undefined}
            undoable={entry.undoable}
            undo={() => undoEntry(store, entry.ledgerId)}
            onRefused={onRefused}
          />
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
