/**
 * Loads sharp, and is the only file that does. Vision process.
 *
 * [Note: Two GLibs] On Linux, Electron's executable is linked to the system's GLib (for GTK), and sharp's libvips brings
 * its own GLib inside. The loader lets the one that came first serve both, so that objects of one library are handed to
 * functions of the other: from a flood of `G_IS_OBJECT` failures to a crash, depending on the system's version
 * (github.com/lovell/sharp/issues/4525, github.com/electron/electron/issues/46323). Two steps, before sharp is imported:
 *
 * 1. libvips is loaded from a private copy with one flag set, `DF_SYMBOLIC`: it looks in itself first. The copy keeps
 *    the library's name, so sharp's addon finds it loaded already. It is deleted at once; the mapping lives on.
 * 2. sharp's addon is loaded with `RTLD_DEEPBIND`: it looks in its own dependencies first, and libvips is one.
 *    libvips itself must not be loaded so: its `free` would then be another library's than its `strdup`.
 *
 * Consequence: photos are handed to sharp as bytes, never as paths: the addon's own file functions would free memory that
 * they did not allocate.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants, homedir, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { preferOwnSymbols } from './shared-library'

if (process.platform === 'linux' && process.versions.electron !== undefined) separateGlibs()

/** sharp, without caches (every photo is decoded once) and with one thread a photo (several photos are in work). */
export const { default: sharp } = await import('sharp')
sharp.cache(false)
sharp.concurrency(1)

function separateGlibs(): void {
  const require = createRequire(createRequire(import.meta.url).resolve('sharp'))
  const platform = `linux-${process.arch}`
  loadSelfContained(require.resolve(`@img/sharp-libvips-${platform}/binary`))
  const addonPackage = require.resolve(`@img/sharp-${platform}/package`)
  const { version } = require(addonPackage) as { version: string }
  const addon = join(dirname(addonPackage), 'lib', `sharp-${platform}-${version}.node`)
  const { RTLD_NOW, RTLD_DEEPBIND } = constants.dlopen
  process.dlopen({ exports: {} }, addon, RTLD_NOW | (RTLD_DEEPBIND ?? 0))
}

/** Maps a copy of the library that prefers its own symbols; a folder may forbid that its files are run. */
function loadSelfContained(path: string): void {
  const library = readFileSync(path)
  if (!preferOwnSymbols(library)) throw new Error(`${basename(path)} is not laid out as expected.`)
  const failures: unknown[] = []
  for (const parent of [tmpdir(), homedir()]) {
    const folder = mkdtempSync(join(parent, '.visor-native-'))
    try {
      const copy = join(folder, basename(path))
      writeFileSync(copy, library, { mode: 0o700 })
      process.dlopen({ exports: {} }, copy, constants.dlopen.RTLD_LAZY)
    } catch (error) {
      // Node expects an addon and complains of a plain library after mapping it; the library stays (NODELETE).
      failures.push(error)
    } finally {
      rmSync(folder, { recursive: true })
    }
    if (readFileSync('/proc/self/maps', 'latin1').includes(`/${basename(path)}`)) return
  }
  throw new AggregateError(failures, `${basename(path)} could not be loaded from a private copy.`)
}
