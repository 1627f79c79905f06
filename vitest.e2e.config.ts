/** End-to-end tests: real windows, one after the other. They run in Electron's Node, and `process.execPath` is the Electron to launch. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    setupFiles: ['test/e2e/launch-as-electron.ts'],
    globalSetup: ['test/postgres/shared-server.ts'],
    pool: 'forks',
    // One window at a time: they share the display and its focus.
    fileParallelism: false,
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
