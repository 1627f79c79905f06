/** The history as rows: what belongs together is one, what does not stays apart. */
import { expect, it } from 'vitest'
import { historyRows } from '../../../../src-renderer/features/galleries/history-rows'
import type { Batch, LedgerEntry } from '../../../../src-shared/gallery'
import { batchIdSchema, ledgerIdSchema } from '../../../../src-shared/ids'

const batch = (number: number): Batch => ({
  batchId: batchIdSchema.parse(`00000000-0000-4000-8000-00000000000${number}`),
  title: `Work ${number}`,
})
const [one, two] = [batch(1), batch(2)]

/** Entries in this order, each a step of what is named, or of nothing. */
const entries = (...parts: (Batch | undefined)[]): LedgerEntry[] =>
  parts.map((partOf, index) => ({
    ledgerId: ledgerIdSchema.parse(`00000000-0000-7000-8000-00000000000${index}`),
    sequence: parts.length - index,
    at: '2026-11-20T12:00:00.000Z',
    actor: 'ana',
    action: 'assign-faces',
    summary: `Entry ${index}`,
    undoable: true,
    ...(partOf === undefined ? {} : { partOf }),
  }))
const shown = (list: readonly LedgerEntry[], ...open: Batch[]) =>
  historyRows(list, new Set(open.map(({ batchId }) => batchId))).map((row) =>
    row.kind === 'batch'
      ? `${row.batch.title}: ${row.steps.length}${row.isOpen ? ', open' : ''}`
      : `${row.isStep ? '- ' : ''}${row.entry.summary}`,
  )

it('shows the steps of one piece of work as one, each by itself once it is opened', () => {
  const list = entries(undefined, one, one, one, undefined)
  expect(shown(list)).toEqual(['Entry 0', 'Work 1: 3', 'Entry 4'])
  expect(shown(list, one)).toEqual([
    'Entry 0',
    'Work 1: 3, open',
    '- Entry 1',
    '- Entry 2',
    '- Entry 3',
    'Entry 4',
  ])
})

it('keeps two pieces of work apart, and what was done in between', () => {
  expect(shown(entries(one, one, two, two))).toEqual(['Work 1: 2', 'Work 2: 2'])
  expect(shown(entries(one, one, undefined, one, one))).toEqual(['Work 1: 2', 'Entry 2', 'Work 1: 2'])
})

it('shows one step alone as what it is, and nothing of nothing', () => {
  expect(shown(entries(one, undefined, two))).toEqual(['Entry 0', 'Entry 1', 'Entry 2'])
  expect(shown([])).toEqual([])
})

it('gives every row a key of its own, which stays when older steps come', () => {
  const open = new Set([one.batchId])
  const list = entries(one, one, undefined, one, one, one)
  const keys = historyRows(list, open).map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(historyRows(list.slice(0, -1), open).map(({ key }) => key)).toEqual(keys.slice(0, -1))
})
