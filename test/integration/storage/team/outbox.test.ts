/** What is edited while the server is away: there on the cache at once, on the server once it is back, held where somebody was there first. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenStore } from '../../../../src-main/storage/open-store'
import { openServerStore } from '../../../../src-main/storage/threads/server-store'
import { hasCode } from '../../../../src-shared/errors'
import type { ClientId } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, otherClient, slovenia } from '../../../contract/curated-store'
import { madeAssignment } from '../../../contract/made-faces'
import { Traces } from '../../../fixtures/traces'
import { serverAt } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { Console, vectorOf } from './console'

let built: BuiltStore
let database: MigratedDatabase
let here: Console
/** Somebody else, whose line is not cut. */
let maria: OpenStore
/** Of others. */
const transactionsInWork =
  'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()'
const byMaria = (summary: string) => ({ actor: 'Maria', summary })
beforeAll(async () => {
  built = await buildStore()
  database = await migratedDatabase()
  here = await Console.open(built.folder, database)
  maria = await openServerStore({ ...serverAt(database.url), builtFolder: built.folder, threads: 1 })
})
afterAll(async () => {
  await here.close()
  await maria.close()
  await database.drop()
  built.remove()
})

test('somebody who was enrolled alone has the same id on the server, with the same faces', async () => {
  const personId = await here.alone(async () => {
    const ana = await here.enrol('Ana', 1)
    expect((await here.search(1)).probes[0]!.persons[0]).toMatchObject({ personId: ana, name: 'Ana' })
    return ana
  })
  const [cached, far] = await Promise.all([
    here.cache.gallery.wholePerson(personId),
    maria.gallery.wholePerson(personId),
  ])
  expect(far.faces).toEqual(cached.faces)
  expect(await here.store.outboxEntries()).toEqual([])
  const [entry] = await maria.gallery.ledger({ clientId: client, limit: 1 })
  expect(entry!.summary).toMatch(/^a test \(done .* UTC, while the server was gone\)$/)
})

test('edits stand on one another: they get there in their order', async () => {
  const personId = await here.alone(async () => {
    const { gallery } = here.store
    const first = await gallery.addPerson(client, slovenia, 'Bojan', { aliases: [] }, context)
    await gallery.updatePerson(first.value, { name: 'Borut', occupation: 'pilot' }, context)
    const faces = [madeAssignment('Borut', vectorOf(2))]
    await gallery.assignFaces(client, slovenia, model, faces, context)
    await gallery.tagPersons([first.value], { add: ['crew'], remove: [] }, context)
    return first.value
  })
  expect(await maria.gallery.person(personId)).toMatchObject({
    name: 'Borut',
    occupation: 'pilot',
    tags: ['crew'],
    faces: 1,
  })
})

test('what is in the outbox can be undone here; what is older cannot', async () => {
  const online = await here.store.gallery.addPerson(client, slovenia, 'Cene', { aliases: [] }, context)
  const personId = await here.alone(async () => {
    const { gallery } = here.store
    await expect(gallery.undo(online.ledgerId!, context)).rejects.toSatisfy((error) =>
      hasCode(error, 'server-unreachable'),
    )
    const made = await gallery.addPerson(client, slovenia, 'Dana', { aliases: [] }, context)
    await gallery.undo(made.ledgerId!, context)
    await expect(gallery.person(made.value)).rejects.toSatisfy((error) =>
      hasCode(error, 'server-unreachable'),
    )
    return made.value
  })
  await expect(maria.gallery.person(personId)).rejects.toSatisfy((error) => hasCode(error, 'not-found'))
})

test('a person whom both changed waits for a decision, and so does what came after; the rest goes on', async () => {
  const { gallery } = here.store
  const [eva, franc] = await here.alone(() => Promise.all([here.enrol('Eva', 5), here.enrol('Franc', 6)]))
  here.line.cut()
  await gallery.updatePerson(eva, { name: 'Eva B' }, { ...context, summary: 'Renamed Eva to Eva B' })
  await gallery.tagPersons([eva], { add: ['later'], remove: [] }, context)
  await gallery.updatePerson(franc, { occupation: 'cook' }, context)
  await maria.gallery.updatePerson(eva, { name: 'Eva C' }, byMaria('Renamed Eva to Eva C'))
  here.line.heal()
  await here.until('up')

  expect(await maria.gallery.person(franc)).toMatchObject({ occupation: 'cook' })
  expect(await maria.gallery.person(eva)).toMatchObject({ name: 'Eva C', tags: [] })
  const [held, later, ...none] = await here.store.outboxEntries()
  expect(none).toEqual([])
  expect(held).toMatchObject({
    summary: 'Renamed Eva to Eva B',
    held: { code: 'conflict', detail: expect.stringContaining('Maria · Renamed Eva to Eva C') },
  })
  expect(later).not.toHaveProperty('held')

  // Applied all the same: it is decided about her, and what stands on it goes there as well.
  await here.store.retry(held!.id, true)
  expect(await here.store.outboxEntries()).toEqual([])
  expect(await maria.gallery.person(eva)).toMatchObject({ name: 'Eva B', tags: ['later'] })
})

