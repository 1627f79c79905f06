/** `npm run dev`: the window with the renderer reloaded as it is edited. */
import { runChild } from './setup/child.mjs'
import { asElectron, sandboxArguments } from './setup/electron-runtime.mjs'
import { runScript } from './setup/failure.mjs'
import { at } from './setup/places.mjs'
import { announceRuntime, setUp } from './setup/set-up.mjs'

await runScript(async () => {
  const runtime = await setUp({ stream: process.stdout })
  announceRuntime(process.stdout, runtime)
  const sandbox = sandboxArguments().length > 0 ? ['--noSandbox'] : []
  const args = [at('node_modules/electron-vite/bin/electron-vite.js'), 'dev', '--watch', ...sandbox]
  const env = { ...asElectron(), ELECTRON_EXEC_PATH: runtime.executable }
  return runChild(process.execPath, [...args, ...process.argv.slice(2)], { env, passesSignals: true })
})
