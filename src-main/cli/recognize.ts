/** `visor recognize`: who is in photos. */
import { mkdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { DomainThresholds } from '../../src-shared/calibration'
import { VisorError } from '../../src-shared/errors'
import type { ClientId, Domain } from '../../src-shared/ids'
import type { Recognition } from '../../src-shared/recognition'
import { findPhotos, holds, writeError } from '../services/photo-files'
import { photoTimeoutMs } from '../services/photo-timeout'
import { recognise } from '../services/recognition'
import { recognitionJson } from '../services/recognition-json'
import type { GalleryStore } from '../storage/gallery-store'
import type { Engine } from './engine'
import { type AnalysisOptions, analysePhotos } from './faces'
import type { Output } from './output'

interface RecognizeOptions extends AnalysisOptions {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly threshold: number | null
  readonly topK: number
  readonly annotate: string | undefined
  readonly domainThresholds: readonly DomainThresholds[]
}

export async function recognize(
  engine: Engine,
  gallery: GalleryStore,
  paths: readonly string[],
  options: RecognizeOptions,
  output: Output,
): Promise<void> {
  await requireDomain(gallery, options)
  if (options.annotate !== undefined) await prepareFolder(options.annotate, paths)
  const takenNames = new Set<string>()
  for await (const photo of analysePhotos(engine, readable(paths, engine.signal, output), options)) {
    if ('error' in photo) {
      output.failure(photo.path, photo.error)
      continue
    }
    const [recognition] = await recognise(gallery, engine.pack, [photo.analysis], {
      clientId: options.clientId,
      domains: [options.domain],
      topK: options.topK,
      matchDistance: options.threshold,
      possibleDistance: null,
      domainThresholds: options.domainThresholds,
    })
    if (recognition === undefined) continue
    output.answer(recognitionJson(recognition, photo.path), recognitionText(photo.path, recognition))
    if (options.annotate === undefined) continue
    const target = join(options.annotate, freeName(photo.path, takenNames))
    await annotate(engine, photo.path, recognition, target).catch((error: unknown) =>
      output.failure(target, error),
    )
  }
}

async function* readable(
  paths: readonly string[],
  signal: AbortSignal,
  output: Output,
): AsyncGenerator<string> {
  for await (const { path, error } of findPhotos(paths, signal)) {
    if (error === undefined) yield path
    else output.failure(path, error)
  }
}

/** Raises `not-found` with the domains there are. */
async function requireDomain(gallery: GalleryStore, { clientId, domain }: RecognizeOptions): Promise<void> {
  const client = (await gallery.clients()).find((candidate) => candidate.clientId === clientId)
  const domains = client?.domains.map((summary) => summary.domain) ?? []
  if (domains.includes(domain)) return
  throw new VisorError('not-found', `There is no domain "${domain}" in client "${clientId}".`, {
    remedy:
      domains.length === 0
        ? `Enrol people first: visor enrol FOLDER --domain "${domain}".`
        : `There are: ${domains.join(', ')}.`,
  })
}

/**
 * Makes the folder for annotated photos. Raises `invalid-argument` where it is among the photos: a drawing would take the
 * place of the photo it was made of, or be recognised as one at the next run.
 */
async function prepareFolder(folder: string, paths: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw writeError(folder, cause)
  })
  const real = await realpath(folder)
  for (const path of paths) {
    // What is not there is told when its turn comes.
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    const source = await realpath(found.isDirectory() ? path : dirname(path))
    if (found.isDirectory() ? !holds(source, real) : source !== real) continue
    throw new VisorError('invalid-argument', 'The folder for annotated photos holds the photos themselves.', {
      consequence: 'Nothing was recognised, and no photo was overwritten.',
      remedy: 'Name another folder with --annotate, outside of the photos.',
    })
  }
}

async function annotate(engine: Engine, path: string, { faces }: Recognition, target: string): Promise<void> {
  const marks = faces.map(({ box, decision, person, candidates }) => {
    const distance = candidates.find(({ personId }) => personId === person?.personId)?.distance
    const label =
      person === undefined
        ? 'unknown'
        : `${person.name}${distance === undefined ? '' : ` ${distance.toFixed(2)}`}`
    return { box, label, decision }
  })
  const { jpeg } = await engine.vision.request(
    'annotate',
    { source: { path }, marks },
    { signal: engine.signal, timeoutMs: photoTimeoutMs },
  )
  await writeFileAtomic(target, Buffer.from(jpeg)).catch((cause: unknown) => {
    throw writeError(target, cause)
  })
}

/** The photo's name with `.jpg`, numbered where another photo of that name went before. */
function freeName(path: string, taken: Set<string>): string {
  const stem = basename(path, extname(path))
  let name = `${stem}.jpg`
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${stem}-${number}.jpg`
  taken.add(name.toLowerCase())
  return name
}

function recognitionText(path: string, { faces, thresholds }: Recognition): string {
  const lines = faces.map((face) => {
    const nearest = face.candidates.find(({ rejected }) => !rejected)
    const candidate = face.candidates.find(({ personId }) => personId === face.person?.personId)
    const at = `at ${Math.round(face.box.x)}, ${Math.round(face.box.y)}`
    if (face.person !== undefined) {
      const mark = face.decision === 'match' ? '✓' : '?'
      const distance = candidate === undefined ? '' : `   distance ${candidate.distance.toFixed(2)}`
      const said = face.confirmed ? 'confirmed' : face.decision
      return `  ${mark} ${face.person.name}   ${said}${distance}   ${at}`
    }
    const hint =
      nearest === undefined ? '' : `   nearest: ${nearest.name} ${nearest.distance.toFixed(2)}, too far`
    return `  – unknown   ${at}${hint}`
  })
  const count = faces.length === 1 ? '1 face' : `${faces.length} faces`
  return [`${path}  ${count}  (match ≤ ${thresholds.match.toFixed(2)})`, ...lines].join('\n')
}
