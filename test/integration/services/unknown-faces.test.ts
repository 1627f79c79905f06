/** Unknown faces from recognition to groups and names, over a real store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { pairwiseScore } from '../../../scripts/bench/labelled-faces'
import { Grouping } from '../../../src-main/services/clustering/grouping'
import { clusterParametersOf } from '../../../src-main/services/clustering/parameters'
import { decideFaces } from '../../../src-main/services/decide'
import { UnknownActs } from '../../../src-main/services/unknown-acts'
import { UnknownFaces } from '../../../src-main/services/unknown-faces'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import type { EmbeddedFace } from '../../../src-shared/face'
import { type PersonId, personIdSchema, personNameSchema } from '../../../src-shared/ids'
import type { Recognition } from '../../../src-shared/recognition'
import { defaultSettings } from '../../../src-shared/settings'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { madeFace, madeSha256, randomNumbers, unitVector } from '../../contract/made-faces'
import { keepMadeFaces, pack, scope } from '../../fixtures/made-unknown'

const parameters = clusterParametersOf(pack.thresholds)
const never = new AbortController().signal
const listing = { ...scope, ignored: false, offset: 0, limit: 500 }

let built: BuiltStore
let folder: string
let store: LocalStore
let errors: unknown[]
let settings: { keepUnknown: boolean; unknownRetentionDays: number; search: typeof defaultSettings.search }
beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-unknown-'))
  store = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
  errors = []
  settings = { keepUnknown: true, unknownRetentionDays: 30, search: defaultSettings.search }
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
  expect(errors).toEqual([])
})

const service = () =>
  new UnknownFaces({
    unknown: store.unknown,
    gallery: store.gallery,
    pack: () => pack,
    settings: () => settings,
    onError: (error) => errors.push(error),
  })
const actsOf = (changed: UnknownFaces) =>
  new UnknownActs({
    unknown: store.unknown,
    gallery: store.gallery,
    pack: () => pack,
    actor: 'tester',
    changed,
  })
const ids = () => store.unknown.ids(scope, 0)
/** The group of each face, as the store has it. */
async function storedGroups() {
  const all = await ids()
  const groups: (number | undefined)[] = []
  for (let first = 0; first < all.length; first += 256) {
    const { maxDistance: withinDistance } = parameters
    const some = all.slice(first, first + 256)
    const linked = await store.unknown.link({ ...scope, ids: some, withinDistance, nearest: 32 })
    groups.push(...linked.map(({ group }) => group))
  }
  return groups
}

/** A recognition of three faces: a match, nobody, and nobody of poor quality. */
function recognised(): { analysis: AnalyseResult; recognition: Recognition; personId: PersonId } {
  const random = randomNumbers(5)
  const faces: EmbeddedFace[] = [0.8, 0.8, 0.2].map((quality, at) =>
    madeFace(unitVector(random), { x: 300 * at, y: 0, w: 100, h: 100 }, quality),
  )
  const analysis: AnalyseResult = {
    sha256: madeSha256('a photo'),
    format: 'jpeg',
    width: 1000,
    height: 800,
    modelId: scope.modelId,
    faces,
    timings: { decode: 1, detect: 1, embed: 1 },
  } as AnalyseResult
  const thresholds = {
    match: 0.4,
    possible: 0.5,
    matchSource: 'verify',
    possibleSource: 'verify',
    comparisons: 1,
  } as const
  const personId = personIdSchema.parse('00000000-0000-7000-8000-000000000001')
  const hit = {
    personId,
    name: 'Ana',
    domain: scope.domain,
    distance: 0.1,
    nearestFaceId: personId,
    nearestPhotoSha256: madeSha256('another'),
    occurrences: 1,
    bestDistances: [0.1],
  } as unknown as Parameters<typeof decideFaces>[1][number]['persons'][number]
  const answers = faces.map((face, at) => ({ face, persons: at === 0 ? [hit] : [] }))
  const { sha256, format, width, height } = analysis
  const recognition: Recognition = {
    ...{ sha256, format, width, height, model: scope.modelId, domains: [scope.domain], thresholds },
    ...{ topK: 5, mode: 'local', repeatsPeople: false, timings: { ...analysis.timings, search: 1 } },
    faces: decideFaces(sha256, answers, [], thresholds, 5),
  }
  return { analysis, recognition, personId }
}

