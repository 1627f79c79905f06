/** The sample gallery of the first run: people of the sample photos under invented names. Main and the command line. */
import { basename } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import { type ClientId, type Domain, domainSchema, type ModelId } from '../../src-shared/ids'
import type { PhotoRunner } from '../host/photo-runner'
import type { FaceAssignment } from '../storage/gallery-records'
import type { GalleryStore } from '../storage/gallery-store'
import type { ModelPacks } from './model-packs'
import { photoTimeoutMs } from './photo-timeout'

/** Where the sample people are, labelled as sample. */
export const sampleDomain: Domain = domainSchema.parse('sample')

/**
 * Who is enrolled, by photo and from left to right. Names are invented. Only three of the six photos: the others are
 * there to be recognised, and one of them has somebody in it who is enrolled here.
 */
const samplePeople: Readonly<Record<string, readonly string[]>> = {
  'sample1.jpg': ['Ada Sample', 'Bela Sample', 'Cleo Sample'],
  'sample2.jpg': ['Dora Sample', 'Edith Sample', 'Flora Sample'],
  'sample4.jpg': ['Greta Sample', 'Hana Sample', 'Ines Sample', 'Jana Sample'],
}

interface SampleOptions {
  readonly clientId: ClientId
  readonly modelId: ModelId
  readonly actor: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { done: number; total: number; detail: string }) => void
}

/**
 * Fetches the sample photos and enrols the people of three of them, in one transaction. Idempotent. Raises `conflict`
 * where somebody has a domain of their own by that name.
 *
 * @returns the paths of all sample photos, and how many people are new
 */
export async function installSamples(
  packs: Pick<ModelPacks, 'fetchSamples'>,
  gallery: GalleryStore,
  analyser: Pick<PhotoRunner, 'run'>,
  options: SampleOptions,
): Promise<{ photos: string[]; persons: number }> {
  const { clientId, modelId, actor, signal } = options
  const assignments: FaceAssignment[] = []
  await refuseForeignDomain(gallery, clientId)
  const paths = await packs.fetchSamples(signal)
  for (const [index, path] of paths.entries()) {
    options.onProgress?.({ done: index, total: paths.length, detail: basename(path) })
    const names = samplePeople[basename(path)]
    if (names === undefined) continue
    const analysis = await analyser.run(
      { params: { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: true } },
      { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
    )
    if (analysis.modelId !== modelId) {
      throw new VisorError('conflict', 'The model pack was changed meanwhile.', {
        consequence: 'The sample gallery was not installed.',
        remedy: 'Try it again.',
      })
    }
    const faces = analysis.faces.toSorted((a, b) => a.box.x - b.box.x)
    if (faces.length !== names.length) {
      throw new VisorError(
        'internal',
        `${basename(path)} should have ${names.length} faces and has ${faces.length}.`,
      )
    }
    for (const [position, face] of faces.entries()) {
      assignments.push({
        person: { name: names[position]! },
        photo: { ...analysis, path },
        face,
        source: 'enrolled',
      })
    }
  }
  await gallery.ensureDomain(clientId, sampleDomain, { sample: true })
  const { value } = await gallery.assignFaces(clientId, sampleDomain, modelId, assignments, {
    actor,
    summary: `Installed the sample gallery: ${assignments.length} people`,
  })
  return {
    photos: paths,
    persons: value.filter(({ personCreated }) => personCreated).length,
  }
}

/** Sample people in a domain without the label could not be told from real ones, nor removed without them. */
async function refuseForeignDomain(gallery: GalleryStore, clientId: ClientId): Promise<void> {
  const client = (await gallery.clients()).find((candidate) => candidate.clientId === clientId)
  if (client?.domains.find(({ domain }) => domain === sampleDomain)?.sample !== false) return
  throw new VisorError(
    'conflict',
    `There is a domain called ${sampleDomain} already, and it is not the sample gallery.`,
    {
      consequence: 'No sample people were added to it.',
      remedy: 'Choose another client, then install the sample gallery there.',
    },
  )
}
