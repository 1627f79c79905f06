/**
 * The proof of an erasure: real faces are enrolled, merged, renamed, deleted, kept unknown and queued; then every byte of
 * every file in the data folder is searched for what is left of them, with traces that are found there before.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataFolder } from '../../../src-main/data-folder'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { PhotoRunner } from '../../../src-main/host/photo-runner'
import { VisionHost } from '../../../src-main/host/vision-host'
import { Calibrations } from '../../../src-main/services/calibration/calibrations'
import { Erasures } from '../../../src-main/services/erasure/erasures'
import { filePlaces } from '../../../src-main/services/erasure/file-places'
import { possibleDistances } from '../../../src-main/services/erasure/possible-distances'
import { ModelPacks } from '../../../src-main/services/model-packs'
import { SettingsFile } from '../../../src-main/services/settings-file'
import type { DualRecord } from '../../../src-main/storage/dual-store'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { type Calibration, shortageSentence } from '../../../src-shared/calibration'
import type { DualHit } from '../../../src-shared/dual'
import { type ErasureReport, erasureReportSchema, type Removed } from '../../../src-shared/erasure'
import { defaultGatePolicy } from '../../../src-shared/gate'
import {
  type ClientId,
  clientIdSchema,
  domainSchema,
  itemIdSchema,
  type PersonId,
  type Sha256,
} from '../../../src-shared/ids'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import { Traces } from '../../fixtures/traces'

const visor = resolve(import.meta.dirname, '../../..')
const builtFolder = join(visor, 'out/main')
const sample = (number: number) => join(visor, `node_modules/@vladmandic/face-api/demo/sample${number}.jpg`)
const client = clientIdSchema.parse('default')
const domain = domainSchema.parse('slovenia')
const context = { actor: 'tester', summary: 'A test' }

const folders: string[] = []
const newFolder = (name: string) => {
  const folder = mkdtempSync(join(tmpdir(), `visor-${name}-`))
  folders.push(folder)
  return folder
}

let packs: ModelPacks
let vision: VisionHost
let photos: PhotoRunner
beforeAll(async () => {
  packs = await ModelPacks.open(join(visor, 'models'))
  const pack = packs.pack(null)
  vision = new VisionHost({ launch: childProcessLauncher(join(builtFolder, 'vision.js')) })
  await vision.configure({ pack, packFolder: packs.folderOf(pack), provider: 'cpu', threads: 1 })
  photos = new PhotoRunner(vision)
})
afterAll(async () => {
  await vision.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A data folder in use, and photos elsewhere. */
