/** One look at a portion of people: what of their faces, photos and names a curator should see. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClientId, Domain, PersonId } from '../../../../src-shared/ids'
import { likenessOf } from '../../health/look-alike'
import { nameKey } from '../../health/name-key'
import { centreOf, isSuspect, placeFaces, spreadOf } from '../../health/own-distances'
import type { HealthLook } from '../../health-store'
import type { Connection } from '../connection'
import { apartFrom } from '../ledger/changes'
import { personIdRow } from '../rows'
import type { FlatIndexes } from '../search/flat-indexes'
import type { PhotoHashes } from '../search/photo-hashes'
import { type FoundThing, selectOthers } from './findings'
import { copiesAmongOwn, copiesOfOthers } from './health-copies'
import { keepNameKey, type LookedPerson, lookedPerson, peopleOfKey, type SeenFace } from './health-people'
import { foundAlike, foundByCounting, foundNamesake, foundOutlier, foundTwice } from './health-things'

/** Probes of one scan: about 10 ms among half a million faces; others are served in between. */
const probesAtOnce = 4
/** People near a person's middle who are compared with them. */
const lookalikesAtMost = 8
/** People whom the changes of one portion may concern, looked at with it. */
const relatedAtMost = 64

interface LookContext {
  /** What was last committed. */
  readonly connection: Connection
  /** One transaction. */
  readonly write: <T>(work: (connection: Connection) => T) => Promise<T>
  readonly indexes: FlatIndexes
  readonly query: HealthLook
  /** The hashes of a client's photos. */
  readonly hashesOf: (clientId: ClientId) => Promise<PhotoHashes>
}

/** What was found of one person; of one who is gone there is nothing to keep. */
export interface PersonLook {
  readonly personId: PersonId
  readonly person: LookedPerson | undefined
  readonly found: readonly FoundThing[]
}

/** A face that is searched for. */
interface Probe {
  readonly person: LookedPerson
  readonly vector: Float32Array
  /** Absent for the middle of all. */
  readonly face?: SeenFace
}

interface Hit {
  readonly personId: PersonId
  readonly embedding: number
  readonly distance: number
}

/** Looks at people; where they were `touched` by a change, also at those whom that may concern. */
export async function lookAt(
  context: LookContext,
  people: readonly PersonId[],
  touched: boolean,
): Promise<PersonLook[]> {
  const related = new Set<PersonId>()
  const looks = await lookAtPortion(context, people, related)
  if (!touched) return looks
  for (const id of people) related.delete(id)
  return [...looks, ...(await lookAtPortion(context, [...related].slice(0, relatedAtMost), new Set()))]
}

/** Adds to `related` whom a change of these people may concern. */
async function lookAtPortion(
  context: LookContext,
  people: readonly PersonId[],
  related: Set<PersonId>,
): Promise<PersonLook[]> {
  const { connection, indexes, query } = context
  const known = new Map<PersonId, LookedPerson | undefined>()
  const load = async (personId: PersonId) => {
    if (!known.has(personId)) {
      known.set(personId, await lookedPerson(connection, indexes, query.modelId, personId))
      await nextTurn()
    }
    return known.get(personId)
  }
  const loaded = new Map<PersonId, LookedPerson>()
  for (const personId of people) {
    const person = await load(personId)
    if (person !== undefined) loaded.set(personId, person)
  }
  const keys = new Map([...loaded.values()].map((person) => [person.personId, nameKey(person.name)]))
  await context.write((writing) => {
    for (const person of loaded.values()) keepNameKey(writing, person, keys.get(person.personId)!)
  })
  const limitsOf = limitsBy(query)
  const probes: Probe[] = []
  for (const person of loaded.values()) {
    if (person.seen.length === 0) continue
    probes.push({ person, vector: centreOf(person.seen) })
    const placed = placeFaces(person.seen)
    const spread = spreadOf(placed)
    for (const one of placed) {
      if (isSuspect(one, spread, limitsOf(person))) {
        probes.push({ person, vector: one.face.vector, face: one.face })
      }
    }
    await nextTurn()
  }
  const hits = await search(context, probes, limitsOf)

  const looks: PersonLook[] = []
  for (const personId of people) {
    for (const { id } of connection.rows(personIdRow, selectOthers, personId, personId)) related.add(id)
    const person = loaded.get(personId)
    if (person === undefined) {
      looks.push({ personId, person, found: [] })
      continue
    }
    const limits = limitsOf(person)
    const apart = apartFrom(connection, personId)
    const nearest = new Map<SeenFace | undefined, readonly Hit[]>()
    for (const [at, probe] of probes.entries())
      if (probe.person === person) nearest.set(probe.face, hits[at]!)
    const near = (nearest.get(undefined) ?? []).filter(({ distance }) => distance <= limits.match)
    for (const hit of near) related.add(hit.personId)

    const found: FoundThing[] = [...foundByCounting(person), ...foundTwice(person)]
    found.push(...foundOutliers(connection, person, nearest, limits))
    found.push(...copiesAmongOwn(person))
    found.push(...copiesOfOthers(connection, query.modelId, person, await context.hashesOf(person.clientId)))
    for (const id of new Set([...near.map((hit) => hit.personId), ...related])) {
      if (id === personId || apart.has(id)) continue
      const other = await load(id)
      if (other === undefined || other.clientId !== person.clientId || other.domain !== person.domain)
        continue
      const likeness = likenessOf(person.seen, other.seen, limits.match)
      if (likeness !== undefined) found.push(foundAlike(person, other, likeness, limits.match))
    }
    const key = keys.get(personId)!
    for (const id of key === '' ? [] : peopleOfKey(connection, person, key)) {
      related.add(id)
      const other = apart.has(id) ? undefined : await load(id)
      if (other !== undefined) found.push(foundNamesake(person, other))
    }
    looks.push({ personId, person, found })
    await nextTurn()
  }
  return looks
}

