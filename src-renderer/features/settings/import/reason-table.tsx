/** Rows with the reason of each, to be filtered and gone through; only those in view are elements. Renderer. */
import { Group, Select, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { type RejectReason, rejectReasonSchema } from '../../../../src-shared/import'
import { FileName } from '../../../components/file-name'
import { ListOption } from '../../../components/list-option'
import { count, counted } from '../../../wording'
import { filteredRows, noFilter, type ReasonedRow, rowByKey } from './reason-rows'
import styles from './reason-table.module.css'

const rowPx = 46

interface ReasonTableProps {
  readonly rows: readonly ReasonedRow[]
  /** Of all of them, not only of those that are here. */
  readonly reasons: readonly { readonly reason: RejectReason; readonly rows: number }[]
  readonly total: number
  readonly label: string
  /** What one of them is called. */
  readonly noun: 'row' | 'face'
  readonly words: Record<RejectReason, string>
}

export function ReasonTable({ rows, reasons, total, label, noun, words }: ReasonTableProps) {
  const [filter, setFilter] = useState(noFilter)
  const shown = useMemo(() => filteredRows(rows, filter), [rows, filter])
  return (
    <>
      <Group gap={8} mb={8}>
        <Select
          aria-label="Reason"
          w={280}
          allowDeselect={false}
          data={[
            { value: '', label: `All reasons (${count(total)})` },
            ...reasons.map(({ reason, rows: some }) => ({
              value: reason,
              label: `${words[reason]} (${count(some)})`,
            })),
          ]}
          value={filter.reason ?? ''}
          onChange={(value) =>
            setFilter({ ...filter, reason: rejectReasonSchema.safeParse(value).data ?? null })
          }
        />
        <TextInput
          aria-label={`Filter the ${label.toLowerCase()}`}
          placeholder={noun === 'row' ? 'Row, person, photo' : 'Person, photo'}
          w={240}
          leftSection={<IconSearch size={14} stroke={1.6} aria-hidden />}
          value={filter.text}
          onChange={({ currentTarget: { value } }) => setFilter({ ...filter, text: value })}
        />
        <Text span size="sm" c="dimmed" className="figures" aria-live="polite">
          {shown.length === rows.length
            ? counted(rows.length, noun)
            : `${count(shown.length)} of ${counted(rows.length, noun)}`}
        </Text>
      </Group>
      {shown.length === 0 ? (
        <Text size="sm">No {noun} is like that.</Text>
      ) : (
        <Rows key={`${filter.reason} ${filter.text}`} shown={shown} label={label} words={words} />
      )}
      {rows.length < total && (
        <Text size="sm" c="dimmed" mt={6}>
          The first {count(rows.length)} of {count(total)}. The report of the run has all of them.
        </Text>
      )}
    </>
  )
}

interface RowsProps extends Pick<ReasonTableProps, 'label' | 'words'> {
  readonly shown: readonly ReasonedRow[]
}

function Rows({ shown, label, words }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [chosen, setChosen] = useState<number>()
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const rowsInView = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowPx) / rowPx) - 1)
    const to = rowByKey(event.key, chosen, shown.length, rowsInView)
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    setChosen(to)
    virtualizer.scrollToIndex(to)
  }
  const items = virtualizer.getVirtualItems()
  const isInView = items.some(({ index }) => index === chosen)
  const row = chosen === undefined ? undefined : shown[chosen]
  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={isInView ? `${id}-${chosen}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
            const one = shown[index]
            if (one === undefined) return null
            return (
              <ListOption
                key={key}
                id={`${id}-${index}`}
                aria-posinset={index + 1}
                aria-setsize={shown.length}
                className={styles.row}
                data-keyed={one.key !== undefined || undefined}
                style={{ height: rowPx, transform: `translateY(${start}px)` }}
                selected={index === chosen}
                onChoose={() => setChosen(index)}
              >
                <Row row={one} words={words} />
              </ListOption>
            )
          })}
        </div>
      </div>
      {row !== undefined && <WholeRow row={row} words={words} />}
    </>
  )
}

interface RowProps extends Pick<ReasonTableProps, 'words'> {
  readonly row: ReasonedRow
}

function Row({ row: { key, person, photo, reason, detail }, words }: RowProps) {
  return (
    <>
      {key !== undefined && (
        <span className={styles.key} title={key}>
          <FileName name={key} />
        </span>
      )}
      <span className={styles.person} title={person ?? ''}>
        {person || '–'}
      </span>
      <span className={styles.why} title={detail}>
        <strong>{words[reason]}</strong> {detail}
      </span>
      <span className={styles.photo} title={photo ?? ''}>
        {!photo ? '' : <FileName name={photo} />}
      </span>
    </>
  )
}

/** The one that is chosen, with all of what the list cuts off. */
function WholeRow({ row: { key, person, photo, reason, detail }, words }: RowProps) {
  return (
    <div className={styles.whole} role="status" data-testid="whole-row">
      <strong>{[key, person].filter(Boolean).join(' · ') || 'Nobody'}</strong>
      <span>
        {words[reason]}: {detail}
      </span>
      {photo && <span className={styles.dim}>{photo}</span>}
    </div>
  )
}