async function openScene() {
  const folder = openDataFolder(newFolder('erasure'))
  const photoFolder = newFolder('photos')
  const settings = new SettingsFile(folder.settingsFile)
  const calibrations = new Calibrations(folder.calibrationsFolder)
  const store: LocalStore = await openLocalStore({ folder: folder.path, builtFolder, threads: 1 })
  const modelId = packs.modelIdOf(packs.pack(null))
  const erasures = new Erasures({
    store: store.erasure,
    places: filePlaces({ calibrations, settings, folder }),
    reportsFolder: folder.erasuresFolder,
    possible: (clientId) => possibleDistances(packs, store.gallery, settings.current, clientId),
    actor: 'tester',
  })
  const analyse = (path: string) =>
    photos.run(
      { params: { source: { path }, thorough: false, flip: false, thumbnailPx: 256, crops: true } },
      {},
    )

  /** A sample photo under another name; `extra` bytes make it another photo with the same faces. */
  async function photo(number: number, name: string, extra = 0) {
    const path = join(photoFolder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    cpSync(sample(number), path)
    appendFileSync(path, new Uint8Array(extra))
    const analysis = await analyse(path)
    const faces = analysis.faces.toSorted((a, b) => a.box.x - b.box.x)
    return { path, analysis: { ...analysis, faces }, record: { ...analysis, path } }
  }
  type Photo = Awaited<ReturnType<typeof photo>>

  const enrol = async (
    name: string,
    faces: readonly (readonly [Photo, number])[],
    clientId: ClientId = client,
  ) => {
    const { value } = await store.gallery.assignFaces(
      clientId,
      domain,
      modelId,
      faces.map(([{ record, analysis }, index]) => ({
        person: { name },
        photo: record,
        face: analysis.faces[index]!,
        source: 'enrolled',
      })),
      { ...context, summary: `Enrolled ${name}` },
    )
    return value[0]!.personId
  }

  let position = 0
  async function queue(path: string, analysis?: AnalyseResult, pasted?: Uint8Array) {
    const itemId = itemIdSchema.parse(uuid())
    await store.queue.append([
      { itemId, position: position++, path, ...(pasted === undefined ? {} : { pasted }) },
    ])
    if (analysis !== undefined) await store.queue.complete(itemId, analysis, 5)
    return itemId
  }
  return { folder, settings, calibrations, store, modelId, erasures, photo, enrol, queue }
}
type Scene = Awaited<ReturnType<typeof openScene>>

/** Adds what there is of one face. */
function traceFace(
  traces: Traces,
  label: string,
  { analysis }: { analysis: AnalyseResult },
  index: number,
): void {
  const { embedding, crop } = analysis.faces[index]!
  traces.embedding(`${label}’s embedding`, embedding)
  traces.bytes(`${label}’s crop`, crop!)
}

/** Takes windows out that pictures have which are to stay. */
function leaveOut(traces: Traces, databaseFile: string): void {
  const database = new Database(databaseFile, { readonly: true })
  const pictures = database
    .prepare('SELECT jpeg FROM crops UNION ALL SELECT bytes FROM queue_pictures')
    .pluck()
    .all()
  for (const picture of pictures) traces.without(picture as Uint8Array)
  database.close()
}

const countOf = (removed: readonly Removed[]) =>
  Object.fromEntries(removed.map(({ place, count }) => [place, count]))

/** Forms that are never on disk, so that only a planted file can show that they would be found. */
const neverThere = /int8|JSON|hexadecimal|base64|bytes$/

/** Fails unless each trace is in the copy from before, and none of them in the folder now. */
async function prove(scene: Scene, traces: Traces, before: string): Promise<void> {
  const databaseFile = join(scene.folder.path, 'visor.sqlite')
  leaveOut(traces, databaseFile)
  const there = traces.foundIn(before)
  const missing = [...traces.labels()].filter((label) => !there.has(label) && !neverThere.test(label))
  expect(missing.filter((label) => !isAnotherForm(label))).toEqual([])
  // While the store is open, with its log, and closed.
  expect([...traces.foundIn(scene.folder.path)]).toEqual([])
  await scene.store.close()
  expect([...traces.foundIn(scene.folder.path)]).toEqual([])
}

/** Decomposed and lower case forms of a name are on disk only where the name is such. */
const isAnotherForm = (label: string) => {
  const form = /“(.*)”$/su.exec(label)?.[1]
  return form !== undefined && (form !== form.normalize('NFC') || form === form.toLowerCase())
}

const needed = [join(builtFolder, 'vision.js'), join(builtFolder, 'scrub.js')]
describe.runIf(needed.every(existsSync))('nothing is left', () => {
  test('the search for traces finds every form of them', () => {
    const folder = newFolder('planted')
    const vector = Float32Array.from({ length: 512 }, (_, index) => Math.sin(index + 1) / 16)
    const sha256 = '4b'.repeat(16) + '0123456789abcdef'.repeat(2)
    const traces = new Traces().embedding('e', vector).text('name', 'Žofija "K"').hash('sha', sha256)
    const bytes = Buffer.from(vector.buffer)
    const plant = (...parts: (string | Uint8Array)[]) =>
      writeFileSync(join(folder, 'planted'), Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    const found = () => [...traces.foundIn(folder).keys()].join(' ')
    plant('nothing of it')
    expect(found()).toBe('')
    plant('xx', bytes.subarray(804, 820))
    expect(found()).toBe('e, float32')
    plant(JSON.stringify([...vector]))
    expect(found()).toContain('e, JSON')
    for (const before of ['', 'a', 'ab']) {
      plant(Buffer.concat([Buffer.from(before), bytes]).toString('base64'))
      expect(found()).toContain('e, base64')
    }
    plant(bytes.toString('hex'))
    expect(found()).toContain('e, hexadecimal')
    plant(Buffer.from('x zofija "k" x', 'utf16le'))
    expect(found()).toContain('name “zofija "k"”')
    plant(JSON.stringify({ name: 'Žofija "K"' }))
    expect(found()).toContain('name in JSON “Žofija')
    plant(Buffer.from(sha256, 'hex'))
    expect(found()).toBe('sha, bytes')
  })

  test('of people, after a curator’s day with them', async () => {
    const scene = await openScene()
    const { store, settings, folder, modelId, photo, enrol, queue, erasures } = scene
    const { gallery } = store
    const shore = await photo(3, 'zofija-kovacic/obala.jpg')
    const party = await photo(1, 'Zofija Kovacic praznuje/zabava.jpg')
    const double = await photo(2, 'dvojnica.jpg')
    const binned = await photo(4, 'pobrisana.jpg')
    const others = await photo(5, 'others.jpg')
    const street = await photo(3, 'ulica.jpg', 1)
    const pasted = await photo(3, 'prilepljena.jpg', 2)
    const traces = new Traces()
    for (const word of ['Žofija', 'Kovačič', 'Prejšnja', 'Dvojna', 'Grosuplje']) traces.text('the word', word)
    traceFace(traces, 'the woman', shore, 1)
    traceFace(traces, 'the woman at the party', party, 2)
    traceFace(traces, 'the double', double, 0)
    traceFace(traces, 'the one in the bin', binned, 0)
    for (const [label, { record }] of Object.entries({ shore, double, binned, street })) {
      traces.hash(`${label}’s hash`, record.sha256)
      traces.text(`${label}’s place`, record.path)
    }
    traces.hash('the pasted picture’s hash', pasted.record.sha256)
    traces.text('the party’s place', party.record.path)
    traces.bytes('the shore’s thumbnail', shore.analysis.thumbnail!)
    traces.bytes('the pasted picture', readFileSync(pasted.path).subarray(2000, 6000))

    const stays = await enrol('Boris Ostane', [
      [party, 0],
      [others, 0],
    ])
    const inBin = await enrol('Žofija Kovačič', [[binned, 0]])
    await gallery.deletePersons([inBin], { ...context, summary: 'Deleted Žofija Kovačič' })
    const woman = await enrol('Zlata Prejšnja', [
      [shore, 1],
      [party, 2],
    ])
    const doubled = await enrol('Dvojna', [[double, 0]])
    await gallery.updatePerson(woman, { name: 'Žofija Kovačič', description: 'Grosuplje' }, context)
    await gallery.tagPersons(
      [woman, stays],
      { add: ['pevka'], remove: [] },
      { ...context, reason: 'Žofija sings' },
    )
    await gallery.mergePersons(woman, [doubled], { ...context, summary: 'Merged Dvojna into Žofija Kovačič' })
    const renamed = await gallery.updatePerson(woman, { name: 'Žofija K. Kovačič' }, context)
    await gallery.undo(renamed.ledgerId!, context)
    const hers = (await gallery.person(woman)).facesList[0]!
    await gallery.setCover(woman, hers.faceId, context)
    await store.unknown.keep({ clientId: client, domain, modelId }, [
      { photo: street.record, faces: [street.analysis.faces[1]!] },
    ])
    const waiting = await photo(3, 'caka-na-presojo.jpg', 3)
    await store.reviews.add({ clientId: client, domain, modelId }, [
      {
        person: { name: 'Žofija Kovačič' },
        photo: waiting.record,
        facesInPhoto: 3,
        choice: 'unclear',
        kinds: ['several-faces'],
        faces: waiting.analysis.faces,
      },
    ])
    traces.hash('the waiting photo’s hash', waiting.record.sha256)
    traces.text('the waiting photo’s place', waiting.record.path)
    const bystander = await photo(6, 'mimoidoci.jpg')
    await store.unknown.keep({ clientId: client, domain, modelId }, [
      { photo: bystander.record, faces: [bystander.analysis.faces[0]!] },
    ])
    await queue(shore.path, shore.analysis)
    await queue('', pasted.analysis, readFileSync(pasted.path))
    await queue('/in/Kovačič Žofija Kovačič 7.jpg')
    const kept = await queue(bystander.path, bystander.analysis)
    await scene.calibrations.keep(calibrationOf(client, modelId))
    const kovacic = { personId: woman, name: 'Žofija Kovačič', faceId: hers.faceId, distance: 0.1 }
    await store.dual.record([
      disagreementOn(modelId, shore.record.sha256, kovacic),
      disagreementOn(modelId, bystander.record.sha256, { ...kovacic, name: 'Dvojna' }),
    ])
    settings.update({ filter: { text: 'Kovačič', personId: woman, decision: null, state: null } })
    await settings.flush()
    writeFileSync(folder.logFile, `[error] queue: cannot read ${shore.path}\n`)
    writeFileSync(join(folder.path, 'logs', 'visor.old.log'), 'Žofija Kovačič')
    writeFileSync(`${folder.settingsFile}.1234567`, '{"filter":{"text":"Kovačič"}}')
    const before = newFolder('before')
    cpSync(folder.path, before, { recursive: true })

    const request = { clientId: client, target: { personIds: [woman] } }
    const preview = await erasures.preview(request)
    expect(preview).toMatchObject({ people: 1, names: ['Žofija Kovačič'], sharedPhotos: 1, actsOfOthers: 1 })
    const report = await erasures.erase(request, 'case 2026-17')
    expect(countOf(report.removed)).toMatchObject({
      people: 1,
      'merged-people': 1,
      'binned-people': 1,
      faces: 4,
      'nameless-faces': 1,
      'photo-places': 1,
      'waiting-enrolments': 1,
      'queue-known': 1,
      'queue-alike': 1,
      'queue-named': 1,
      'remembered-searches': 1,
      'temporary-files': 1,
    })
    expect(countOf(report.removed)['log-bytes']).toBeGreaterThan(20)
    expect(
      erasureReportSchema.parse(JSON.parse(readFileSync(reportPath(folder.erasuresFolder, report), 'utf8'))),
    ).toEqual(report)
    expect((await store.dual.disagreements({ since: 0, offset: 0, limit: 9 })).total).toBe(0)
    const verified = await gallery.verifyLedger()
    expect(verified).not.toHaveProperty('brokenAt')
    const [entry] = await gallery.ledger({ clientId: client, limit: 1 })
    expect(entry).toMatchObject({ ledgerId: report.ledger.entry, action: 'erase', reason: 'case 2026-17' })

    // What is others' is as it was.
    expect(await gallery.person(stays)).toMatchObject({ name: 'Boris Ostane', faces: 2, photos: 2 })
    expect((await store.queue.load()).map(({ itemId }) => itemId)).toEqual([kept])
    expect(await store.unknown.ids({ clientId: client, domain, modelId }, 0)).toHaveLength(1)
    expect(await scene.calibrations.get({ clientId: client, domain, modelId })).toBeDefined()
    const { probes } = await gallery.search({
      clientId: client,
      domains: 'all',
      modelId,
      probes: [party.analysis.faces[0]!.embedding, shore.analysis.faces[1]!.embedding],
      topPersons: 3,
      topFaces: 0,
      withinDistance: 0.4,
    })
    expect(
      probes.map(({ persons }) => persons.filter(({ distance }) => distance < 0.4).map(({ name }) => name)),
    ).toEqual([['Boris Ostane'], []])
    await prove(scene, traces, before)
  })

  test('of a client, its measurements and settings', async () => {
    const scene = await openScene()
    const { store, settings, calibrations, folder, modelId, photo, enrol, queue, erasures } = scene
    const museum = clientIdSchema.parse('Narodni muzej')
    const portrait = await photo(2, 'portret.jpg')
    const other = await photo(4, 'other.jpg')
    const traces = new Traces().text('the client', 'Narodni muzej').text('the name', 'Neža Obiskovalka')
    traceFace(traces, 'the visitor', portrait, 0)
    traces
      .hash('the portrait’s hash', portrait.record.sha256)
      .text('the portrait’s place', portrait.record.path)
    await enrol('Neža Obiskovalka', [[portrait, 0]], museum)
    const stays = await enrol('Boris Ostane', [[other, 0]])
    await queue(portrait.path, portrait.analysis)
    for (const clientId of [client, museum]) await calibrations.keep(calibrationOf(clientId, modelId))
    const chosen = (clientId: ClientId) => ({
      clientId,
      domain,
      modelId,
      match: { distance: 0.4 },
      possible: null,
    })
    const strict = (clientId: ClientId) => ({
      clientId,
      domain,
      policy: { ...defaultGatePolicy, 'several-faces': 'block' as const },
    })
    settings.update({
      thresholds: [client, museum].map(chosen),
      gatePolicies: [client, museum].map(strict),
      search: { clientId: museum, domain },
    })
    await settings.flush()
    const before = newFolder('before')
    cpSync(folder.path, before, { recursive: true })

    const request = { clientId: museum, target: { clientId: museum } }
    const report = await erasures.erase(request, 'the contract ended')
    expect(report.subject).toEqual({ kind: 'client', people: 1 })
    expect(countOf(report.removed)).toMatchObject({
      people: 1,
      domains: 1,
      'queue-known': 1,
      calibrations: 1,
      'domain-choices': 2,
      'remembered-searches': 1,
    })
    expect(settings.current).toMatchObject({
      thresholds: [chosen(client)],
      gatePolicies: [strict(client)],
      search: { clientId: client, domain: null },
    })
    expect(await calibrations.get({ clientId: client, domain, modelId })).toBeDefined()
    expect(await store.gallery.person(stays as PersonId)).toMatchObject({ faces: 1 })
    await prove(scene, traces, before)
  })
})

const reportPath = (erasuresFolder: string, { signedOff, ledger }: ErasureReport) =>
  join(erasuresFolder, `erasure ${signedOff.at.slice(0, 10)} ${ledger.entry}.json`)

/** A search in which this machine found somebody, and the server nobody. */
function disagreementOn(modelId: Calibration['modelId'], sha256: Sha256, hit: DualHit): DualRecord {
  return {
    ...{ at: Date.now(), clientId: client, domain, modelId, origin: 'live', localMs: 1 },
    outcome: {
      ...{ serverMs: 5, sameFirst: false, overlap: 0, largestDifference: 0 },
      disagreement: { sha256, face: 0, cause: 'missing-rows', local: [hit], server: [] },
    },
  }
}

function calibrationOf(clientId: ClientId, modelId: Calibration['modelId']): Calibration {
  const histogram = { width: 0.1, counts: [1, 2] }
  const shortage = { persons: 98, personsWithTwoPhotos: 30 }
  expect(shortageSentence(shortage)).toContain('Not enough')
  return {
    ...{ clientId, domain, modelId, measuredAt: new Date().toISOString(), fingerprint: 'f', shortage },
    counts: {
      ...{ persons: 2, embeddings: 3, personsWithTwoPhotos: 0, personsMissed: 0, personsSearched: 0 },
      ...{ withinComparisons: 0, betweenComparisons: 0 },
    },
    ...{ within: histogram, between: histogram, nearestOther: histogram, curve: [], lowestRate: 0.5 },
  }
}
