/** The default model pack, fetched and verified by the program itself. Set-up scripts, system Node. */
import { statSync } from 'node:fs'
import { runLogged, tail } from './child.mjs'
import { asNode, electronInUse } from './electron-runtime.mjs'
import { SetUpFailure } from './failure.mjs'
import { at, commandLineEntry } from './places.mjs'
import { readJson } from './stamp.mjs'

export const models = {
  title: 'Fetching and verifying the default model pack',
  /** By size only: the program itself checks every hash before it loads a file. */
  isCurrent() {
    const manifest = readJson(at('models/manifest.json'))
    const pack = manifest.packs.find(({ id }) => id === manifest.defaultPack)
    return [pack.detector.file, pack.embedder.file].every(
      ({ name, bytes }) => statSync(at('models', pack.id, name), { throwIfNoEntry: false })?.size === bytes,
    )
  },
  async run() {
    const args = [commandLineEntry, 'models', 'fetch']
    const { code, output, logFile } = await runLogged('models', electronInUse().executable, args, {
      env: asNode(),
    })
    if (code !== 0 || !models.isCurrent()) {
      throw new SetUpFailure(
        `The default model pack could not be fetched (exit code ${code}).\n${tail(output)}`,
        'Without it no face can be found or recognised.',
        `See whether npm reaches its registry (npm ping), then run the same command again. The whole log: ${logFile}`,
      )
    }
  },
}
