/** What the user sees of long work while looking elsewhere: the task bar's progress and the system's notifications. Runs in main. */
import { type BrowserWindow, Notification } from 'electron'
import type { QueueProgress } from '../../src-shared/queue'

/** Windows whose queue is at work: the end of the work is worth a notification. */
const busy = new WeakSet<BrowserWindow>()

/** Shows the queue's progress on the task bar, and says when it has come to its end. */
export function showProgress(
  window: BrowserWindow,
  { total, waiting, working, done, failed }: QueueProgress,
): void {
  if (window.isDestroyed()) return
  const left = waiting + working
  window.setProgressBar(left === 0 ? -1 : (total - left) / total)
  if (left > 0) busy.add(window)
  else if (busy.delete(window)) tellWhenAway(window, 'Photos recognised', `${done} done, ${failed} failed.`)
}

/** Notifies through the system unless the window is in front. */
export function tellWhenAway(window: BrowserWindow, title: string, body: string): void {
  if (window.isDestroyed() || window.isFocused() || !Notification.isSupported()) return
  new Notification({ title, body, silent: true }).show()
}
