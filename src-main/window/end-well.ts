/** The end of the program: what is in work ends first. Runs in main. */
import { app, type BrowserWindow } from 'electron'

/** Closing the last window ends the program, once `close` has let everything in work end. */
export function endWell(
  window: BrowserWindow,
  close: () => Promise<void>,
  onError: (error: unknown) => void,
): void {
  let closing = false
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    // Whoever asks a second time must not cut the first one short: `exit` below is what ends the program.
    event.preventDefault()
    if (closing) return
    closing = true
    if (!window.isDestroyed()) window.hide()
    close()
      .catch(onError)
      .finally(() => app.exit(0))
  })
}
