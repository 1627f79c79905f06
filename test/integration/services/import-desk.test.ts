/** What main does for the window's requests about imports, over a real store. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importHandlers } from '../../../src-main/ipc/handlers/import'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { ImportDesk, type Looking } from '../../../src-main/services/import/import-desk'
import { Jobs } from '../../../src-main/services/jobs'
import type { OpenStore } from '../../../src-main/storage/open-store'
import type { PersonRule } from '../../../src-shared/import'
import { requests } from '../../../src-shared/ipc'
import type { Job } from '../../../src-shared/status'
import { client, context, slovenia } from '../../contract/curated-store'
import { localStores } from '../../contract/local-stores'
import { madeFace, randomNumbers, unitVector } from '../../contract/made-faces'
import { lookerAt, MadeSource, madeRow, noPhotos, plainOptions } from '../../fixtures/made-source'

const openEmpty = localStores()
const random = randomNumbers(11)
const rows = Array.from({ length: 30 }, (_, index) =>
  madeRow(
    {
      name: `Person ${index % 5}`,
      photoPath: `/legacy/${index}.jpg`,
      embedding: index === 17 ? new Float32Array(3).fill(1) : unitVector(random),
    },
    index,
  ),
)
const path = '/legacy/gallery.db'

let store: OpenStore
let folder: string
beforeEach(async () => {
  store = await openEmpty()
  folder = mkdtempSync(join(tmpdir(), 'visor-import-'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** `before`: called before each portion of the source. */
function opened(
  before: (from: number) => void | Promise<void> = () => undefined,
  given = rows,
  server: OpenStore = store,
  openLooker = noPhotos,
) {
  const jobs = new Jobs()
  const asked: (string | undefined)[] = []
  const importDesk = new ImportDesk({
    target: store,
    openSource: async (_, password) => {
      asked.push(password)
      return new MadeSource(given, { rowsInPortion: 5, before })
    },
    openGallery: async () => ({ ...store, close: async () => undefined }),
    openServer: async () => ({ ...server, close: async () => undefined }),
    pairing: () => undefined,
    ownFolder: '/data',
    openLooker,
    jobs,
    actor: 'tester',
    galleriesChanged: () => undefined,
  })
  const looked: (Looking | null)[] = []
  importDesk.looking.add((looking) => looked.push(looking))
  const desktop = {
    chooseFile: async () => path,
    chooseFolder: async () => folder,
    chooseSave: async (name: string) => join(folder, name),
  }
  const handlers = importHandlers({ importDesk, imports: store.imports, desktop } as unknown as Services)
  const endOf = ({ jobId }: { jobId: string }) =>
    new Promise<Job>((resolve) => {
      const look = () => jobs.list().find((job) => job.jobId === jobId && job.state !== 'running')
      const ended = look()
      if (ended !== undefined) resolve(ended)
      jobs.changed.add((job) => job.jobId === jobId && job.state !== 'running' && resolve(job))
    })
  return { handlers, endOf, looked, asked }
}

const wanted = {
  clientId: client,
  place: { at: 'path', path },
  kind: 'legacy-sqlite',
  options: { ...plainOptions, domain: slovenia },
  password: null,
} as const

