/** Everything that has to be there before something runs, each part only when it is missing or old. System Node. */
import { build } from './build.mjs'
import { dependencies } from './dependencies.mjs'
import { electronInUse, electronRuntime, runtimeNotice } from './electron-runtime.mjs'
import { SetUpFailure } from './failure.mjs'
import { alone } from './lock.mjs'
import { models } from './models.mjs'
import { postgres, postgresInUse, postgresNotice } from './postgres.mjs'
import { withProgress } from './progress.mjs'
import { systemLibraries, virtualDisplay } from './system-libraries.mjs'

const oldestNode = [20, 19]

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new SetUpFailure(
    `This is Node ${process.versions.node}; setting Visor up takes Node ${oldestNode.join('.')} or newer.`,
    'Nothing was installed or changed.',
    'Install a current Node, then run the same command again.',
  )
}

/**
 * Brings the working copy to where Visor can run: dependencies, Electron, system libraries, build, models. A step
 * is `{title, isCurrent(), run()}`; it withdraws its mark before it starts and leaves it when it is through, so that
 * an interrupted one is simply done again. Prints to `stream` only what takes long. Resolves to the runtime in use.
 */
export async function setUp({
  stream = process.stderr,
  withModels = true,
  withDisplay = false,
  withPostgres = false,
} = {}) {
  requireNode()
  const steps = [
    dependencies,
    electronRuntime,
    systemLibraries,
    ...(withDisplay ? [virtualDisplay] : []),
    ...(withPostgres ? [postgres] : []),
    build,
    ...(withModels ? [models] : []),
  ]
  const firstOld = await indexOfFirst(steps, async (step) => !(await step.isCurrent()))
  if (firstOld !== -1) {
    await alone(
      (line) => stream.write(`${line}\n`),
      async () => {
        for (const step of steps.slice(firstOld)) {
          if (!(await step.isCurrent())) await withProgress(stream, step.title, step.run)
        }
      },
    )
  }
  return electronInUse()
}

async function indexOfFirst(items, test) {
  for (const [index, item] of items.entries()) if (await test(item)) return index
  return -1
}

/** Says in one line when the runtime in use is not the one that users get. */
export function announceRuntime(stream, runtime) {
  const notice = runtimeNotice(runtime)
  if (notice !== null) stream.write(`${notice}\n`)
}

/** Says in one line which PostgreSQL tests and benchmarks run against. */
export function announcePostgres(stream) {
  stream.write(`${postgresNotice(postgresInUse())}\n`)
}
