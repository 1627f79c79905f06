/** Builds the store's threads as the program does, for tests that run the real thing. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build as viteBuild } from 'vite'
import { z } from 'zod'
import { askMainProcess, serveWorkers } from '../run-wide'

const entriesSchema = z.record(z.string(), z.string())
type Entries = Readonly<z.infer<typeof entriesSchema>>
const builtSchema = z.object({ folder: z.string() })

const root = resolve(import.meta.dirname, '../..')

export interface BuiltStore {
  /** Holds `store.js`, `scan.js`, `scrub.js` and what else was asked for: a `builtFolder` for `openLocalStore`. */
  readonly folder: string
  remove(): void
}

/** Workers find Vitest's main process under this address. */
const variable = 'VISOR_TEST_BUILDS_AT'

/** Vitest's global set-up: builds for whoever asks first, once a run. Resolves to what removes that. */
export default async function setUp(): Promise<() => Promise<void>> {
  const builds = new Map<string, Promise<BuiltStore>>()
  const close = await serveWorkers(variable, async (asked) => {
    const entries = entriesSchema.parse(asked)
    const key = JSON.stringify(entries)
    const built = builds.get(key) ?? build(entries)
    builds.set(key, built)
    return { folder: (await built).folder }
  })
  return async () => {
    close()
    for (const built of builds.values()) (await built).remove()
  }
}

/** Builds the threads, and further entries (name → path from the root) beside them. */
export async function buildStore(entries: Entries = {}): Promise<BuiltStore> {
  const answered = await askMainProcess(variable, entries)
  if (answered === undefined) return build(entries)
  // Other test files have it, too: it goes with the run.
  return { ...builtSchema.parse(answered), remove: () => undefined }
}

async function build(entries: Entries): Promise<BuiltStore> {
  // Inside the tree, so that what is built finds node_modules.
  const folder = mkdtempSync(join(root, 'node_modules', '.store-test-'))
  const input = {
    store: 'src-main/storage/threads/worker.ts',
    scan: 'src-main/storage/flat/scan-worker.ts',
    scrub: 'src-main/storage/sqlite/scrub-worker.ts',
    server: 'src-main/storage/postgres/server-thread.ts',
    schema: 'src-main/storage/schema/schema-worker.ts',
    ...entries,
  }
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    await viteBuild({
      configFile: false,
      root,
      logLevel: 'error',
      // As in electron.vite.config.ts.
      ssr: { noExternal: ['zod'] },
      build: {
        ssr: true,
        target: 'node24',
        outDir: folder,
        emptyOutDir: true,
        rolldownOptions: {
          input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(root, path)])),
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    })
  } catch (error) {
    remove()
    throw error
  }
  return { folder, remove }
}