test('whoever keeps theirs looks at what stands on it as well', async () => {
  const { gallery } = here.store
  const eta = await here.alone(() => here.enrol('Eta', 15))
  here.line.cut()
  await gallery.updatePerson(eta, { name: 'Eta B' }, context)
  await gallery.tagPersons([eta], { add: ['later'], remove: [] }, context)
  await maria.gallery.updatePerson(eta, { name: 'Eta C' }, byMaria('Renamed Eta to Eta C'))
  here.line.heal()
  await here.until('up')
  const [held, later] = await here.store.outboxEntries()
  await here.store.drop(held!.id)
  const [second] = await here.store.outboxEntries()
  expect(second).toMatchObject({ id: later!.id, held: { code: 'conflict' } })
  await here.store.drop(second!.id)
  expect(await here.store.outboxEntries()).toEqual([])
  expect(await maria.gallery.person(eta)).toMatchObject({ name: 'Eta C', tags: [] })
  // From what the server has, it goes on.
  await here.sync()
  here.line.cut()
  await gallery.updatePerson(eta, { occupation: 'cook' }, context)
  here.line.heal()
  await here.until('up')
  expect(await here.store.outboxEntries()).toEqual([])
  expect(await maria.gallery.person(eta)).toMatchObject({ name: 'Eta C', occupation: 'cook' })
})

test('what the server refuses waits for a decision, with the reason', async () => {
  const gorazd = await here.alone(() => here.enrol('Gorazd', 7))
  here.line.cut()
  await here.store.gallery.updatePerson(gorazd, { name: 'Hana' }, context)
  await maria.gallery.addPerson(client, slovenia, 'Hana', { aliases: [] }, byMaria('Added Hana'))
  here.line.heal()
  await here.until('up')
  const [held] = await here.store.outboxEntries()
  expect(held!.held).toMatchObject({
    code: 'conflict',
    message: 'slovenia already has a person called Hana.',
  })
  await here.store.drop(held!.id)
})

test('an edit that the server carried out without saying so is carried out once', async () => {
  const before = await database.query('SELECT count(*)::int AS entries FROM ledger')
  // The answer to the commit is lost.
  here.line.muteAt('COMMIT')
  const ivan = await here.enrol('Ivan', 9)
  expect(here.links.at(-1)).toBe('gone')
  here.line.heal()
  await here.until('up')
  expect(await maria.gallery.person(ivan)).toMatchObject({ name: 'Ivan', faces: 1 })
  const after = await database.query('SELECT count(*)::int AS entries FROM ledger')
  expect(Number(after[0]!.entries)).toBe(Number(before[0]!.entries) + 1)
  expect(await here.store.outboxEntries()).toEqual([])
})

test('an edit that went to the outbox is not carried out beside it, by a line that lasts', async () => {
  const olga = await here.alone(() => here.enrol('Olga', 10))
  const holder = new pg.Client(database.url)
  await holder.connect()
  await holder.query('BEGIN')
  await holder.query('LOCK TABLE visor.persons')
  // The edit waits on its connection, which stays; a search that waits as well finds that there are no others to be had.
  const edit = here.store.gallery.updatePerson(olga, { name: 'Olga B' }, context)
  here.line.refuse()
  await here.search(10)
  await edit
  expect(await here.store.outboxEntries()).toMatchObject([{ summary: 'a test' }])
  await holder.query('COMMIT')
  await holder.end()
  await expect.poll(() => database.query(transactionsInWork), { timeout: 10_000 }).toEqual([])
  expect(await maria.gallery.person(olga)).toMatchObject({ name: 'Olga' })
  here.line.heal()
  await here.until('up')
  expect(await maria.gallery.person(olga)).toMatchObject({ name: 'Olga B' })
  expect(await here.store.outboxEntries()).toEqual([])
})

