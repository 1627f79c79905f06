/** Photos of an import that are looked for in tests: rows, and the faces that are in them. Tests. */
import { join } from 'node:path'
import type { SourceRow } from '../../../src-main/import/source'
import type { EmbeddedFace } from '../../../src-shared/face'
import { madeFace, randomNumbers, unitVector } from '../../contract/made-faces'
import { madeRow } from '../../fixtures/made-source'

const people = 40

const pathIn = (photos: string, index: number) => join(photos, `${index}.jpg`)

/** The same in every process. */
export function rowsOf(photos: string): SourceRow[] {
  const random = randomNumbers(3)
  return Array.from({ length: people }, (_, index) =>
    madeRow(
      { name: `Person ${index}`, photoPath: pathIn(photos, index), embedding: unitVector(random) },
      index,
    ),
  )
}

/** One face a photo, by path. */
export function facesOf(photos: string): Map<string, readonly EmbeddedFace[]> {
  const random = randomNumbers(4)
  return new Map(
    Array.from({ length: people }, (_, index) => [pathIn(photos, index), [madeFace(unitVector(random))]]),
  )
}
