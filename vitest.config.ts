/** Unit, contract and integration tests; they run in Electron's Node, the runtime that ships. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,contract,integration}/**/*.test.ts'],
    // better-sqlite3 and onnxruntime-node are native: a process for each file, so that one cannot take another down.
    globalSetup: ['test/postgres/shared-server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
