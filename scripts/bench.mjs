/** `npm run bench [-- NAME [OPTIONS]]`: builds the benchmarks and runs each in a process of its own; JSON lines on stdout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { runChild } from './setup/child.mjs'
import { withDisplay } from './setup/display.mjs'
import { asNode } from './setup/electron-runtime.mjs'
import { runScript, SetUpFailure } from './setup/failure.mjs'
import { at } from './setup/places.mjs'
import { setUp } from './setup/set-up.mjs'

/** A benchmark is a file that exports `run`; the others are what benchmarks share. */
const names = readdirSync(at('scripts/bench'))
  .filter((file) => /^export (async )?function run\b/m.test(readFileSync(at('scripts/bench', file), 'utf8')))
  .map((file) => basename(file, '.ts'))

/** Where labelled pairs of photos are, on the machines that have them. */
const knownPairs = at('../shared/faces/deepface-pairs/pairs.csv')

/** Options that a benchmark is given where the caller gives none. */
const pairs = existsSync(knownPairs) ? ['--pairs', knownPairs] : []
const defaults = { accuracy: pairs, 'grouping-photos': pairs }

/**
 * Bundles the benchmarks beside a copy of main's processes and threads, so that the code under test finds those where
 * it finds them when it ships.
 */
async function bundle() {
  const { build, loadConfigFromFile } = await import('vite')
  const { config } = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    at('electron.vite.config.ts'),
  )
  const { index: _, ...processes } = config.main.build.rolldownOptions.input
  const benchmarks = Object.fromEntries(
    names.map((name) => [`bench-${name}`, at('scripts/bench', `${name}.ts`)]),
  )
  await build({
    configFile: false,
    root: at(),
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: config.main.build.externalizeDeps.exclude },
    build: {
      outDir: at('out/bench'),
      emptyOutDir: true,
      ssr: true,
      target: 'node24',
      rolldownOptions: {
        input: { ...processes, ...benchmarks },
        external: ['electron'],
        output: config.main.build.rolldownOptions.output,
      },
    },
  })
}

await runScript(async () => {
  const [wanted, ...options] = process.argv.slice(2)
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new SetUpFailure(
      `There is no benchmark called ${wanted}.`,
      'Nothing was measured.',
      `Those there are: ${names.join(', ')}.`,
    )
  }
  const runtime = await setUp({ withDisplay: true, withPostgres: true })
  await bundle()
  return withDisplay(process.env, async (environment) => {
    let worst = 0
    for (const name of wanted === undefined ? names : [wanted]) {
      const given = options.length > 0 ? options : (defaults[name] ?? [])
      const args = [at('scripts/setup/run-benchmark.mjs'), name, ...given]
      const cwd = process.env.INIT_CWD ?? process.cwd()
      worst = Math.max(
        worst,
        await runChild(runtime.executable, args, { env: asNode(environment), cwd, group: true }),
      )
    }
    return worst
  })
})
