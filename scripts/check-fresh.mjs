/** `npm run check:fresh`: does a stranger's first hour work? Clones HEAD, with every cache empty, starts it and tests it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, runChild } from './setup/child.mjs'
import { runScript } from './setup/failure.mjs'
import { root } from './setup/places.mjs'

/** The environment of a machine that has never seen Visor: no npm run around us, no display, nothing cached. */
function strangersEnvironment(caches) {
  const passed = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(package|lifecycle|config_local)|INIT_CWD$|DISPLAY$|WAYLAND_DISPLAY$|ELECTRON_|VISOR_)/.test(
        name,
      ),
  )
  return {
    ...Object.fromEntries(passed),
    npm_config_cache: join(caches, 'npm'),
    electron_config_cache: join(caches, 'electron'),
    XDG_CACHE_HOME: join(caches, 'xdg'),
    XDG_DATA_HOME: join(caches, 'data'),
    XDG_CONFIG_HOME: join(caches, 'config'),
  }
}

await runScript(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-fresh-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const clone = join(folder, 'visor')
  const caches = join(folder, 'caches')
  mkdirSync(caches)
  const env = strangersEnvironment(caches)
  const [command, leading, options] = npm()
  const runs = [
    ['clone', 'git', ['clone', '--quiet', '--no-hardlinks', root, clone], { cwd: folder }],
    ['first npm start, no display', command, [...leading, 'start'], options],
    ['second npm start, no display', command, [...leading, 'start'], options],
    ['npm test', command, [...leading, 'test'], options],
  ]
  const times = []
  for (const [title, program, args, extra] of runs) {
    process.stdout.write(`\n══ ${title}\n`)
    const startedMs = performance.now()
    const code = await runChild(program, args, { cwd: clone, env, ...extra })
    times.push(`${title}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s, exit code ${code}`)
    if (code !== 0) {
      process.stdout.write(`\n${times.join('\n')}\n`)
      return code
    }
  }
  process.stdout.write(`\n${times.join('\n')}\n`)
  return 0
})
