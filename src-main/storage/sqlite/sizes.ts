/** How much room the galleries of a data folder take. Store worker thread. */
import { statSync } from 'node:fs'
import { z } from 'zod'
import { embeddingLength } from '../../../src-shared/face'
import type { StoreSizes } from '../../../src-shared/store-sizes'
import type { Connection } from '../sql/connection'

/** Of some: reading all would take as long as reading the file. */
const selectCrops =
  'SELECT coalesce(avg(length(jpeg)), 0) AS bytes FROM (SELECT jpeg FROM crops LIMIT 500) AS some'
const cropsRow = z.object({ bytes: z.number() })

/** `file`: the database. */
export function sizesOf(connection: Pick<Connection, 'row'>, file: string): StoreSizes {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    totalBytes: sizeOf(file) + sizeOf(`${file}-wal`),
    parts: null,
    bytesPerEmbedding: embeddingLength * Float32Array.BYTES_PER_ELEMENT,
    bytesPerCrop: connection.row(cropsRow, selectCrops)?.bytes ?? 0,
  }
}
