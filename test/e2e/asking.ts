/** What the end-to-end tests ask of the program, through the page's own contract. */
import type { Page } from 'playwright'
import type { ItemDetail, QueueItem } from '../../src-shared/queue'
import type { Recognition } from '../../src-shared/recognition'

/** The queue's items, in their order. */
export async function queueItems(page: Page): Promise<QueueItem[]> {
  const reply = await page.evaluate(() => window.visor.request['queue.snapshot'](undefined))
  if (!reply.ok) throw new Error(reply.error.message)
  return (reply.value as { items: QueueItem[] }).items
}

/** The item's answer, searched now. */
export async function recognitionOf(page: Page, itemId: string): Promise<Recognition | undefined> {
  const reply = await page.evaluate((id) => window.visor.request['queue.detail']({ itemId: id }), itemId)
  if (!reply.ok) throw new Error(reply.error.message)
  return (reply.value as ItemDetail).recognition
}

/** Waits until `count` photos are done, at most a minute. */
export async function allDone(page: Page, count: number): Promise<void> {
  const endMs = performance.now() + 60_000
  for (;;) {
    const done = (await queueItems(page)).filter(({ state }) => state === 'done').length
    if (done === count) return
    if (performance.now() > endMs) throw new Error(`${done} of ${count} photos are done after a minute.`)
    await page.waitForTimeout(100)
  }
}
