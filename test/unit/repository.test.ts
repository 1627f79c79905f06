/** What is in the repository: exact versions, no addresses, nothing of the machine it was written on. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const at = (path: string) => join(root, path)

interface Manifest {
  readonly scripts: Record<string, string>
  readonly dependencies: Record<string, string>
  readonly devDependencies: Record<string, string>
}
const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8')) as Manifest

/** What git has or would take. */
function ownFiles(): string[] {
  // A working copy may belong to another user than the one that runs the tests.
  const trust = ['-c', 'safe.directory=*']
  const list = [...trust, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0')
  return files.filter((file) => file !== '' && existsSync(at(file)))
}

/** The lines of own text files that `pattern` finds, as `file:line`. */
function occurrences(pattern: RegExp): string[] {
  return ownFiles().flatMap((file) => {
    const text = readFileSync(at(file), 'utf8')
    if (text.includes('\0')) return []
    return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : []))
  })
}

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

describe('dependencies', () => {
  test('are named with exact versions', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(all.length).toBeGreaterThan(10)
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test('are locked without a download address, each with its hash', () => {
    const lock = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string; resolved?: string }>
    }
    const entries = Object.entries(lock.packages).filter(([path]) => path !== '')
    expect(entries.filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
    expect(entries.filter(([, entry]) => !entry.integrity?.startsWith('sha512-'))).toEqual([])
  })

  test('are explained, each one, in docs/dependencies.md', () => {
    const text = readFileSync(at('docs/dependencies.md'), 'utf8')
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })

  test('run no install script', () => {
    expect(readFileSync(at('.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
  })
})

describe('scripts', () => {
  test('of package.json exist', () => {
    const files = Object.values(manifest.scripts).flatMap((line) => line.match(/scripts\/\S+/g) ?? [])
    expect(files.length).toBeGreaterThan(4)
    expect(files.filter((file) => !existsSync(at(file)))).toEqual([])
  })
})

describe('migrations', () => {
  const stores = ['sqlite', 'postgres'].map((store) =>
    existsSync(at(`migrations/${store}`)) ? readdirSync(at(`migrations/${store}`)).sort() : [],
  )

  test('are named NNNN-name.sql and numbered in tens, each number once', () => {
    for (const files of stores) {
      expect(files.filter((file) => !/^\d{3}0-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.test(file))).toEqual([])
      expect(new Set(files.map((file) => file.slice(0, 4))).size).toBe(files.length)
    }
  })

  test('have the same name in both stores where they have the same number', () => {
    const [sqlite = [], postgres = []] = stores
    const numbers = new Set(postgres.map((file) => file.slice(0, 4)))
    const shared = sqlite.filter((file) => numbers.has(file.slice(0, 4)))
    expect(postgres.filter((file) => shared.some((other) => other.slice(0, 4) === file.slice(0, 4)))).toEqual(
      shared,
    )
  })
})

describe('own files', () => {
  test('name no path of the machine they were written on', () => {
    const here = [root, homedir()].filter((path) => path.length > 1).map(literal)
    const machine = new RegExp(`(?<![\\w.~])(?:${here.join('|')}|/(?:work|root))/`)
    expect(occurrences(machine)).toEqual([])
  })

  test('name no package registry', () => {
    expect(occurrences(/\bregistry\.[a-z][\w-]*\.|npmjs\.(?:org|com)|artifactor[y]/i)).toEqual([])
  })
})
