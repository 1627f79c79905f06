/** `visor dual`, `gate`, `rehearse`: what both sides answered, whether the server may take over, what a move would take. Runs on the command line. */
import { percent } from '../../src-shared/amounts'
import type {
  Disagreement,
  DomainFigures,
  DualFigures,
  GateCheck,
  GateVerdict,
  MoveReport,
} from '../../src-shared/dual'
import { VisorError } from '../../src-shared/errors'
import { type AnalysedPhoto, replayProbes } from '../services/dual/replay-probes'
import { findPhotos } from '../services/photo-files'
import type { Engine } from './engine'
import { type AnalysisOptions, analysePhotos } from './faces'
import type { Moving } from './moving'
import { inSnakeCase, type Output } from './output'
import type { PersonScope } from './persons'

const dayMs = 24 * 60 * 60 * 1000
/** Disagreements that a report lists. */
const disagreementsShown = 20

/** Searches the faces of a folder's photos on both sides. Raises `conflict` in other modes than dual; why the server cannot be used. */
export async function replayFolder(
  { moves, modes, store }: Moving,
  engine: Engine,
  folder: string,
  { clientId, domain }: PersonScope,
  options: AnalysisOptions,
  output: Output,
): Promise<void> {
  const run = moves.run()
  if (run === undefined) {
    throw new VisorError('conflict', 'Nothing is compared in this mode.', {
      remedy: 'Put the server on trial first: “visor mode set dual”.',
    })
  }
  await modes.tryNow()
  const { server } = modes.current
  if (server?.state !== 'up') {
    throw new VisorError('server-unreachable', server?.error?.message ?? 'The server does not answer.', {
      consequence: 'Nothing was compared.',
    })
  }
  const scope = { clientId, domains: domain === null ? ('all' as const) : [domain], modelId: engine.modelId }
  const replayed = await replayProbes(analysed(engine, folder, options, output), scope, 'folder', {
    local: store.gallery,
    run,
    onPhoto: ({ photos }) => output.progress(`${photos} photos`),
  })
  output.endProgress()
  const { photos, probes, failed } = replayed
  output.answer(
    replayed,
    `${probes} faces of ${photos} photos were searched on both sides; the server did not answer to ${failed}.`,
  )
  output.countFailures(failed)
}

async function* analysed(
  engine: Engine,
  folder: string,
  options: AnalysisOptions,
  output: Output,
): AsyncGenerator<AnalysedPhoto> {
  const readable = async function* () {
    for await (const { path, error } of findPhotos([folder], engine.signal)) {
      if (error === undefined) yield path
      else output.failure(path, error)
    }
  }
  for await (const photo of analysePhotos(engine, readable(), options)) {
    if ('error' in photo) output.failure(photo.path, photo.error)
    else yield photo.analysis
  }
}

/** Prints what was compared in the last days, by domain, and the latest disagreements. */
export async function reportDual(
  { comparisons, moves }: Moving,
  days: number,
  output: Output,
): Promise<void> {
  const since = Date.now() - days * dayMs
  const [state, all, domains, { total, some }] = await Promise.all([
    moves.state(),
    comparisons.figures({ since }),
    comparisons.byDomain({ since }),
    comparisons.disagreements({ since, offset: 0, limit: disagreementsShown }),
  ])
  const lines = [
    `${state.mode}, the last ${days} days: ${figuresText(all)}`,
    ...domains.map((one) => `  ${one.clientId}  ${domainText(one)}: ${figuresText(one)}`),
    ...all.causes.map(({ cause, count }) => `  ${count} × ${cause}`),
    ...some.map(disagreementText),
    ...(total > some.length ? [`  … and ${total - some.length} more`] : []),
    ...(state.waiting + state.conflicts === 0
      ? []
      : [`${state.waiting} edits wait for the server, ${state.conflicts} for a decision.`]),
  ]
  output.answer(inSnakeCase({ ...state, figures: all, domains, disagreements: some }), lines.join('\n'))
}

const domainText = ({ domain }: DomainFigures) => domain ?? 'several domains'
const partText = (part: number | null) => (part === null ? '–' : percent(part))
const ms = (value: number | undefined) => (value === undefined ? '–' : `${value.toFixed(1)} ms`)

function figuresText({ probes, errors, sameFirst, overlap, local, server }: DualFigures): string {
  return [
    `${probes} probes`,
    `${errors} without an answer`,
    `first the same ${partText(sameFirst)}`,
    `overlap of five ${partText(overlap)}`,
    `here ${ms(local?.median)} (p95 ${ms(local?.p95)})`,
    `server ${ms(server?.median)} (p95 ${ms(server?.p95)})`,
  ].join(', ')
}

function disagreementText({ at, cause, sha256, face, local, server }: Disagreement): string {
  const side = (hits: typeof local) =>
    hits.map(({ name, distance }) => `${name} ${distance.toFixed(4)}`).join(', ') || 'nobody'
  const of = sha256 === null ? '' : ` ${sha256.slice(0, 12)} face ${(face ?? 0) + 1}`
  return `  ${at}${of}  ${cause}\n    here:   ${side(local)}\n    server: ${side(server)}`
}

/** Prints the gate; exit code 4 where it is not passed. */
export async function showGate({ moves }: Moving, output: Output): Promise<void> {
  const verdict = await moves.gate()
  output.answer(inSnakeCase(verdict), gateText(verdict))
  if (!verdict.passed) output.noteGateClosed()
}

const criteria: Readonly<Record<GateCheck['criterion'], string>> = {
  sameFirst: 'the nearest person is the same',
  overlap: 'of the five nearest, both have',
  errors: 'searches without an answer',
  serverP95Ms: 'p95 of the server, ms',
  probes: 'probes',
  validated: 'clients not found equal',
}

function gateText({ passed, since, checks }: GateVerdict): string {
  const shown = (value: number | null) => (value === null ? 'nothing' : String(Math.round(value * 1e4) / 1e4))
  return [
    `${passed ? 'Passed' : 'Not passed'}, since ${since}`,
    ...checks.map(
      (check) =>
        `  ${check.passed ? 'ok ' : 'NOT'}  ${criteria[check.criterion]}: ${shown(check.figure)} (wanted ${shown(check.wanted)})`,
    ),
  ].join('\n')
}

/** Prints what a move did, or would do. */
export function tellMove(report: MoveReport, output: Output): void {
  const { to, rehearsed, elapsedMs, parts, waiting, conflicts, notHere, gate } = report
  const lines = [
    `${rehearsed ? 'Would go' : 'Gone'} to ${to}: ${elapsedMs.toFixed(0)} ms`,
    ...parts.map(({ what, ms: took }) => `  ${took.toFixed(0).padStart(5)} ms  ${what}`),
    ...(gate === null || gate.passed ? [] : ['  The gate is not passed.']),
    ...(waiting + conflicts === 0
      ? []
      : [`  ${waiting} edits wait for the server, ${conflicts} for a decision.`]),
    ...notHere.map((one) => `  not here: ${one}`),
  ]
  output.answer(inSnakeCase(report), lines.join('\n'))
}
