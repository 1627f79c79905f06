/** The local store keeps the promises of a `GalleryStore`, with vectors as float32 and as int8 codes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { type BuiltStore, buildStore } from './built-store'
import { describeBulk } from './bulk-suite'
import { describeCuration } from './curation-suite'
import { describeDecisions } from './decisions-suite'
import { describeDistances } from './distances-suite'
import { describeEnrolment } from './enrolment-suite'
import { describeErasure } from './erasure-suite'
import { describeGalleryStore } from './gallery-store-suite'
import { describeHealth } from './health-suite'
import { describeHistory } from './history-suite'
import { describeLongWrites } from './long-writes-suite'
import { describePhotos } from './photo-suite'
import { describeTransfer } from './transfer-suite'
import { describeUnknown } from './unknown-suite'

let built: BuiltStore
beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())

async function openEmpty(int8FromRows: number, more: { readonly sliceMs?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'visor-contract-'))
  const store = await openLocalStore({ folder, builtFolder: built.folder, threads: 2, int8FromRows, ...more })
  const close = async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  }
  return { ...store, close }
}

describeGalleryStore('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeGalleryStore('SQLite, int8', () => openEmpty(0))
describeDistances('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeDistances('SQLite, int8', () => openEmpty(0))
describeCuration('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeCuration('SQLite, int8', () => openEmpty(0))
describeDecisions('SQLite', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeHistory('SQLite', () => openEmpty(Number.MAX_SAFE_INTEGER))
describePhotos('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER))
describePhotos('SQLite, int8', () => openEmpty(0))
// No write is short enough to be done in one turn.
const pausing = () => openEmpty(Number.MAX_SAFE_INTEGER, { sliceMs: 0 })
describeCuration('SQLite, every write paused', pausing)
describeHistory('SQLite, every write paused', pausing)
describeLongWrites('SQLite', pausing)
describeBulk('SQLite', pausing)
describeTransfer('SQLite', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeUnknown('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeUnknown('SQLite, int8', () => openEmpty(0))
describeEnrolment('SQLite', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeErasure('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER), { rewrites: true })
describeErasure('SQLite, int8', () => openEmpty(0), { rewrites: true })
describeHealth('SQLite, float32', () => openEmpty(Number.MAX_SAFE_INTEGER))
describeHealth('SQLite, int8', () => openEmpty(0))