test('the history has the login that wrote an entry, by the word of the server, and the chain is whole', async () => {
  await maria.gallery.addPerson(client, slovenia, 'Jana', { aliases: [] }, byMaria('Added Jana'))
  const [entry] = await maria.gallery.ledger({ clientId: client, limit: 1 })
  expect(entry).toMatchObject({ actor: 'Maria', login: database.user })
  // Whatever is said: it is whoever is logged in; and it stays.
  await expect(database.query("UPDATE ledger SET login = 'nobody'")).rejects.toThrow('append-only')
  expect(await maria.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('acts that no console will ask for again are forgotten, a month later; those that one waits with are not', async () => {
  const console = await here.cache.outbox.console()
  const act = (id: string, days: number, of = console) =>
    database.query(
      `INSERT INTO acts (client_id, act_id, console, made_at, at) VALUES ($1, $2, $3, 0, now() - make_interval(days => $4))`,
      [client, `${id}-0000-7000-8000-000000000000`, of, days],
    )
  const left = async () =>
    (await database.query('SELECT left(act_id::text, 8) AS id FROM acts WHERE made_at = 0 ORDER BY 1')).map(
      ({ id }) => id,
    )
  await act('00000001', 31)
  await act('00000002', 29)
  await act('00000003', 31, 'another console')
  await act('00000004', 400, 'another console')
  // Younger than what waits here, by its id.
  await act('ffffffff', 31)
  here.line.cut()
  const waits = await here.store.gallery.addPerson(client, slovenia, 'Klara', { aliases: [] }, context)
  await maria.gallery.addPerson(client, slovenia, 'Klara', { aliases: [] }, byMaria('Added Klara'))
  here.line.heal()
  await here.until('up')
  expect(await left()).toEqual(['00000002', '00000003', 'ffffffff'])
  // Somebody of that name was added meanwhile.
  expect(await here.store.outboxEntries()).toMatchObject([{ id: waits.ledgerId, held: { code: 'conflict' } }])
  await here.store.drop(waits.ledgerId!)
  await here.alone(() => here.search(1))
  expect(await left()).toEqual(['00000002', '00000003'])
})

/** Whether bytes of a text are anywhere in this console's database. */
const inFiles = (text: string) =>
  readdirSync(here.folder)
    .filter((name) => name.startsWith('visor.sqlite'))
    .some((name) => readFileSync(join(here.folder, name)).includes(text))

test('an edit of somebody whom another console erased is not carried out, and what it said goes', async () => {
  const [lana, mirko] = await here.alone(() => Promise.all([here.enrol('Lana', 21), here.enrol('Mirko', 22)]))
  here.line.cut()
  await here.store.gallery.updatePerson(
    lana,
    { name: 'Lana Zupanova' },
    { ...context, summary: 'Renamed Lana to Lana Zupanova' },
  )
  await here.store.gallery.updatePerson(mirko, { occupation: 'smith' }, context)
  expect(inFiles('Zupanova')).toBe(true)
  await maria.erasure.erase(
    { target: { personIds: [lana] }, possible: new Map() },
    { actor: 'Maria', summary: 'Erased a person', reason: 'asked to' },
  )
  here.line.heal()
  await here.until('up')
  const [struck, ...none] = await here.store.outboxEntries()
  expect(none).toEqual([])
  expect(struck).toMatchObject({
    summary: 'A change about somebody who was erased',
    people: [],
    held: { message: 'This change was about somebody who was erased.' },
  })
  expect(await maria.gallery.person(mirko)).toMatchObject({ occupation: 'smith' })
  await here.sync()
  expect(inFiles('Zupanova')).toBe(false)
  await expect(here.store.retry(struck!.id, true)).rejects.toSatisfy((error) => hasCode(error, 'not-found'))
  await here.store.drop(struck!.id)
})

test('no byte is left of a face that waited for the server when its person was erased there', async () => {
  const zala = await here.alone(() => here.enrol('Zala', 31))
  here.line.cut()
  const { photo, face } = madeAssignment('Zala', vectorOf(32), 'zala na obali')
  const waiting = [{ person: { personId: zala }, photo, face, source: 'confirmed' as const }]
  await here.store.gallery.assignFaces(client, slovenia, model, waiting, context)
  const traces = new Traces()
    .embedding('the embedding', face.embedding)
    .hash('the hash', photo.sha256)
    .text('the place', photo.path)
  const labels = () => [...traces.foundIn(here.folder).keys()]
  expect(labels()).toEqual(
    expect.arrayContaining([
      'the embedding, float32',
      `the hash “${photo.sha256}”`,
      `the place “${photo.path}”`,
    ]),
  )
  await maria.erasure.erase(
    { target: { personIds: [zala] }, possible: new Map() },
    { actor: 'Maria', summary: 'Erased a person', reason: 'asked to' },
  )
  here.line.heal()
  await here.until('up')
  await here.sync()
  expect(labels()).toEqual([])
  const [struck, ...none] = await here.store.outboxEntries()
  expect([struck?.people, none]).toEqual([[], []])
  await here.store.drop(struck!.id)
})

test('what was edited alone is in this console’s own history only while it waits, and goes whole with an erasure', async () => {
  const neva = await here.alone(() => here.enrol('Neva', 27))
  here.line.cut()
  const summary = 'Renamed Neva to Neva Oblakova'
  await here.store.gallery.updatePerson(neva, { name: 'Neva Oblakova' }, { ...context, summary })
  const summaries = async () =>
    (await here.cache.gallery.ledger({ clientId: client, limit: 100 })).map((entry) => entry.summary)
  expect(await summaries()).toContain(summary)
  here.line.heal()
  await here.until('up')
  await here.sync()
  expect(await maria.gallery.person(neva)).toMatchObject({ name: 'Neva Oblakova' })
  expect(await summaries()).not.toContain(summary)
  expect(await here.cache.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  await maria.erasure.erase(
    { target: { personIds: [neva] }, possible: new Map() },
    { actor: 'Maria', summary: 'Erased a person', reason: 'asked to' },
  )
  await here.sync()
  expect(inFiles('Oblakova')).toBe(false)
})

test('so is one that was held when somebody was erased', async () => {
  const nada = await here.alone(() => here.enrol('Nada', 23))
  here.line.cut()
  await here.store.gallery.updatePerson(
    nada,
    { name: 'Nada B' },
    { ...context, summary: 'Renamed Nada to Nada B' },
  )
  await maria.gallery.updatePerson(nada, { name: 'Nada C' }, byMaria('Renamed Nada to Nada C'))
  here.line.heal()
  await here.until('up')
  expect(await here.store.outboxEntries()).toMatchObject([{ held: { code: 'conflict' } }])
  await maria.erasure.erase(
    { target: { personIds: [nada] }, possible: new Map() },
    { actor: 'Maria', summary: 'Erased a person', reason: 'asked to' },
  )
  await expect
    .poll(async () => (await here.store.outboxEntries())[0]?.summary, { timeout: 10_000 })
    .toBe('A change about somebody who was erased')
  const [struck] = await here.store.outboxEntries()
  await here.store.drop(struck!.id)
})

test('a whole client that is erased goes from the outboxes of consoles that are away and of those that are there; other clients stay', async () => {
  const { gallery } = here.store
  await gallery.ensureDomain(otherClient, slovenia)
  await here.cache.cache.choose(otherClient, slovenia, true)
  await here.sync()
  const erase = (clientId: ClientId) =>
    maria.erasure.erase(
      { target: { clientId }, possible: new Map() },
      { actor: 'Maria', summary: 'Erased a client', reason: 'asked to' },
    )
  const struck = { summary: 'A change about somebody who was erased', people: [] }

  // Away.
  const petra = await here.alone(() => here.enrol('Petra', 24))
  here.line.cut()
  await gallery.addPerson(otherClient, slovenia, 'Rok Zorman', { aliases: [] }, context)
  await gallery.updatePerson(petra, { occupation: 'weaver' }, context)
  await erase(otherClient)
  here.line.heal()
  await here.until('up')
  expect(await here.store.outboxEntries()).toMatchObject([{ ...struck, clientId: otherClient }])
  expect(await maria.gallery.person(petra)).toMatchObject({ occupation: 'weaver' })
  await here.sync()
  expect(inFiles('Zorman')).toBe(false)

  // There, with an edit that is held; its connections are others than when it began.
  here.line.cut()
  await gallery.updatePerson(petra, { name: 'Petra Zorman' }, context)
  await maria.gallery.updatePerson(petra, { name: 'Petra C' }, byMaria('Renamed Petra to Petra C'))
  here.line.heal()
  await here.until('up')
  expect((await here.store.outboxEntries()).at(-1)).toMatchObject({ held: { code: 'conflict' } })
  await erase(client)
  await expect
    .poll(() => here.store.outboxEntries(), { timeout: 10_000 })
    .toMatchObject([
      { ...struck, clientId: otherClient },
      { ...struck, clientId: client },
    ])
  await here.sync()
  expect(inFiles('Zorman')).toBe(false)
})