test('keeps the good faces of nobody, of a search in one domain, where the settings say so', async () => {
  await store.gallery.ensureDomain(scope.clientId, scope.domain)
  const { analysis, recognition } = recognised()
  const unknown = service()
  settings.keepUnknown = false
  await unknown.keep('/a.jpg', analysis, recognition)
  settings.keepUnknown = true
  await unknown.keep('/a.jpg', analysis, { ...recognition, domains: [] })
  expect(await ids()).toEqual([])
  await unknown.keep('/a.jpg', analysis, recognition)
  await unknown.keep('/a.jpg', analysis, recognition)
  expect(await ids()).toHaveLength(1)
  const known = await store.gallery.knownFaces(scope.clientId, [analysis.sha256])
  expect(known.get(analysis.sha256)!.map(({ box }) => box)).toEqual([analysis.faces[1]!.box])
  await unknown.stop()
})

test('groups them as their labels say, and the same in portions, after a restart and all at once', async () => {
  const first = await keepMadeFaces(store, 500, 1)
  const unknown = service()
  await unknown.group(scope)
  const early = pairwiseScore(first.labels, await storedGroups())
  expect(early.precision).toBeGreaterThan(0.99)
  expect(early.f).toBeGreaterThan(0.9)
  const second = await keepMadeFaces(store, 300, 2)
  await unknown.group(scope)
  const labels = [...first.labels, ...second.labels.map((label) => 10_000 + label)]
  const grown = await storedGroups()
  expect(pairwiseScore(labels, grown).f).toBeGreaterThan(0.9)
  expect(pairwiseScore(labels, grown).precision).toBeGreaterThan(0.99)
  await unknown.stop()
  const again = service()
  await again.group(scope)
  expect(await storedGroups()).toEqual(grown)
  await again.stop()
})

test('an update that is cancelled keeps what it did, and the next one ends it', async () => {
  await keepMadeFaces(store, 500, 3)
  const cancel = new AbortController()
  const grouping = new Grouping(store.unknown, scope, parameters)
  const reason = new Error('enough')
  const update = grouping.update(cancel.signal, ({ done }) => {
    if (done > 200) cancel.abort(reason)
  })
  await expect(update).rejects.toBe(reason)
  expect((await store.unknown.groups(listing)).total).toBe(0)
  await grouping.update(never)
  const ended = await storedGroups()
  const whole = new Grouping(store.unknown, scope, parameters)
  await whole.update(never)
  expect(await storedGroups()).toEqual(ended)
  expect((await store.unknown.groups(listing)).total).toBeGreaterThan(10)
})

test('never holds the event loop for long', async () => {
  await keepMadeFaces(store, 2000, 4)
  const grouping = new Grouping(store.unknown, scope, parameters)
  let turns = 0
  let busy = true
  const counting = (async () => {
    for (; busy; turns++) await nextTurn()
  })()
  await grouping.update(never)
  busy = false
  await counting
  // A portion of 128 faces is at most a turn.
  expect(turns).toBeGreaterThan(2000 / 128)
})

test('a named group is a person in one act; the rest is grouped anew, and the act is taken back in one', async () => {
  await keepMadeFaces(store, 500, 1)
  const unknown = service()
  await unknown.group(scope)
  const before = await storedGroups()
  const [largest] = (await store.unknown.groups(listing)).groups
  const name = personNameSchema.parse('Ana Novak')
  const named = await actsOf(unknown).name(scope.clientId, largest!.groupId, scope.domain, { name })
  expect([named.faces, named.leftOut]).toEqual([largest!.faces, 0])
  const person = await store.gallery.person(named.personId)
  expect([person.name, person.faces]).toEqual([name, largest!.faces])
  await unknown.group(scope)
  expect(await ids()).toHaveLength(500 - largest!.faces)
  const { groups } = await store.unknown.groups(listing)
  expect(groups.map(({ groupId }) => groupId)).not.toContain(largest!.groupId)
  const [next] = groups
  const more = await actsOf(unknown).name(scope.clientId, next!.groupId, scope.domain, {
    personId: named.personId,
  })
  expect((await store.gallery.person(named.personId)).faces).toBe(largest!.faces + more.faces)
  await store.gallery.undo(more.ledgerId, { actor: 'tester' })
  await store.gallery.undo(named.ledgerId, { actor: 'tester' })
  await unknown.group(scope)
  expect(await storedGroups()).toEqual(before)
  expect((await store.gallery.clients())[0]!.domains[0]!.persons).toBe(0)
  await unknown.stop()
})

