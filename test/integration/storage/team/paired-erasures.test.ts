/** On trial: what others erase on the server is erased here, all that this gallery says of them too; nothing else of the server comes here. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PersonId } from '../../../../src-shared/ids'
import { personNameSchema } from '../../../../src-shared/ids'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeFace, madePhoto } from '../../../contract/made-faces'
import { vectorOf } from './console'
import { enrol } from './paired-console'
import { onTrial } from './trial'

const trial = onTrial(['Ana', 'Bojan', 'Cene'])

const scope = { clientId: client, domain: slovenia, modelId: model }
const maria = { actor: 'Maria', summary: 'Hers' }
const erase = (...people: PersonId[]) =>
  trial.server.erasure.erase(
    { target: { personIds: people }, possible: new Map() },
    { ...maria, reason: 'they asked' },
  )
/** Whether bytes of a text are anywhere in this console's database. */
const inFiles = (text: string) =>
  readdirSync(trial.stores.folder)
    .filter((name) => name.startsWith('visor.sqlite'))
    .some((name) => readFileSync(join(trial.stores.folder, name)).includes(text))
const names = async () => {
  const filter = { clientId: client, domain: slovenia, text: '', sort: 'name', flags: [], tag: null } as const
  const people = await trial.local.gallery.personsById(await trial.local.gallery.personIds(filter))
  return people.map(({ name }) => name).sort()
}

test('at the next contact, and as it happens; what else was changed there does not come', async () => {
  await trial.here.gallery.updatePerson(
    trial.person('Bojan'),
    { name: 'Bojan Krajnc' },
    { ...context, summary: 'Renamed to Bojan Krajnc' },
  )
  const review = {
    person: { name: personNameSchema.parse('Bojan Krajnc') },
    photo: madePhoto('Krajnc at the sea'),
    facesInPhoto: 1,
    choice: 'largest' as const,
    kinds: ['quality' as const],
    faces: [{ ...madeFace(vectorOf(200)), crop: Buffer.from('picture') }],
  }
  await trial.here.reviews.add(scope, [review])
  await trial.server.gallery.updatePerson(trial.person('Ana'), { occupation: 'cook' }, maria)
  await trial.server.gallery.deletePersons([trial.person('Cene')], maria)
  await enrol(trial.server, 'Dana', 60)
  await erase(trial.person('Bojan'))
  expect(inFiles('Krajnc')).toBe(true)
  await trial.restart('dual')
  expect(await names()).toEqual(['Ana', 'Cene'])
  await expect(trial.local.gallery.person(trial.person('Bojan'))).rejects.toMatchObject({ code: 'not-found' })
  expect(await trial.local.gallery.bin(client, 30)).toEqual([])
  expect(await trial.local.gallery.person(trial.person('Ana'))).not.toHaveProperty('occupation')
  expect(inFiles('Krajnc')).toBe(false)
  expect(trial.changed).toEqual([client])
  expect(await trial.local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  expect(await trial.here.outboxEntries()).toMatchObject([{ people: [], held: { code: 'not-found' } }])
  expect(await trial.local.erasure.due()).toEqual([])

  await erase(trial.person('Ana'))
  await expect.poll(names, { timeout: 10_000 }).toEqual(['Cene'])
})

test('a bin that is emptied is no erasure', async () => {
  await trial.server.gallery.deletePersons([trial.person('Cene')], maria)
  await trial.server.gallery.emptyBin(client, Date.now() + 1000, maria)
  await erase(trial.person('Bojan'))
  await trial.restart('dual')
  expect(await names()).toEqual(['Ana', 'Cene'])
})

test('whoever is in the bin here goes from it; faces of nobody that went there go here', async () => {
  await trial.server.unknown.keep(scope, [{ photo: madePhoto('street'), faces: [madeFace(vectorOf(2))] }])
  await trial.follow()
  await trial.server.close()
  trial.server = await trial.openServer()
  await trial.here.gallery.deletePersons([trial.person('Bojan')], context)
  expect(await trial.local.unknown.ids(scope, 0)).toHaveLength(1)
  // The face of nobody is Bojan's, to within nothing.
  await trial.server.erasure.erase(
    { target: { personIds: [trial.person('Bojan')] }, possible: new Map([[model, 0.1]]) },
    { ...maria, reason: 'they asked' },
  )
  expect(await trial.server.unknown.ids(scope, 0)).toEqual([])
  await trial.restart('dual')
  expect(await trial.local.gallery.bin(client, 30)).toEqual([])
  expect(await trial.local.unknown.ids(scope, 0)).toEqual([])
  expect((await trial.here.outboxEntries())[0]).toMatchObject({ people: [] })
})

test('a month later too: what says whom an erasure took is not forgotten with the rest of the feed', async () => {
  await erase(trial.person('Bojan'))
  await trial.database.query("UPDATE changes SET at = now() - interval '40 days'")
  await trial.database.query('UPDATE clients SET revision = 199')
  await trial.database.query(
    "INSERT INTO changes (client_id, revision, kind, ids) VALUES ($1, 199, 'domain', '{}')",
    [client],
  )
  await enrol(trial.server, 'Dana', 60)
  const [left] = await trial.database.query(
    "SELECT count(*)::int AS count FROM changes WHERE at < now() - interval '30 days'",
  )
  expect(left!.count).toBeGreaterThan(0)
  await trial.restart('dual')
  expect(await names()).toEqual(['Ana', 'Cene'])
})

test('an erasure that was interrupted here is done again', async () => {
  await erase(trial.person('Bojan'), trial.person('Cene'))
  // Told, and not carried out.
  expect(await trial.local.cache.followErasures(trial.server.snapshots(), {})).toEqual({
    clientId: client,
    people: expect.arrayContaining([trial.person('Bojan'), trial.person('Cene')]),
  })
  await trial.restart('dual')
  expect(await names()).toEqual(['Ana'])
  expect(await trial.local.cache.followErasures(trial.server.snapshots(), {})).toBeUndefined()
})
