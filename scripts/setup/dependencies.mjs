/** The locked dependencies in `node_modules`. Set-up scripts, system Node. */
import { lstatSync } from 'node:fs'
import { npm, npmErrors, runLogged } from './child.mjs'
import { SetUpFailure } from './failure.mjs'
import { at } from './places.mjs'
import { readJson, stampOf } from './stamp.mjs'

/** npm writes the second file last, so it is there only after an installation that went through. */
const stamp = () => stampOf('dependencies', ['package-lock.json', 'node_modules/.package-lock.json'])

/** Is what npm says it installed exactly what the lock asks for? What is optional may be another platform's. */
function installedMatchesLock() {
  const wanted = readJson(at('package-lock.json'))?.packages
  const installed = readJson(at('node_modules/.package-lock.json'))?.packages
  if (!wanted || !installed) return false
  const same = Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    return found
      ? found.version === entry.version && found.integrity === entry.integrity
      : entry.optional === true
  })
  return same && Object.keys(installed).every((path) => path in wanted)
}

export const dependencies = {
  title: 'Installing the locked dependencies',
  isCurrent() {
    const current = stamp()
    if (current.matches()) return true
    // Somebody ran npm by hand, and it is what we would have done.
    if (!installedMatchesLock()) return false
    current.write()
    return true
  },
  async run() {
    if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new SetUpFailure(
        'node_modules is a link to another folder, and does not hold what the lock asks for.',
        'npm would empty the folder that it leads to, so nothing was installed.',
        'Remove the link, then run the same command again.',
      )
    }
    stamp().remove()
    const [command, leading, options] = npm()
    const { code, output, logFile } = await runLogged('dependencies', command, [...leading, 'ci'], options)
    if (code !== 0) {
      throw new SetUpFailure(
        `npm could not install the locked dependencies (exit code ${code}).\n${npmErrors(output)}`,
        'Visor can be neither built nor started without them.',
        `See whether npm reaches its registry (npm ping), then run the same command again. The whole log: ${logFile}`,
      )
    }
    stamp().write()
  },
}