function foundOutliers(
  connection: Connection,
  person: LookedPerson,
  nearest: ReadonlyMap<SeenFace | undefined, readonly Hit[]>,
  limits: { readonly match: number; readonly verify: number },
): FoundThing[] {
  const placed = placeFaces(person.seen)
  const spread = spreadOf(placed)
  return placed.flatMap((one) => {
    const [other] = nearest.get(one.face) ?? []
    if (!nearest.has(one.face)) return []
    return foundOutlier(connection, person, one, spread, limits, other) ?? []
  })
}

/** Who else is as near as a match in each probe's domain, nearest first; a few probes a turn. */
async function search(
  { indexes, query }: LookContext,
  probes: readonly Probe[],
  limitsOf: ReturnType<typeof limitsBy>,
): Promise<Hit[][]> {
  const hits: Hit[][] = probes.map(() => [])
  const byPlace = new Map<string, number[]>()
  for (const [at, { person, face }] of probes.entries()) {
    // Only one other is asked for where a face is searched for: the fewer, the less is compared.
    const place = JSON.stringify([person.clientId, person.domain, face === undefined])
    byPlace.set(place, [...(byPlace.get(place) ?? []), at])
  }
  for (const positions of byPlace.values()) {
    for (let first = 0; first < positions.length; first += probesAtOnce) {
      const some = positions.slice(first, first + probesAtOnce)
      const { person, face } = probes[some[0]!]!
      // Asked for again in every turn: a write may have replaced it.
      const index = await indexes.get(person.clientId, query.modelId)
      const answers = index.search({
        domains: [person.domain],
        probes: some.map((at) => probes[at]!.vector),
        // The person is among them.
        topPersons: face === undefined ? lookalikesAtMost + 1 : 2,
        topFaces: 0,
        withinDistance: 0,
        farthest: limitsOf(person).match,
      })
      for (const [position, at] of some.entries()) {
        hits[at] = answers[position]!.persons.filter(
          (hit) => hit.personId !== probes[at]!.person.personId,
        ).map(({ personId, nearestEmbedding, distance }) => ({
          personId,
          embedding: nearestEmbedding,
          distance,
        }))
      }
      await nextTurn()
    }
  }
  return hits
}

/** The distances that count in a person's domain. */
function limitsBy({ verifyDistance, matchDistances }: HealthLook) {
  const keyOf = (clientId: ClientId, domain: Domain) => JSON.stringify([clientId, domain])
  const byPlace = new Map(
    matchDistances.map(({ clientId, domain, distance }) => [keyOf(clientId, domain), distance]),
  )
  const least = Math.min(verifyDistance, ...matchDistances.map(({ distance }) => distance))
  return ({ clientId, domain }: LookedPerson) => ({
    match: byPlace.get(keyOf(clientId, domain)) ?? least,
    verify: verifyDistance,
  })
}
