/** Rows that have a photo and no embedding that can be used: their faces are made from the photos. Main, command line. */
import { access } from 'node:fs/promises'
import { VisorError } from '../../../src-shared/errors'
import type { EmbeddedFace } from '../../../src-shared/face'
import type { ModelId, Sha256 } from '../../../src-shared/ids'
import type { RejectReason } from '../../../src-shared/import'
import type { PhotoRunner } from '../../host/photo-runner'
import type { Portion, SourceRow } from '../../import/source'
import type { PhotoRecord } from '../../storage/gallery-records'
import { choosePhotos } from '../enrolment/whose-face'
import { fingerprint } from '../photo-files'
import { photoTimeoutMs } from '../photo-timeout'
import { isUnusable } from './source-vector'

/** Looks at photos under one model. */
export interface PhotoLooker {
  readonly photos: Pick<PhotoRunner, 'run' | 'concurrency'>
  readonly modelId: ModelId
  readonly flip: boolean
  close(): Promise<void>
}

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
    const there: SourceRow[] = []
    for (const row of rows.filter((row) => this.#needsPhoto(row))) {
      const isThere = await access(row.photoPath ?? '').then(
        () => true,
        () => false,
      )
      if (isThere) there.push(row)
      else looked.set(row.position, row.embedding === null && !arePhotos ? noEmbedding : photoMissing)
    }
    if (there.length === 0) return looked
    this.#looker ??= open()
    const looker = await this.#looker
    const waiting = there.values()
    const work = async () => {
      for (const row of waiting) {
        signal?.throwIfAborted()
        looked.set(row.position, await this.#lookAt(looker, row, row.position < position, signal))
      }
    }
    await Promise.all(Array.from({ length: looker.photos.concurrency }, work))
    return looked
  }

  async close(): Promise<void> {
    const looker = await this.#looker?.catch(() => undefined)
    await looker?.close()
  }

  #needsPhoto(row: SourceRow): boolean {
    if (row.photoPath === null) return false
    if (row.embedding === null && row.problem === null) return true
    return this.#options.embedPhotos && isUnusable(row)
  }

  async #lookAt(
    { photos, modelId, flip }: PhotoLooker,
    { photoPath }: SourceRow,
    isBehind: boolean,
    signal: AbortSignal | undefined,
  ): Promise<LookedAt> {
    const path = photoPath ?? ''
    try {
      if (isBehind) return { sha256: await fingerprint(path, signal), modelId }
      const analysis = await photos.run(
        { params: { source: { path }, thorough: false, flip, thumbnailPx: 0, crops: true } },
        { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
      )
      if (analysis.modelId !== modelId) throw modelChanged()
      if (analysis.faces.length === 0) return { reason: 'no-face', detail: 'No face was found in the photo.' }
      const [chosen] = choosePhotos([{ path, analysis }], 0, () => false)
      const [face] = chosen?.faces ?? []
      if (face === undefined || chosen?.choice !== 'largest') {
        const detail = `The photo has ${analysis.faces.length} faces, and none that dominates it.`
        return { reason: 'several-faces', detail }
      }
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

function modelChanged(): VisorError {
  return new VisorError('vision-unavailable', 'The model pack was changed meanwhile.', {
    consequence: 'The import stopped between two portions.',
    remedy: 'Resume it.',
  })
}
