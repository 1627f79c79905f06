/** What is built: main with its processes and threads, the preload, the window. */
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      // A hundred small files that every thread would read anew: in one, a thread starts in two thirds of the time.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: {
        input: {
          index: at('src-main/index.ts'),
          cli: at('src-main/cli/index.ts'),
          vision: at('src-main/vision/entry.ts'),
          lane: at('src-main/vision/inference/lane.ts'),
          store: at('src-main/storage/threads/worker.ts'),
          scan: at('src-main/storage/flat/scan-worker.ts'),
          scrub: at('src-main/storage/sqlite/scrub-worker.ts'),
          server: at('src-main/storage/postgres/server-thread.ts'),
          schema: at('src-main/storage/schema/schema-worker.ts'),
          try: at('src-main/storage/postgres/try-worker.ts'),
          diagnostics: at('src-main/storage/diagnostics/diagnostics-worker.ts'),
          import: at('src-main/import/thread/import-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file with all it needs inside.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src-preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [react()],
    build: { outDir: at('out/renderer'), rolldownOptions: { input: at('src-renderer/index.html') } },
  },
})
