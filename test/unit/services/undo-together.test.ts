/** One Ctrl+Z takes back what a long piece of work wrote for many people; what was changed since stays. */
import { expect, it } from 'vitest'
import { undoTogether } from '../../../src-main/services/undo-together'
import { VisorError } from '../../../src-shared/errors'
import { type LedgerId, ledgerIdSchema } from '../../../src-shared/ids'

const [one, two, three] = [1, 2, 3].map((number) =>
  ledgerIdSchema.parse(`00000000-0000-7000-8000-00000000000${number}`),
) as [LedgerId, LedgerId, LedgerId]

it('undoes the newest first, and says what stays', async () => {
  const asked: LedgerId[] = []
  const undo = async (ledgerId: LedgerId) => {
    asked.push(ledgerId)
    if (ledgerId === two) throw new VisorError('conflict', 'Something was changed since that stands on this.')
  }
  expect(await undoTogether('Enrolling', [one, three], undo)).toEqual({ summary: 'Enrolling' })
  expect(asked).toEqual([three, one])
  expect(await undoTogether('Enrolling', [one, two, three], undo)).toEqual({
    summary: 'Enrolling: 2 of 3, the others were changed since',
  })
  await expect(undoTogether('Enrolling', [two], undo)).rejects.toMatchObject({ code: 'conflict' })
})

it('goes on where it was cancelled, or where the disk was full', async () => {
  const cancel = new AbortController()
  const entries = [one, two, three]
  const undone: LedgerId[] = []
  const undoAndCancel = async (ledgerId: LedgerId) => {
    undone.push(ledgerId)
    cancel.abort()
  }
  const first = undoTogether('Enrolling', entries, undoAndCancel, { signal: cancel.signal })
  await expect(first).rejects.toMatchObject({ code: 'cancelled', message: 'Cancelled: 1 of 3 are undone.' })
  const full = undoTogether('Enrolling', entries, async () => {
    throw new VisorError('disk-full', 'The disk is full.')
  })
  await expect(full).rejects.toMatchObject({ code: 'disk-full' })
  await undoTogether('Enrolling', entries, async (id) => void undone.push(id))
  expect(undone).toEqual([three, two, one])
})