test('a source is chosen, looked at, tried, run, compared, told and taken back', async () => {
  const { handlers, endOf, looked } = opened()
  await expect(handlers['import.inspect'](wanted)).rejects.toMatchObject({ code: 'forbidden' })
  expect(await handlers['import.choose']({ what: 'file' })).toBe(path)
  expect(await handlers['import.inspect'](wanted)).toMatchObject({ rows: 30, persons: 5 })
  const tried = await handlers['import.tryOut'](wanted)
  expect(tried).toMatchObject({ read: 30, imported: 29, alreadyThere: 0, rejected: 1 })
  expect(looked.at(-1)).toBeNull()
  expect(looked).toContainEqual({ rows: 30, share: 1 })

  const { runId, jobId } = await handlers['import.run'](wanted)
  expect(await endOf({ jobId })).toMatchObject({
    state: 'done',
    outcome: '30 read = 29 imported + 0 already there + 1 rejected',
  })
  expect(await endOf(await handlers['import.validate']({ runId, password: null }))).toMatchObject({
    outcome: 'The gallery has what the source has.',
  })
  const page = await handlers['import.rejects']({ runId, offset: 0, limit: 10 })
  expect(page).toMatchObject({ total: 1, rejects: [{ key: 'row 18', reason: 'wrong-dimension' }] })
  for (const format of ['json', 'csv', 'html'] as const) {
    const saved = await handlers['import.saveReport']({ runId, format })
    expect(readFileSync(saved!, 'utf8')).toContain('row 18')
  }
  const runs = await handlers['import.runs']({ clientId: client })
  expect(runs).toMatchObject([{ run: { runId, state: 'validated' }, jobId: null }])
  expect(requests['import.runs'].output.parse(runs)).toEqual(runs)
  expect(await endOf(await handlers['import.undo']({ runId }))).toMatchObject({ state: 'done' })
  expect(await store.imports.run(runId)).toMatchObject({ state: 'undone' })
})

test('photos of a run are looked for where somebody chose, and those not found are listed', async () => {
  const file = join(folder, '0.jpg')
  writeFileSync(file, 'a photo')
  const looker = lookerAt(new Map([[file, [madeFace(unitVector(random))]]]))
  const { handlers, endOf, looked } = opened(undefined, rows.slice(0, 3), store, looker)
  await handlers['import.choose']({ what: 'file' })
  const { runId, jobId } = await handlers['import.run'](wanted)
  await endOf({ jobId })
  await expect(handlers['import.look']({ runId, folder, password: null })).rejects.toMatchObject({
    code: 'forbidden',
  })
  const asked = { ...wanted, folder }
  await expect(handlers['import.checkModel'](asked)).rejects.toMatchObject({ code: 'forbidden' })
  await handlers['import.choose']({ what: 'folder' })
  const before = await handlers['import.unseen']({ runId })
  expect(requests['import.unseen'].output.parse(before)).toMatchObject({ photos: 3, faces: 3, unfound: 0 })
  expect(await endOf(await handlers['import.look']({ runId, folder, password: null }))).toMatchObject({
    state: 'done',
    outcome: 'Faces found and measured: 1; in the gallery already: 0; not found, or their photos: 2',
  })
  expect(await handlers['import.unseen']({ runId })).toMatchObject({ photos: 2, faces: 2, unfound: 2 })
  const check = await handlers['import.checkModel'](asked)
  expect(looked).toContainEqual({ rows: 1, share: 1 / 20 })
  expect(requests['import.checkModel'].output.parse(check)).toMatchObject({ compared: 1, verdict: 'another' })
  const page = await handlers['import.unfound']({ runId, offset: 0, limit: 10 })
  expect(page).toMatchObject({ total: 2, unfound: [{ person: 'Person 1', reason: 'photo-missing' }, {}] })
  expect(requests['import.unfound'].output.parse(page)).toEqual(page)
  for (const format of ['json', 'csv', 'html'] as const) {
    const saved = await handlers['import.saveReport']({ runId, format })
    expect(readFileSync(saved!, 'utf8')).toContain('photo-missing')
  }
})

test('a run is paused between two portions, and goes on; one that is cancelled says so', async () => {
  let reached = Promise.withResolvers<void>()
  let hold = Promise.withResolvers<void>()
  const { handlers, endOf, asked } = opened(async (from) => {
    if (from !== 15) return
    reached.resolve()
    await hold.promise
  })
  await handlers['import.choose']({ what: 'file' })
  // Names are looked for first.
  hold.resolve()
  const first = await handlers['import.run']({ ...wanted, options: { ...wanted.options, namesakes: 'one' } })
  await endOf(first)
  const next = await handlers['import.run']({
    ...wanted,
    options: { ...wanted.options, domain: 'other' as never, fromClient: null },
    password: 'secret',
  })
  expect(asked.at(-1)).toBe('secret')
  reached = Promise.withResolvers<void>()
  hold = Promise.withResolvers<void>()
  await reached.promise
  expect(await handlers['import.runs']({ clientId: client })).toMatchObject([
    { run: { state: 'running' }, jobId: next.jobId },
    { run: { state: 'done' }, jobId: null },
  ])
  await expect(handlers['import.resume']({ runId: next.runId, password: null })).rejects.toMatchObject({
    code: 'conflict',
  })
  handlers['import.pause']({ runId: next.runId })
  hold.resolve()
  expect(await endOf(next)).toMatchObject({ state: 'cancelled' })
  const paused = await store.imports.run(next.runId)
  expect(paused.state).toBe('paused')
  expect(paused.position).toBeLessThan(30)
  expect(await endOf(await handlers['import.resume']({ runId: next.runId, password: null }))).toMatchObject({
    outcome: '30 read = 29 imported + 0 already there + 1 rejected',
  })
  expect(asked.at(-1)).toBe('secret')
})

