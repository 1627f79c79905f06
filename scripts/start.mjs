/** `npm start`: sets up what is missing, opens the window; without a display, shows the same work on the terminal. */
import { runChild } from './setup/child.mjs'
import { asElectron, sandboxArguments } from './setup/electron-runtime.mjs'
import { runScript } from './setup/failure.mjs'
import { root } from './setup/places.mjs'
import { announceRuntime, setUp } from './setup/set-up.mjs'
import { hasDisplay } from './setup/system-libraries.mjs'

await runScript(async () => {
  const runtime = await setUp({ stream: process.stdout })
  announceRuntime(process.stdout, runtime)
  if (!hasDisplay()) {
    const { showWithoutDisplay } = await import('./setup/no-display.mjs')
    return showWithoutDisplay(runtime)
  }
  const args = [...sandboxArguments(), root, ...process.argv.slice(2)]
  return runChild(runtime.executable, args, { env: asElectron(), passesSignals: true })
})
