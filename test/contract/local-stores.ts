/** Opens empty local stores for the contract's suites, in the threads that ship. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { warmThreads } from './warm-threads'

interface Opening {
  /** 0: all vectors are kept as int8 codes; none are unless given. */
  readonly int8FromRows?: number
  readonly sliceMs?: number
}

/** Builds the store's threads before a file's tests; gives what opens a store in a folder of its own. */
export function localStores() {
  const threads = warmThreads()
  return async ({ int8FromRows = Number.MAX_SAFE_INTEGER, ...more }: Opening = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'visor-contract-'))
    const store = await openLocalStore({ folder, ...threads(), threads: 2, int8FromRows, ...more })
    const close = async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    }
    return { ...store, close }
  }
}