test('each domain of the source goes where it is sent, and one that is not named stays behind', async () => {
  const { handlers, endOf } = opened(undefined, [
    madeRow({ name: 'Ana', domain: 'si', embedding: unitVector(random) }, 0),
    madeRow({ name: 'Ben', domain: 'rs', embedding: unitVector(random) }, 1),
    madeRow({ name: 'Eva', embedding: unitVector(random) }, 2),
    madeRow({ name: null, embedding: unitVector(random) }, 3),
  ])
  handlers['import.takePath']({ path })
  const domains = [
    { from: 'si', to: slovenia },
    { from: null, to: slovenia },
  ]
  const sent = { ...wanted, options: { ...plainOptions, domains } }
  expect(await handlers['import.tryOut'](sent)).toMatchObject({
    read: 3,
    imported: 2,
    reasons: [{ reason: 'no-person', rows: 1 }],
  })
  const { jobId, runId } = await handlers['import.run'](sent)
  expect(await endOf({ jobId })).toMatchObject({ state: 'done' })
  expect(await endOf(await handlers['import.validate']({ runId, password: null }))).toMatchObject({
    outcome: 'The gallery has what the source has.',
  })
  const [summary] = await store.gallery.clients()
  expect(summary?.domains).toMatchObject([{ domain: slovenia, persons: 2 }])
})

test('a rule is tried on paths before the source is read', () => {
  const { handlers } = opened()
  const paths = ['/srv/Ana/1.jpg', '1.jpg']
  const tried = (rule: PersonRule) => handlers['import.tryRule']({ rule, paths })
  expect(tried({ by: 'parent-folder', up: 1 })).toEqual(['Ana', null])
  expect(tried({ by: 'csv', path: '/etc/passwd' })).toEqual([null, null])
  expect(() => tried({ by: 'regex', pattern: '(', group: 1 })).toThrow('cannot be used')
})

test('this machine’s gallery is copied to the server, and both are compared', async () => {
  const server = await openEmpty()
  try {
    await store.gallery.addPerson(client, slovenia, 'Ana', { aliases: ['Anica'] }, context)
    const { handlers, endOf } = opened(undefined, rows, server)
    expect(await endOf(handlers['import.copyToServer']({ clientId: client }))).toMatchObject({
      state: 'done',
      outcome: '1 read = 1 imported + 0 already there + 0 rejected. Both are the same.',
    })
    const query = { clientId: client, domain: null, text: '', sort: 'name', flags: [], tag: null } as const
    expect(await server.gallery.personIds(query)).toEqual(await store.gallery.personIds(query))
    expect(await server.imports.runs(client)).toMatchObject([{ kind: 'visor', state: 'validated' }])
  } finally {
    await server.close()
  }
})

test('what the page sends is checked', () => {
  const { input } = requests['import.run']
  expect(input.safeParse(wanted).success).toBe(true)
  expect(input.safeParse({ ...wanted, place: { at: 'path', path: '' } }).success).toBe(false)
  expect(input.safeParse({ ...wanted, kind: 'exe' }).success).toBe(false)
  expect(input.safeParse({ ...wanted, options: { ...wanted.options, namesakes: 'both' } }).success).toBe(
    false,
  )
  expect(requests['import.rejects'].input.safeParse({ runId: 'x', offset: 0, limit: 10 }).success).toBe(false)
})
