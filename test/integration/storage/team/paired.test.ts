/** A local gallery that is paired with a server: its edits are kept and brought there once, and it follows without losing anything. */
import { expect, test } from 'vitest'
import type { PairedStore } from '../../../../src-main/storage/team/paired-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { vectorOf } from './console'
import { enrol } from './paired-console'
import { onTrial } from './trial'

const trial = onTrial(['Ana', 'Bojan', 'Cene', 'Dana'])

const found = async (store: { gallery: PairedStore['gallery'] }, seed: number) => {
  const { probes } = await store.gallery.search({
    clientId: client,
    domains: [slovenia],
    modelId: model,
    probes: [vectorOf(seed)],
    topPersons: 1,
    topFaces: 0,
    withinDistance: 0.5,
  })
  const [hit] = probes[0]!.persons
  return hit !== undefined && hit.distance < 0.1 ? hit.name : undefined
}

test('what is edited here waits, is brought there once in mode dual, and both are equal when it was followed', async () => {
  await trial.here.gallery.updatePerson(trial.person('Ana'), { occupation: 'pilot' }, context)
  const { value } = await enrol(trial.here, 'Eva', 50)
  await trial.here.gallery.deletePersons([trial.person('Bojan')], context)
  expect(await trial.here.outboxEntries()).toHaveLength(3)
  expect(await found(trial.server, 50)).toBeUndefined()
  await trial.restart('dual')
  await trial.brought()
  expect(await trial.server.gallery.person(trial.person('Ana'))).toMatchObject({ occupation: 'pilot' })
  expect(await trial.server.gallery.person(value[0]!.personId)).toMatchObject({ name: 'Eva', faces: 1 })
  await expect(trial.server.gallery.person(trial.person('Bojan'))).rejects.toMatchObject({
    code: 'not-found',
  })
  const entries = await trial.database.query('SELECT count(*)::int AS entries FROM ledger')
  await trial.here.bringNow()
  expect(await trial.database.query('SELECT count(*)::int AS entries FROM ledger')).toEqual(entries)
  await trial.follow()
  expect(await trial.differences()).toEqual([])
  expect((await trial.local.gallery.bin(client, 30)).map((entry) => entry.names)).toEqual([['Bojan']])
})

test('a gallery that lacks a row is not paired', async () => {
  await trial.local.dual.endPairing(client)
  await trial.server.gallery.updatePerson(trial.person('Ana'), { occupation: 'pilot' }, context)
  await trial.local.dual.beginPairing(client, await trial.server.feed.identity(), 'elsewhere')
  const differing = await trial.local.cache.pair(client, trial.server.snapshots(), {})
  expect(differing).toMatchObject([{ table: 'persons', differing: 1 }])
  expect((await trial.local.dual.standing()).pairings).toMatchObject([{ state: 'copying' }])
})