test('a face that was ruled out for somebody is not given to them with its group, and none left is a conflict', async () => {
  await keepMadeFaces(store, 300, 1)
  const unknown = service()
  await unknown.group(scope)
  const [largest] = (await store.unknown.groups(listing)).groups
  const name = personNameSchema.parse('Ana')
  const named = await actsOf(unknown).name(scope.clientId, largest!.groupId, scope.domain, { name })
  const { facesList } = await store.gallery.person(named.personId)
  const taken = facesList.slice(0, 3).map(({ faceId }) => faceId)
  await store.gallery.takeFaces(taken, { reject: true }, { actor: 'tester', summary: 'not Ana' })
  expect(await ids()).toHaveLength(300 - largest!.faces + 3)
  await unknown.group(scope)
  await unknown.findSuggestions(scope.clientId)
  const offered = await actsOf(unknown).suggestions(scope.clientId, 100)
  expect(offered.some.filter(({ faceId }) => taken.includes(faceId))).toEqual([])
  const again = await store.unknown.groups(listing)
  const theirs = again.groups.find(({ someFaces }) => someFaces.some((faceId) => taken.includes(faceId)))
  if (theirs === undefined) throw new Error('Three faces of one person should be a group.')
  await expect(
    actsOf(unknown).name(scope.clientId, theirs.groupId, scope.domain, { name }),
  ).rejects.toMatchObject({
    code: 'conflict',
  })
  await unknown.stop()
})

test('somebody who is enrolled is offered for the unknown faces that are theirs', async () => {
  const { labels, faces } = await keepMadeFaces(store, 400, 6)
  const unknown = service()
  await unknown.group(scope)
  const [largest] = (await store.unknown.groups(listing)).groups
  const position = (await ids()).indexOf(largest!.groupId)
  const label = labels[position]!
  const written = await store.gallery.assignFaces(
    scope.clientId,
    scope.domain,
    scope.modelId,
    [
      {
        person: { name: personNameSchema.parse('Ana') },
        photo: {
          sha256: madeSha256('portrait'),
          path: '/portrait.jpg',
          format: 'jpeg',
          width: 900,
          height: 900,
        },
        face: faces[position]!,
        source: 'enrolled',
      },
    ],
    { actor: 'tester', summary: 'Enrolled Ana' },
  )
  const acts = actsOf(unknown)
  expect((await acts.counts(scope.clientId)).suggestions).toBe(0)
  await unknown.findSuggestions(scope.clientId)
  const { some: offers } = await acts.suggestions(scope.clientId, 500)
  const inGroup = new Set(
    (await store.unknown.faces(scope.clientId, largest!.groupId, 0, 500)).faces.map(({ faceId }) => faceId),
  )
  expect(offers.filter(({ faceId }) => inGroup.has(faceId)).length).toBeGreaterThan(largest!.faces / 2)
  // Of this person there are so many; hardly anybody else is offered.
  const theirs = labels.filter((one) => one === label).length
  expect(offers.length).toBeLessThanOrEqual(theirs + 2)
  const { personId } = written.value[0]!
  const [no, ...rest] = offers.map(({ faceId }) => faceId)
  await acts.reject(personId, [no!])
  await expect(acts.reject(personId, [no!])).rejects.toMatchObject({ code: 'conflict' })
  expect((await acts.counts(scope.clientId)).suggestions).toBe(rest.length)
  const { ledgerId } = await acts.accept(personId, rest)
  expect((await store.gallery.person(personId)).faces).toBe(1 + rest.length)
  expect((await acts.counts(scope.clientId)).suggestions).toBe(0)
  await store.gallery.undo(ledgerId, { actor: 'tester' })
  expect((await acts.counts(scope.clientId)).suggestions).toBe(rest.length)
  await unknown.stop()
})

