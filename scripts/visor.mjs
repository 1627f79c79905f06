/** `npm run --silent visor -- COMMAND`: the command line; stdout is the command's alone. */
import { runChild } from './setup/child.mjs'
import { asNode } from './setup/electron-runtime.mjs'
import { runScript } from './setup/failure.mjs'
import { commandLineEntry } from './setup/places.mjs'
import { setUp } from './setup/set-up.mjs'

/** The commands that look at photos, or may. */
const needsModels = new Set([
  'faces',
  'enrol',
  'recognize',
  'verify',
  'sample',
  'import',
  'replay',
  '--isolation',
])

await runScript(async () => {
  const args = process.argv.slice(2)
  const runtime = await setUp({ withModels: args.some((argument) => needsModels.has(argument)) })
  return runChild(runtime.executable, [commandLineEntry, ...args], {
    env: asNode(),
    // npm moves to the working copy; paths are relative to where the user is.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    passesSignals: true,
  })
})
