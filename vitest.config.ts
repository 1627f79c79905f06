/** Unit, contract and integration tests; they run in Electron's Node, the runtime that ships. */
import { defineConfig } from 'vitest/config'
import { hasServer } from './test/postgres/databases'

/** Of the server store, whose way of writing in bulk the stand-in for PostgreSQL does not speak; the rest asks `hasServer` itself. */
const ofServerStore = [
  'test/contract/{acts,postgres,postgres-curation,postgres-erasure}.test.ts',
  'test/integration/services/two-windows.test.ts',
  'test/integration/storage/{two-consoles,cache,cache-keeper,change-feed}.test.ts',
  'test/integration/storage/team/**',
  'test/integration/cli/{cache,mode}.test.ts',
]

export default defineConfig({
  test: {
    exclude: hasServer() ? [] : ofServerStore,
    include: ['test/{unit,contract,integration}/**/*.test.ts'],
    // better-sqlite3 and onnxruntime-node are native: a process for each file, so that one cannot take another down.
    globalSetup: ['test/postgres/shared-server.ts', 'test/contract/built-store.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
