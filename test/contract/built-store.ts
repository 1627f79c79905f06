/** Builds the store's threads as the program does, for tests that run the real thing. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')

export interface BuiltStore {
  /** Holds `store.js`, `scan.js`, `scrub.js` and what else was asked for: a `builtFolder` for `openLocalStore`. */
  readonly folder: string
  remove(): void
}

/** Builds the threads, and further entries (name → path from the root) beside them. */
export async function buildStore(entries: Readonly<Record<string, string>> = {}): Promise<BuiltStore> {
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
  await build({
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
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