test('what others do on the server comes here, and what they remove goes to the bin', async () => {
  await enrol(trial.server, 'Franc', 60)
  await enrol(trial.server, 'Ana', 61)
  await trial.server.gallery.deletePersons([trial.person('Cene')], context)
  // Names go round.
  await trial.server.gallery.updatePerson(trial.person('Ana'), { name: 'Bojan 2' }, context)
  await trial.server.gallery.updatePerson(trial.person('Bojan'), { name: 'Ana' }, context)
  await trial.server.gallery.updatePerson(trial.person('Ana'), { name: 'Bojan' }, context)
  await trial.follow()
  expect(await trial.differences()).toEqual([])
  expect(await found(trial.local, 60)).toBe('Franc')
  expect(await found(trial.local, 61)).toBe('Bojan')
  expect(await found(trial.local, 3)).toBeUndefined()
  const [binned] = await trial.local.gallery.bin(client, 30)
  expect(binned).toMatchObject({ names: ['Cene'], faces: 1 })
  await trial.local.gallery.undo(binned!.ledgerId, context)
  expect(await found(trial.local, 3)).toBe('Cene')
  expect(await trial.local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('whom an erasure on the server takes goes for good', async () => {
  await trial.server.erasure.erase(
    { target: { personIds: [trial.person('Dana')] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await trial.follow()
  expect(await trial.differences()).toEqual([])
  expect(await trial.local.gallery.bin(client, 30)).toEqual([])
  await expect(trial.local.gallery.person(trial.person('Dana'))).rejects.toMatchObject({ code: 'not-found' })
})

test('what this gallery itself says of whom another console erased goes with them, and its history holds', async () => {
  const dana = trial.person('Dana')
  await trial.here.gallery.updatePerson(dana, { occupation: 'spy' }, { ...context, summary: 'Dana is a spy' })
  const { value } = await enrol(trial.server, 'Only there', 80)
  const onlyThere = value[0]!.personId
  const hit = { personId: onlyThere, name: 'Only there', faceId: value[0]!.faceId, distance: 0.1 }
  await trial.local.dual.record([
    {
      ...{ at: Date.now(), clientId: client, domain: slovenia, modelId: model, origin: 'live', localMs: 1 },
      outcome: {
        ...{ serverMs: 1, sameFirst: false, overlap: 0, largestDifference: 0 },
        disagreement: { cause: 'missing-rows', local: [], server: [hit] },
      },
    },
  ])
  const kept = async () => (await trial.local.dual.disagreements({ since: 0, offset: 0, limit: 10 })).total
  expect(await kept()).toBe(1)
  await trial.server.erasure.erase(
    { target: { personIds: [dana, onlyThere] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await trial.follow()
  expect(await kept()).toBe(0)
  expect(JSON.stringify(await trial.local.gallery.ledger({ clientId: client, limit: 100 }))).not.toContain(
    'Dana',
  )
  const [struck] = await trial.here.outboxEntries()
  expect(struck).toMatchObject({ held: { code: 'not-found' }, people: [] })
  expect(struck!.summary).not.toContain('Dana')
  expect((await trial.local.outbox.act(struck!.id)).call.args).toHaveLength(0)
  expect(await trial.local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('on trial, an edit of whom another console erased is struck, and whom only the server knew is in no comparison', async () => {
  const { value } = await enrol(trial.server, 'Only there', 80)
  const { personId, faceId } = value[0]!
  const hit = { personId, name: 'Only there', faceId, distance: 0.1 }
  await trial.local.dual.record([
    {
      ...{ at: Date.now(), clientId: client, domain: slovenia, modelId: model, origin: 'live', localMs: 1 },
      outcome: {
        ...{ serverMs: 1, sameFirst: false, overlap: 0, largestDifference: 0 },
        disagreement: { cause: 'missing-rows', local: [], server: [hit] },
      },
    },
  ])
  await trial.here.gallery.updatePerson(trial.person('Dana'), { occupation: 'spy' }, context)
  await trial.here.close()
  await trial.server.erasure.erase(
    { target: { personIds: [trial.person('Dana')] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await trial.restart('dual')
  const [struck] = await trial.here.outboxEntries()
  expect(struck).toMatchObject({ held: { code: 'not-found' }, people: [] })
  expect(await trial.local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  const kept = async () => (await trial.local.dual.disagreements({ since: 0, offset: 0, limit: 10 })).total
  expect(await kept()).toBe(1)
  await trial.server.erasure.erase(
    { target: { personIds: [personId] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await expect.poll(kept, { timeout: 10_000 }).toBe(0)
})

test('where both changed somebody, mine waits for a decision, the rest goes on, and nothing is lost', async () => {
  const mine = await enrol(trial.here, 'Greta', 70)
  await trial.here.gallery.updatePerson(
    trial.person('Ana'),
    { name: 'Ana B' },
    { ...context, summary: 'Renamed Ana' },
  )
  await trial.server.gallery.updatePerson(
    trial.person('Ana'),
    { name: 'Ana C' },
    { actor: 'Maria', summary: 'Hers' },
  )
  const theirs = await enrol(trial.server, 'Greta', 71)
  await trial.restart('dual')
  const entries = await trial.here.outboxEntries()
  expect(entries.map(({ held }) => held?.code)).toEqual(['conflict', 'conflict'])
  // In mode dual the local gallery is as it was edited.
  expect(await trial.local.gallery.person(trial.person('Ana'))).toMatchObject({ name: 'Ana B' })

  // Once it follows, it has what the server has; what waits is still there, and whom only this console knows is in the bin.
  await trial.follow()
  expect(await trial.differences()).toEqual([])
  expect(await trial.local.gallery.person(trial.person('Ana'))).toMatchObject({ name: 'Ana C' })
  expect(await trial.local.gallery.person(theirs.value[0]!.personId)).toMatchObject({ name: 'Greta' })
  expect(await trial.local.gallery.bin(client, 30)).toMatchObject([{ names: ['Greta'], faces: 1 }])
  await expect(trial.local.gallery.person(mine.value[0]!.personId)).rejects.toMatchObject({
    code: 'not-found',
  })
  const renamed = entries.find(({ summary }) => summary === 'Renamed Ana')!
  await trial.here.retry(renamed.id, true)
  await trial.follow()
  expect(await trial.local.gallery.person(trial.person('Ana'))).toMatchObject({ name: 'Ana B' })
  expect(await trial.differences()).toEqual([])
})

test('what was done before the copy is not undone on one side alone', async () => {
  await trial.local.dual.endPairing(client)
  const { ledgerId } = await trial.local.gallery.updatePerson(
    trial.person('Ana'),
    { occupation: 'cook' },
    context,
  )
  await trial.local.gallery.updatePerson(trial.person('Ana'), { occupation: null }, context)
  await trial.local.dual.beginPairing(client, await trial.server.feed.identity(), 'again')
  await trial.here.pairingsChanged()
  await expect(trial.here.gallery.undo(ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
  await expect(
    trial.here.gallery.renameDomain(client, slovenia, 'x' as never, context),
  ).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('a server that was given to another store is looked for anew', async () => {
  await trial.restart('dual')
  const lent = trial.here.lend()
  expect(trial.here.server).toBeUndefined()
  await trial.here.gallery.updatePerson(trial.person('Ana'), { occupation: 'pilot' }, context)
  await expect.poll(() => trial.here.link?.state, { timeout: 10_000 }).toBe('up')
  await trial.brought()
  expect(await lent!.gallery.person(trial.person('Ana'))).toMatchObject({ occupation: 'pilot' })
  await lent!.close()
})
