/** `visor faces reject`: a face of a photo is not this person, whatever a search says. */
import { resolve } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import type { ClientId, PersonId } from '../../src-shared/ids'
import { photoTimeoutMs } from '../services/photo-timeout'
import type { GalleryStore } from '../storage/gallery-store'
import type { Engine } from './engine'
import type { Output } from './output'
import { act } from './persons'

interface RejectOptions {
  readonly clientId: ClientId
  readonly personId: PersonId
  /** From 1, as `faces` lists them; may be left out where the photo has one face. */
  readonly face: number | undefined
}

/** Raises `no-face`, `several-faces`, `not-found`, and what reading the photo raises. */
export async function rejectFace(
  { photos, signal, actor }: Engine,
  gallery: GalleryStore,
  photo: string,
  { clientId, personId, face: wanted }: RejectOptions,
  output: Output,
): Promise<void> {
  const path = resolve(photo)
  const params = { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: true }
  const { faces, modelId, sha256, format, width, height, perceptualHash } = await photos.run(
    { params },
    { signal, timeoutMs: photoTimeoutMs },
  )
  if (faces.length === 0) throw new VisorError('no-face', 'No face was found.', { detail: path })
  if (wanted === undefined && faces.length > 1) {
    throw new VisorError('several-faces', `The photo has ${faces.length} faces.`, {
      detail: path,
      remedy: 'Say which with --face, counted from 1 as `visor faces` lists them.',
    })
  }
  const face = faces[(wanted ?? 1) - 1]
  if (face === undefined) {
    throw new VisorError('not-found', `The photo has ${faces.length} faces, and none is number ${wanted}.`)
  }
  const { name } = await gallery.person(personId)
  const record = { sha256, path, format, width, height, perceptualHash }
  await act(output, actor, `Ruled out ${name}`, (context) =>
    gallery.rejectFace(clientId, modelId, { photo: record, face, personId }, context),
  )
}
