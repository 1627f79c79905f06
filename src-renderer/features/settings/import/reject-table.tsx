/** Rejected rows with their reasons, to be filtered; only the rows in view are elements. Renderer. */
import { Group, Select, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { type RejectReason, rejectReasonSchema } from '../../../../src-shared/import'
import type { RejectedRow } from '../../../../src-shared/import-run'
import { FileName } from '../../../components/file-name'
import { count, counted } from '../../../wording'
import { reasonWord } from './import-words'
import { filteredRejects, noFilter } from './reject-rows'
import styles from './reject-table.module.css'

const rowPx = 46

interface RejectTableProps {
  readonly rows: readonly RejectedRow[]
  /** Of all of them, not only of those that are here. */
  readonly reasons: readonly { readonly reason: RejectReason; readonly rows: number }[]
  readonly total: number
}

export function RejectTable({ rows, reasons, total }: RejectTableProps) {
  const [filter, setFilter] = useState(noFilter)
  const shown = useMemo(() => filteredRejects(rows, filter), [rows, filter])
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
              label: `${reasonWord[reason]} (${count(some)})`,
            })),
          ]}
          value={filter.reason ?? ''}
          onChange={(value) =>
            setFilter({ ...filter, reason: rejectReasonSchema.safeParse(value).data ?? null })
          }
        />
        <TextInput
          aria-label="Filter the rejected rows"
          placeholder="Row, person, photo"
          w={240}
          leftSection={<IconSearch size={14} stroke={1.6} aria-hidden />}
          value={filter.text}
          onChange={({ currentTarget: { value } }) => setFilter({ ...filter, text: value })}
        />
        <Text span size="sm" c="dimmed" className="figures" aria-live="polite">
          {shown.length === rows.length
            ? counted(rows.length, 'row')
            : `${count(shown.length)} of ${counted(rows.length, 'row')}`}
        </Text>
      </Group>
      <Rows shown={shown} />
      {rows.length < total && (
        <Text size="sm" c="dimmed" mt={6}>
          The first {count(rows.length)} of {count(total)}. The report of the run has all of them.
        </Text>
      )}
    </>
  )
}

function Rows({ shown }: { readonly shown: readonly RejectedRow[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => shown[index]?.position ?? index,
    overscan: 8,
  })
  if (shown.length === 0) return <Text size="sm">No row is like that.</Text>
  return (
    <div ref={scroller} className={styles.scroller} role="listbox" tabIndex={0} aria-label="Rejected rows">
      <div role="presentation" style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = shown[item.index]
          if (row === undefined) return null
          return (
            <div
              key={item.key}
              role="option"
              aria-selected={false}
              aria-posinset={item.index + 1}
              aria-setsize={shown.length}
              tabIndex={-1}
              className={styles.row}
              style={{ height: rowPx, transform: `translateY(${item.start}px)` }}
            >
              <Row row={row} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Row({ row: { key, person, photo, reason, detail } }: { readonly row: RejectedRow }) {
  return (
    <>
      <span className={styles.key} title={key}>
        {key}
      </span>
      <span className={styles.person} title={person ?? ''}>
        {person ?? '–'}
      </span>
      <span className={styles.why} title={detail}>
        <strong>{reasonWord[reason]}</strong> {detail}
      </span>
      <span className={styles.photo} title={photo ?? ''}>
        {photo === null ? '' : <FileName name={photo} />}
      </span>
    </>
  )
}
