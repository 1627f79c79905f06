/** `visor enrol`, `visor sample` and `visor stats`: filling a gallery and counting what is in it. */
import { resolve } from 'node:path'
import type { ErrorCode } from '../../src-shared/errors'
import { type ClientId, type Domain, defaultClientId } from '../../src-shared/ids'
import { enrolFolder } from '../services/enrolment'
import type { ModelPacks } from '../services/model-packs'
import { installSamples, sampleDomain } from '../services/samples'
import type { GalleryStore } from '../storage/gallery-store'
import type { Engine } from './engine'
import type { Output } from './output'

export interface EnrolOptions {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly flip: boolean
}

/** Why a photo is not enrolled though nothing is wrong with it: no failure. */
const leftOut: ReadonlySet<string> = new Set<ErrorCode>([
  'no-face',
  'several-faces',
  'invalid-argument',
  'conflict',
])

export async function enrol(
  engine: Engine,
  gallery: GalleryStore,
  folder: string,
  options: EnrolOptions,
  output: Output,
): Promise<void> {
  const report = await enrolFolder(resolve(folder), gallery, engine.photos, {
    ...options,
    modelId: engine.modelId,
    verifyDistance: engine.pack.thresholds.verify,
    actor: engine.actor,
    signal: engine.signal,
    onProgress: ({ done, total, detail }) => output.progress(`${done} of ${total}  ${detail}`),
  })
  output.endProgress()
  const { persons, photos, faces, alreadyThere, skipped } = report
  const text = [
    `Enrolled ${photos} photos; ${persons} new people. ${alreadyThere} photos were there already.`,
    ...skipped.map(({ path, reason }) => `  skipped ${path}: ${reason}`),
  ]
  output.answer({ persons, photos, faces, skipped, already_there: alreadyThere }, text.join('\n'))
  output.countFailures(skipped.filter(({ code }) => !leftOut.has(code)).length)
}

/** Installs the sample gallery, and prints where the sample photos are. */
export async function sample(
  engine: Engine,
  packs: ModelPacks,
  gallery: GalleryStore,
  output: Output,
): Promise<void> {
  const { photos, persons } = await installSamples(packs, gallery, engine.photos, {
    clientId: defaultClientId,
    modelId: engine.modelId,
    actor: engine.actor,
    signal: engine.signal,
    onProgress: ({ detail }) => output.progress(detail),
  })
  output.endProgress()
  output.answer(
    { domain: sampleDomain, persons, photos },
    [
      `The sample gallery has ${persons} new people, in the domain "${sampleDomain}". The sample photos:`,
      ...photos,
    ].join('\n'),
  )
}

export async function stats(gallery: GalleryStore, output: Output): Promise<void> {
  const clients = await gallery.clients()
  if (clients.every(({ domains }) => domains.length === 0)) output.note('Nobody is enrolled yet.')
  for (const { clientId, domains } of clients) {
    for (const { domain, persons, photos, faces, embeddingsByModel } of domains) {
      output.answer(
        { client: clientId, domain, persons, photos, faces, embeddings: embeddingsByModel },
        `${clientId} · ${domain}: ${persons} people, ${photos} photos, ${faces} faces`,
      )
    }
  }
}
