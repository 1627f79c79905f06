/** Who may import whom: the layers of the source tree, checked over every import statement in it. */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

interface Import {
  /** The importing file, from the working copy's folder. */
  readonly file: string
  /** What is imported: a path from the working copy's folder, or a package's or built-in module's name. */
  readonly target: string
  readonly kind: 'own' | 'package' | 'builtin'
}

const statement = /(?:^|\n)\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'/g

/** The specifiers of every import and re-export in a TypeScript source, type imports included. */
function specifiers(source: string): string[] {
  return [...source.matchAll(statement)].map((match) => match[1] ?? match[2] ?? '')
}

const packageName = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

function importsOf(file: string): Import[] {
  return specifiers(readFileSync(join(root, file), 'utf8')).map((specifier) => {
    const plain = specifier.replace(/\?.*$/, '')
    if (plain.startsWith('.')) {
      return { file, target: posix.normalize(posix.join(posix.dirname(file), plain)), kind: 'own' }
    }
    return isBuiltin(plain)
      ? { file, target: plain, kind: 'builtin' }
      : { file, target: packageName(plain), kind: 'package' }
  })
}

const folders = ['src-shared', 'src-preload', 'src-main', 'src-renderer']
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    // AssemblyScript: another language that shares the file ending.
    .filter((name) => !name.startsWith('storage/flat/kernel/'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
)
const imports = files.flatMap(importsOf)

const within = (...places: readonly string[]) => {
  const isWithin = (path: string) => places.some((place) => path === place || path.startsWith(`${place}/`))
  return isWithin
}

/** The imports among `from` that `allowed` does not allow, readable. */
function breaches(from: (file: string) => boolean, allowed: (one: Import) => boolean): string[] {
  return imports
    .filter((one) => from(one.file) && !allowed(one))
    .map(({ file, target }) => `${file} imports ${target}`)
}

/** The files that import the package, other than those in `places`. */
function importersOutside(name: string, places: readonly string[]): string[] {
  const inside = within(...places)
  return imports.filter(({ file, target }) => target === name && !inside(file)).map(({ file }) => file)
}

test('every form of import is seen', () => {
  const source = [
    "import { a,\n  b } from './one'",
    "import type { C } from '../two'",
    "import './three.css'",
    "export * from './four'",
    "const five = await import('./five')",
    "import six from 'six/deep'",
    "const text = 'not from here'",
  ].join('\n')
  expect(specifiers(source)).toEqual(['./one', '../two', './three.css', './four', './five', 'six/deep'])
})

describe('layers', () => {
  test('there is something to check', () => {
    for (const folder of folders) expect(files.filter(within(folder)).length).toBeGreaterThan(0)
    expect(imports.length).toBeGreaterThan(files.length)
  })

  test('src-shared imports zod and itself', () => {
    expect(
      breaches(within('src-shared'), ({ kind, target }) =>
        kind === 'own' ? within('src-shared')(target) : target === 'zod',
      ),
    ).toEqual([])
  })

  test('the preload imports the contract and Electron', () => {
    expect(
      breaches(within('src-preload'), ({ kind, target }) =>
        kind === 'own' ? within('src-shared', 'src-preload')(target) : target === 'electron',
      ),
    ).toEqual([])
  })

  test('the window imports the contract, itself and packages; nothing of Node', () => {
    expect(
      breaches(within('src-renderer'), ({ kind, target }) =>
        kind === 'own'
          ? within('src-shared', 'src-renderer')(target)
          : kind === 'package' && target !== 'electron',
      ),
    ).toEqual([])
  })

  test.each(['src-main/vision', 'src-main/storage'])(
    '%s imports the contract, itself and packages',
    (layer) => {
      expect(
        breaches(within(layer), ({ kind, target }) => kind !== 'own' || within('src-shared', layer)(target)),
      ).toEqual([])
    },
  )

  test('import/ knows nothing of the target: the contract, itself, packages, how a server is connected to, how photos are found', () => {
    const connecting = ['connect', 'conninfo', 'failures'].map((file) => `src-main/storage/postgres/${file}`)
    const allowed = within('src-shared', 'src-main/import', 'src-main/services/photo-files', ...connecting)
    expect(
      breaches(within('src-main/import'), ({ kind, target }) => kind !== 'own' || allowed(target)),
    ).toEqual([])
  })

  test('services start no process and open no database: they see the store and the vision client as interfaces', () => {
    const implementations = within(
      'src-main/vision',
      'src-main/storage/sql',
      'src-main/storage/sqlite',
      'src-main/storage/threads',
      'src-main/storage/flat',
      'src-main/storage/health',
      'src-main/storage/postgres',
      'src-main/host/vision-host',
      'src-main/host/vision-process',
      'src-main/host/child-process',
      'src-main/host/utility-process',
    )
    expect(breaches(within('src-main/services'), ({ target }) => !implementations(target))).toEqual([])
  })

  test('only index.ts and cli/ wire the parts together', () => {
    const parts = within(
      'src-main/services',
      'src-main/vision',
      'src-main/storage',
      'src-main/host',
      'src-main/import',
    )
    const wiring = within('src-main/index', 'src-main/cli')
    expect(breaches(parts, ({ target }) => !wiring(target))).toEqual([])
    expect(breaches(within('src-main/ipc'), ({ target }) => !wiring(target))).toEqual([])
  })
})

describe('packages', () => {
  test('Electron is imported where there is Electron', () => {
    const places = [
      'src-main/index.ts',
      'src-main/ipc',
      'src-main/window',
      'src-main/host/utility-process.ts',
    ]
    expect(importersOutside('electron', [...places, 'src-preload'])).toEqual([])
  })

  test.each(['sharp', 'onnxruntime-node'])(
    '%s is imported in vision/ only: native code stays out of main',
    (name) => {
      expect(importersOutside(name, ['src-main/vision'])).toEqual([])
    },
  )

  test('better-sqlite3 is imported where SQLite files are read, in threads', () => {
    const places = ['src-main/storage/sqlite', 'src-main/import/legacy']
    expect(importersOutside('better-sqlite3', places)).toEqual([])
  })

  test('every one that is imported is declared; those of main are there at run time', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >
    // The window is bundled; what main and its processes import is loaded from node_modules when they run.
    const declared = (file: string, name: string) =>
      name in manifest.dependencies || (!within('src-main')(file) && name in manifest.devDependencies)
    const undeclared = imports
      .filter(({ kind, target }) => kind === 'package' && target !== 'electron')
      .filter(({ file, target }) => !declared(file, target))
    expect(undeclared.map(({ file, target }) => `${dirname(file)}: ${target}`)).toEqual([])
  })
})
