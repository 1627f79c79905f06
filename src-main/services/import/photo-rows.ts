/** Rows that have a photo and no embedding that can be used: their faces are made from the photos. Main, command line. */
import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { VisorError } from '../../../src-shared/errors'
import type { EmbeddedFace } from '../../../src-shared/face'
import { type ModelId, type Sha256, sha256Schema } from '../../../src-shared/ids'
import type { RejectReason } from '../../../src-shared/import'
import type { PhotoSource } from '../../../src-shared/vision-protocol'
import type { GivenRow, Portion } from '../../import/source'
import type { PhotoRecord } from '../../storage/gallery-records'
import { fingerprint } from '../photo-files'
import { lookInto, type PhotoLooker } from './photo-looker'
import { isUnusable } from './source-vector'
import { standInFaceOf } from './stand-in-faces'

/** Rows that are written together where their photos have to be looked at: seconds of work. */
const rowsAtOnce = 32

interface Unfit {
  readonly reason: RejectReason
  readonly detail: string
}

/** What a photo gave: the face of the person; of one that was dealt with before, which photo it is. */
export type LookedAt =
  | Unfit
  | { readonly photo: PhotoRecord; readonly face: EmbeddedFace; readonly modelId: ModelId }
  | { readonly sha256: Sha256; readonly modelId: ModelId }

interface PhotoRowsOptions {
  /** Asked once a photo is to be looked at. */
  readonly open: () => Promise<PhotoLooker>
  /** Whether a row without a photo is one without anything. */
  readonly arePhotos: boolean
  /** Whether an embedding that cannot be used is made anew from the photo. */
  readonly embedPhotos: boolean
}

export class PhotoRows {
  readonly #options: PhotoRowsOptions
  #looker: Promise<PhotoLooker> | undefined

  constructor(options: PhotoRowsOptions) {
    this.#options = options
  }

  /** Whether photos that the source itself holds are of use. */
  get wantsImages(): boolean {
    return this.#options.embedPhotos
  }

  /** The portion, in parts where photos are to be looked at. */
  *parts(portion: Portion): Generator<Portion> {
    if (!portion.rows.some((row) => this.#needsPhoto(row))) {
      yield portion
      return
    }
    for (let first = 0; first < portion.rows.length; first += rowsAtOnce) {
      yield { from: portion.from + first, rows: portion.rows.slice(first, first + rowsAtOnce) }
    }
  }

  /** By position. Rows before `position` were dealt with: of those only which photo it is. Raises what concerns more than one photo. */
  async lookAt(
    { rows }: Portion,
    position: number,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<number, LookedAt>> {
    const { open, arePhotos } = this.#options
    const looked = new Map<number, LookedAt>()
    const there: { readonly row: GivenRow; readonly source: PhotoSource }[] = []
    for (const row of rows.filter((row) => this.#needsPhoto(row))) {
      const source = await sourceOf(row)
      if (source !== undefined) there.push({ row, source })
      else looked.set(row.position, row.embedding === null && !arePhotos ? noEmbedding : photoMissing)
    }
    if (there.length === 0) return looked
    this.#looker ??= open()
    const looker = await this.#looker
    const waiting = there.values()
    const work = async () => {
      for (const { row, source } of waiting) {
        signal?.throwIfAborted()
        const isBehind = row.position < position
        looked.set(row.position, await this.#lookAt(looker, row, source, isBehind, signal))
      }
    }
    await Promise.all(Array.from({ length: looker.photos.concurrency }, work))
    return looked
  }

  async close(): Promise<void> {
    const looker = await this.#looker?.catch(() => undefined)
    await looker?.close()
  }

  #needsPhoto(row: GivenRow): boolean {
    if (row.photoPath === null && row.image === null) return false
    if (row.embedding === null && row.problem === null) return true
    return this.#options.embedPhotos && isUnusable(row)
  }

  async #lookAt(
    looker: PhotoLooker,
    { photoPath, box }: GivenRow,
    source: PhotoSource,
    isBehind: boolean,
    signal: AbortSignal | undefined,
  ): Promise<LookedAt> {
    const path = photoPath ?? ''
    const { modelId } = looker
    try {
      if (isBehind) return { sha256: await sha256Of(source, signal), modelId }
      const analysis = await lookInto(looker, source, signal)
      const face = standInFaceOf({ box, embedding: null }, path, analysis)
      if ('reason' in face) return face
      const { sha256, format, width, height, perceptualHash } = analysis
      return { photo: { sha256, path, format, width, height, perceptualHash }, face, modelId }
    } catch (error) {
      if (!(error instanceof VisorError) || error.fault !== 'input' || error.code === 'cancelled') throw error
      return { reason: 'photo-missing', detail: error.message }
    }
  }
}

const photoMissing = { reason: 'photo-missing', detail: 'The photo is not there.' } as const
const noEmbedding = {
  reason: 'no-embedding',
  detail: 'The source has no embedding of this face, and its photo is not there.',
} as const

/** The file at the path, else what the source holds of it. */
async function sourceOf({ photoPath, image }: GivenRow): Promise<PhotoSource | undefined> {
  const path = photoPath ?? ''
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) return { path }
  return image === null ? undefined : { bytes: image }
}

async function sha256Of(source: PhotoSource, signal: AbortSignal | undefined): Promise<Sha256> {
  if ('path' in source) return fingerprint(source.path, signal)
  return sha256Schema.parse(createHash('sha256').update(source.bytes).digest('hex'))
}
