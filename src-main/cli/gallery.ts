/** `visor enrol`, `visor sample`, `visor mirror` and `visor stats`: filling a gallery and counting what is in it. */
import { resolve } from 'node:path'
import type { ErrorCode } from '../../src-shared/errors'
import { type ClientId, type Domain, defaultClientId } from '../../src-shared/ids'
import type { Settings } from '../../src-shared/settings'
import { newBatch } from '../services/batch'
import { type EnrolNeeds, enrolFolder } from '../services/enrolment/enrol-people'
import { EnrolmentGate } from '../services/gate/enrolment-gate'
import type { ModelPacks } from '../services/model-packs'
import { fingerprint } from '../services/photo-files'
import { installSamples, sampleDomain } from '../services/samples'
import type { GalleryStore } from '../storage/gallery-store'
import type { Engine } from './engine'
import type { Output } from './output'

export interface EnrolOptions {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly flip: boolean
}

/** Why a file is not enrolled though nothing is wrong with it: no failure. */
const leftOut: ReadonlySet<string> = new Set<ErrorCode>(['no-face', 'invalid-argument'])

/** Raises `not-found` for a photo that the galleries do not know; `person-twice` where somebody would be in it twice. */
export async function mirror(
  gallery: GalleryStore,
  path: string,
  { clientId, repeats }: { readonly clientId: ClientId; readonly repeats: boolean },
  { actor, signal }: { readonly actor: string; readonly signal: AbortSignal },
  output: Output,
): Promise<void> {
  const sha256 = await fingerprint(resolve(path), signal)
  const summary = `A photo is ${repeats ? 'a' : 'no'} mirror or collage`
  const { ledgerId } = await gallery.setRepeatsPeople(clientId, sha256, repeats, { actor, summary })
  const said = repeats ? 'A person may be in it more than once.' : 'A person is in it once.'
  output.answer({ sha256, mirror: repeats, ...(ledgerId === undefined ? {} : { ledger_id: ledgerId }) }, said)
}

/** Prints the three piles: enrolled, needs a look, refused. */
export async function enrol(
  engine: Engine,
  stores: Pick<EnrolNeeds, 'gallery' | 'reviews'>,
  settings: Pick<Settings, 'thresholds' | 'gatePolicies'>,
  folder: string,
  options: EnrolOptions,
  output: Output,
): Promise<void> {
  const gate = new EnrolmentGate(
    stores.gallery,
    () => engine.pack,
    () => settings,
  )
  const needs = { ...stores, gate, analyser: engine.photos }
  const report = await enrolFolder(resolve(folder), needs, {
    ...options,
    modelId: engine.modelId,
    verifyDistance: engine.pack.thresholds.verify,
    actor: engine.actor,
    signal: engine.signal,
    partOf: newBatch(`Enrolled people in ${options.domain}`),
    onProgress: ({ done, total, detail }) => output.progress(`${done} of ${total}  ${detail}`),
  })
  output.endProgress()
  const { persons, photos, faces, alreadyThere, needsLook, refused, skipped } = report
  const text = [
    `Enrolled ${photos} photos; ${persons} new people. ${alreadyThere} photos were there already.`,
    ...needsLook.map(
      ({ path, name, reasons }) => `  needs a look, as ${name}: ${path}: ${reasons.join(' ')}`,
    ),
    ...refused.map(({ path, reason }) => `  refused ${path}: ${reason}`),
    ...skipped.map(({ path, reason }) => `  skipped ${path}: ${reason}`),
  ]
  output.answer(
    { persons, photos, faces, already_there: alreadyThere, needs_look: needsLook, refused, skipped },
    text.join('\n'),
  )
  output.countFailures(refused.length + skipped.filter(({ code }) => !leftOut.has(code)).length)
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
