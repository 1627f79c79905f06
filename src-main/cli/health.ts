/** `visor health`: what a curator should look at, and how far the galleries were looked through. */
import { type Finding, type FindingKind, findingSentence, type HealthState } from '../../src-shared/health'
import type { ClientId, Domain } from '../../src-shared/ids'
import type { GalleryHealth } from '../services/health/gallery-health'
import type { HealthStore } from '../storage/health-store'
import type { Output } from './output'

/** Findings read in one page. */
const pageSize = 500

interface HealthOptions {
  readonly clientId: ClientId
  readonly domain: Domain | null
  readonly kind: FindingKind | null
  /** Those that somebody said are fine instead. */
  readonly dismissed: boolean
  /** Look through the galleries first. */
  readonly run: boolean
  /** Look at everybody anew. */
  readonly all: boolean
  readonly signal: AbortSignal
}

/** Prints counts and findings. Open ones that were asked for count as failures: the exit code tells. */
export async function showHealth(
  health: HealthStore,
  background: GalleryHealth,
  { clientId, domain, kind, dismissed, run, all, signal }: HealthOptions,
  output: Output,
): Promise<void> {
  let state: HealthState | undefined
  if (all) await health.lookAnew()
  if (run || all) {
    state = await background.lookThrough(signal, ({ looked, persons }) =>
      output.progress(`${looked} of ${persons} people`),
    )
    output.endProgress()
  }
  const counts = (await health.counts(clientId)).filter(
    (count) => (domain === null || count.domain === domain) && (kind === null || count.kind === kind),
  )
  const open = counts.reduce((sum, count) => sum + count.open, 0)
  output.answer(
    {
      open,
      dismissed: counts.reduce((sum, count) => sum + count.dismissed, 0),
      ...(state === undefined ? {} : { persons: state.persons }),
      counts: counts.map(({ domain: place, kind: what, open: opened, dismissed: fine }) => ({
        domain: place,
        kind: what,
        open: opened,
        dismissed: fine,
      })),
    },
    [
      `${open} to look at.${state === undefined ? ' As of the last look; --run looks again.' : ''}`,
      ...counts.map(
        (count) => `  ${count.domain}  ${count.kind}: ${count.open} open, ${count.dismissed} said to be fine`,
      ),
    ].join('\n'),
  )
  for (let offset = 0; ; offset += pageSize) {
    const query = { clientId, domain, kind, dismissed, offset, limit: pageSize }
    const { total, findings } = await health.findings(query)
    for (const finding of findings) output.answer(findingJson(finding), findingText(finding))
    if (offset + pageSize >= total) break
  }
  output.countFailures(open)
}

function findingJson(finding: Finding) {
  const { findingId, domain, harm, evidence, person, other, faces, foundAt, dismissed } = finding
  return {
    id: findingId,
    kind: evidence.kind,
    domain,
    harm,
    dismissed,
    found_at: foundAt,
    person: { id: person.personId, name: person.name },
    ...(other === undefined ? {} : { other: { id: other.personId, name: other.name } }),
    sentence: findingSentence(finding),
    evidence,
    photos: [...new Set(faces.map(({ photoPath }) => photoPath))],
  }
}

function findingText(finding: Finding): string {
  const { domain, evidence, person, other } = finding
  const who = other === undefined ? person.name : `${person.name} and ${other.name}`
  return `${domain}  ${evidence.kind}  ${who}: ${findingSentence(finding)}`
}
