/** The sample gallery of the first run: people of the sample photos under invented names. Main and the command line. */
import { join } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import { type ClientId, type Domain, domainSchema, type ModelId } from '../../src-shared/ids'
import type { Artefact, Manifest } from '../../src-shared/model-pack'
import type { PhotoRunner } from '../host/photo-runner'
import type { FaceAssignment, GalleryStore } from '../storage/gallery-store'
import { photoTimeoutMs } from './photo-timeout'

/** Where the sample people are, labelled as sample. */
export const sampleDomain: Domain = domainSchema.parse('sample')

/**
 * Who is enrolled, by photo and from left to right. Names are invented. Only three of the six photos: the others are
 * there to be recognised, and one of them has somebody in it who is enrolled here.
 */
const samplePeople: Readonly<Record<string, readonly string[]>> = {
  'sample1.jpg': ['Ada Sample', 'Bela Sample', 'Cleo Sample'],
  'sample2.jpg': ['Dario Sample', 'Edith Sample', 'Falk Sample'],
  'sample4.jpg': ['Greta Sample', 'Hugo Sample', 'Ines Sample', 'Jonas Sample'],
}

export interface SampleOptions {
  readonly clientId: ClientId
  readonly modelId: ModelId
  readonly actor: string
  /** The folder that holds the sample photos once they are fetched. */
  readonly folder: string
  readonly fetch: (artefact: Artefact, folder: string, signal?: AbortSignal) => Promise<void>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { done: number; total: number; detail: string }) => void
}

/**
 * Fetches the sample photos and enrols the people of three of them, in one transaction. Idempotent.
 *
 * @returns the paths of all sample photos, and how many people are new
 */
export async function installSamples(
  manifest: Manifest,
  gallery: GalleryStore,
  analyser: Pick<PhotoRunner, 'run'>,
  options: SampleOptions,
): Promise<{ photos: string[]; persons: number }> {
  const { clientId, modelId, actor, folder, signal } = options
  const assignments: FaceAssignment[] = []
  for (const [index, sample] of manifest.samples.entries()) {
    options.onProgress?.({ done: index, total: manifest.samples.length, detail: sample.name })
    await options.fetch(sample, folder, signal)
    const names = samplePeople[sample.name]
    if (names === undefined) continue
    const path = join(folder, sample.name)
    const analysis = await analyser.run(
      { params: { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: true } },
      { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
    )
    const faces = analysis.faces.toSorted((a, b) => a.box.x - b.box.x)
    if (faces.length !== names.length) {
      throw new VisorError(
        'internal',
        `${sample.name} should have ${names.length} faces and has ${faces.length}.`,
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
    photos: manifest.samples.map(({ name }) => join(folder, name)),
    persons: value.filter(({ personCreated }) => personCreated).length,
  }
}
