/** Panes beside the loupe in narrow windows. */
import { expect, test } from 'vitest'
import { fitPanes, leastPx, loupeMinPx } from '../../../../src-renderer/features/identify/pane-widths'

const wanted = { queue: 280, inspector: 360 }

test('a wide window gives what is wanted', () => {
  expect(fitPanes(wanted, 1392)).toEqual(wanted)
})

test('a narrow one takes from both, and the loupe has its least', () => {
  const { queue, inspector } = fitPanes(wanted, 976)
  expect(queue).toBeGreaterThanOrEqual(leastPx.queue)
  expect(inspector).toBeGreaterThanOrEqual(leastPx.inspector)
  expect(queue + inspector + loupeMinPx).toBeLessThanOrEqual(977)
  expect(queue).toBeLessThan(wanted.queue)
  expect(inspector).toBeLessThan(wanted.inspector)
})

test('no pane gets narrower than its least, whatever the window', () => {
  expect(fitPanes(wanted, 300)).toEqual(leastPx)
  expect(fitPanes({ queue: 180, inspector: 240 }, 300)).toEqual({ queue: 180, inspector: 240 })
})
