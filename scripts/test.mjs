/** `npm test [-- FILTER]`: sets up what is missing, then runs all there is, and ends with a count. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runChild } from './setup/child.mjs'
import { withDisplay } from './setup/display.mjs'
import { asNode } from './setup/electron-runtime.mjs'
import { runScript } from './setup/failure.mjs'
import { at } from './setup/places.mjs'
import { scratchFolder } from './setup/scratch.mjs'
import { announcePostgres, announceRuntime, setUp } from './setup/set-up.mjs'
import { hasDisplay } from './setup/system-libraries.mjs'
import { addCounts, countLine, readCounts } from './setup/test-count.mjs'

const biome = at('node_modules/@biomejs/biome/bin/biome')
const typescript = at('node_modules/typescript/bin/tsc')
const vitest = at('node_modules/vitest/vitest.mjs')

/** A check counts as one test. */
async function check(args, environment) {
  const code = await runChild(process.execPath, args, { env: environment })
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

/** Tests run in Electron's Node, the runtime that ships; their counts come from Vitest's own report, `<name>.json`. */
async function tests(runtime, name, options, environment) {
  const report = join(environment.TMPDIR, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const args = [vitest, 'run', ...reporters, '--passWithNoTests', ...options]
  // A group of their own: whatever a test leaves behind ends with it.
  const code = await runChild(runtime.executable, args, { env: asNode(environment), group: true })
  return readCounts(report, code)
}

/**
 * Windows of one display share its focus: one at a time on a screen. Where displays are virtual and all files are wanted there are two,
 * with half of the files each: much of the time a window waits.
 */
async function windowTests(runtime, paths, environment) {
  const all = paths.includes('test/e2e/')
  const displays = hasDisplay() || !all ? 1 : Math.min(2, availableParallelism())
  const halves = Array.from({ length: displays }, (_, index) => index + 1).map((half) => {
    const options = ['--config', 'vitest.e2e.config.ts', `--shard=${half}/${displays}`, ...paths]
    return withDisplay(environment, (shown) => tests(runtime, `e2e-${half}`, options, shown))
  })
  return (await Promise.all(halves)).reduce(addCounts)
}

const checks = [
  {
    name: 'format and lint',
    run: (_, environment) => check([biome, 'check', '--error-on-warnings', '.'], environment),
  },
  { name: 'types', run: (_, environment) => check([typescript, '--build'], environment) },
]

const suites = ['unit', 'contract', 'integration', 'e2e']

/** All stages; with filters (`unit`, `unit/vision`, `e2e/queue`) the tests in those paths only. */
function stagesFor(filters) {
  const suite = (name, paths) => ({
    name,
    run: (runtime, environment) =>
      name === 'e2e' ? windowTests(runtime, paths, environment) : tests(runtime, name, paths, environment),
  })
  if (filters.length === 0) return [...checks, ...suites.map((name) => suite(name, [`test/${name}/`]))]
  return suites.flatMap((name) => {
    const paths = filters
      .map((filter) => filter.replace(/^test\//, ''))
      .filter((filter) => filter === name || filter.startsWith(`${name}/`))
      .map((filter) => `test/${filter}`)
    return paths.length === 0 ? [] : [suite(name, paths)]
  })
}

await runScript(async () => {
  const stages = stagesFor(process.argv.slice(2))
  const runtime = await setUp({ stream: process.stdout, withDisplay: true, withPostgres: true })
  announceRuntime(process.stdout, runtime)
  announcePostgres(process.stdout)
  const scratch = scratchFolder()
  const environment = { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch }
  let total = { passed: 0, failed: 0, skipped: 0 }
  for (const stage of stages) {
    process.stdout.write(`\n── ${stage.name}\n`)
    const startedMs = performance.now()
    const counts = await stage.run(runtime, environment)
    total = addCounts(total, counts)
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    process.stdout.write(`── ${stage.name}: ${countLine(counts)} in ${seconds} s\n`)
    // What comes later is built on what failed here.
    if (counts.failed > 0) break
  }
  process.stdout.write(`\n${countLine(total)}\n`)
  return total.failed > 0 || total.passed === 0 ? 1 : 0
})
