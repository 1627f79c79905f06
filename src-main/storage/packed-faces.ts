/**
 * Faces of an import as they go to the store's thread. Main, command line, store's threads.
 *
 * [Note: Packed faces] A thread is sent copies, property by property and vector by vector: for thousands of faces that takes as long
 * as writing them does. So their texts and numbers go as one text, and their vectors as one list, whose memory goes over and is gone
 * where it came from.
 */
import { embeddingLength, type UnitEmbedding } from '../../src-shared/face'
import type { ImportedFace } from './import-store'

/** Some faces, in the order of the source. */
export interface PackedFaces {
  readonly count: number
  /** A JSON list of all but vectors, crops, and what is the same in all that were not measured. */
  readonly rows: string
  /** `count` embeddings, one after the other, in memory of their own. */
  readonly vectors: Float32Array<ArrayBuffer>
  /** By place in the list. */
  readonly crops: ReadonlyMap<number, Uint8Array>
}

const nowhere = { x: 0, y: 0 }
/** What takes the place of figures of a face whose photo was not seen. */
export const unmeasured = {
  landmarks: [nowhere, nowhere, nowhere, nowhere, nowhere] as ImportedFace['face']['landmarks'],
  quality: {
    value: 0,
    size: 0,
    sharpness: 0,
    pose: 0,
    exposure: 0,
    sizePx: 0,
    yawDegrees: 0,
    rollDegrees: 0,
  },
  measured: false as const,
}

/** The same without what {@link unmeasured} says, where that says it. */
type PackedFace = Omit<ImportedFace, 'face'> & {
  readonly face: Omit<ImportedFace['face'], 'embedding' | 'crop' | 'landmarks' | 'quality'> &
    Partial<Pick<ImportedFace['face'], 'landmarks' | 'quality'>>
}

export function packFaces(faces: readonly ImportedFace[]): PackedFaces {
  const crops = new Map<number, Uint8Array>()
  const rows = faces.map(({ face, ...row }, index): PackedFace => {
    const { embedding, crop, landmarks, quality, ...plain } = face
    if (crop !== undefined) crops.set(index, crop)
    return { ...row, face: face.measured === false ? plain : { ...plain, landmarks, quality } }
  })
  return { count: faces.length, rows: JSON.stringify(rows), vectors: vectorsOf(faces), crops }
}

/** One after the other. */
function vectorsOf(faces: readonly ImportedFace[]): Float32Array<ArrayBuffer> {
  const vectors = new Float32Array(faces.length * embeddingLength)
  for (const [index, { face }] of faces.entries()) vectors.set(face.embedding, index * embeddingLength)
  return vectors
}

/** What {@link packFaces} was given; the embeddings share their memory with what was packed. */
export function unpackFaces({ rows, vectors, crops }: PackedFaces): ImportedFace[] {
  return (JSON.parse(rows) as PackedFace[]).map(({ face, ...row }, index) => {
    const embedding = vectors.subarray(
      index * embeddingLength,
      (index + 1) * embeddingLength,
    ) as UnitEmbedding
    const crop = crops.get(index)
    const { landmarks, quality } = face.measured === false ? unmeasured : (face as ImportedFace['face'])
    return {
      ...row,
      face: { ...face, landmarks, quality, embedding, ...(crop === undefined ? {} : { crop }) },
    }
  })
}
