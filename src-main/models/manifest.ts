/** Reads `models/manifest.json`. Main process and command line. */
import { readFile } from 'node:fs/promises'
import { VisorError } from '../../src-shared/errors'
import { type Manifest, type ModelPack, manifestSchema } from '../../src-shared/model-pack'

/** Raises `internal` where the file is missing or does not fit: it is part of the program. */
export async function loadManifest(path: string): Promise<Manifest> {
  try {
    return checked(manifestSchema.parse(JSON.parse(await readFile(path, 'utf8'))))
  } catch (error) {
    throw new VisorError('internal', 'The list of model packs cannot be read.', {
      cause: error,
      consequence: 'No model pack can be loaded or fetched.',
      remedy: 'Visor was not installed completely: install it again.',
    })
  }
}

/** The pack with this id; the default one for `null`. Raises `not-found`. */
export function packById(manifest: Manifest, id: string | null): ModelPack {
  const wanted = id ?? manifest.defaultPack
  const pack = manifest.packs.find((candidate) => candidate.id === wanted)
  if (pack !== undefined) return pack
  throw new VisorError('not-found', `There is no model pack “${wanted}”.`, {
    remedy: `Choose one of: ${manifest.packs.map((candidate) => candidate.id).join(', ')}.`,
  })
}

function checked(manifest: Manifest): Manifest {
  const ids = manifest.packs.map((pack) => pack.id)
  if (new Set(ids).size !== ids.length) throw new Error('Two packs have the same id.')
  if (!ids.includes(manifest.defaultPack)) throw new Error('The default pack is not among the packs.')
  return manifest
}