test('a face taken out of its group is not grouped with it again, until that is taken back', async () => {
  await keepMadeFaces(store, 500, 1)
  const unknown = service()
  await unknown.group(scope)
  const before = await storedGroups()
  const [largest] = (await store.unknown.groups(listing)).groups
  const acts = actsOf(unknown)
  const [out, stayer] = largest!.someFaces
  const { ledgerId } = await acts.takeOut(scope.clientId, largest!.groupId, [out!])
  const apart = async (one: UnknownFaces) => {
    await one.group(scope)
    const [of, others] = await Promise.all([
      store.unknown.groupOf(scope.clientId, out!),
      store.unknown.groupOf(scope.clientId, stayer!),
    ])
    expect(others).toBeDefined()
    return of !== others
  }
  expect(await apart(unknown)).toBe(true)
  await keepMadeFaces(store, 200, 2)
  expect(await apart(unknown)).toBe(true)
  const restarted = service()
  expect(await apart(restarted)).toBe(true)
  await store.gallery.undo(ledgerId, { actor: 'tester' })
  expect(await apart(restarted)).toBe(false)
  expect((await storedGroups()).slice(0, 500)).toEqual(before)
  await restarted.stop()
  await unknown.stop()
})

test('the nearest people of a group are told with their distance, and some of its faces are given to one of them', async () => {
  await keepMadeFaces(store, 500, 1)
  const unknown = service()
  await unknown.group(scope)
  const acts = actsOf(unknown)
  const [largest] = (await store.unknown.groups(listing)).groups
  const [known, ...others] = (await store.unknown.faces(scope.clientId, largest!.groupId, 0, 500)).faces
  const context = { actor: 'tester', summary: 'a test' }
  const { value: personId } = await store.gallery.moveFaces(
    [known!.faceId],
    scope.domain,
    { name: personNameSchema.parse('Ana') },
    context,
  )
  await unknown.group(scope)
  const groupId = (await store.unknown.groupOf(scope.clientId, others[0]!.faceId))!
  const nearest = await acts.nearest(scope.clientId, groupId, scope.domain)
  expect(nearest).toMatchObject([{ personId, name: 'Ana', referenceFaceId: known!.faceId }])
  expect(nearest[0]!.distance).toBeLessThan(parameters.maxDistance)
  const chosen = others.slice(0, 2).map(({ faceId }) => faceId)
  const named = await acts.name(scope.clientId, groupId, scope.domain, { personId }, chosen)
  expect([named.faces, named.leftOut]).toEqual([2, 0])
  expect((await store.gallery.person(personId)).faces).toBe(3)
  await expect(acts.name(scope.clientId, groupId, scope.domain, { personId }, chosen)).rejects.toMatchObject({
    code: 'not-found',
  })
  await unknown.stop()
})

test('tells the window once the faces are grouped, not for each', async () => {
  await store.gallery.ensureDomain(scope.clientId, scope.domain)
  let told = 0
  const unknown = new UnknownFaces({
    unknown: store.unknown,
    gallery: store.gallery,
    pack: () => pack,
    settings: () => settings,
    onChanged: () => told++,
    onError: (error) => errors.push(error),
  })
  const { analysis, recognition } = recognised()
  await unknown.keep('/a.jpg', analysis, recognition)
  unknown.galleryChanged(scope.clientId)
  expect(told).toBe(0)
  await vi.waitFor(() => expect(told).toBe(1), { timeout: 10_000 })
  await unknown.stop()
})

test('forgets all at once, and groups what comes later', async () => {
  await keepMadeFaces(store, 200, 1)
  const unknown = service()
  await unknown.group(scope)
  expect(await actsOf(unknown).forget(scope.clientId)).toBe(200)
  await keepMadeFaces(store, 200, 2)
  await unknown.group(scope)
  expect((await store.unknown.groups(listing)).faces).toBe(200)
  expect((await store.unknown.groups(listing)).total).toBeGreaterThan(5)
  await unknown.stop()
})

test('lets go what is older than the settings allow', async () => {
  await keepMadeFaces(store, 60, 1)
  const unknown = service()
  await unknown.group(scope)
  expect(await unknown.expire()).toBe(0)
  settings.unknownRetentionDays = -1
  expect(await unknown.expire()).toBe(60)
  expect((await store.unknown.groups(listing)).faces).toBe(0)
  await unknown.stop()
})
