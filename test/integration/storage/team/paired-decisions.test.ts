/** On trial: one decision about somebody whom others changed on the server as well settles it for that person, and is never taken silently. */
import { expect, test } from 'vitest'
import { client, context, slovenia } from '../../../contract/curated-store'
import { enrol } from './paired-console'
import { onTrial } from './trial'

const trial = onTrial(['Ana', 'Bojan', 'Cene'])

const maria = { actor: 'Maria', summary: 'Hers' }
/** An edit of Ana here. */
const edit = (occupation: string) =>
  trial.here.gallery.updatePerson(trial.person('Ana'), { occupation }, { ...context, summary: occupation })
const there = () => trial.server.gallery.person(trial.person('Ana'))
const onThisSide = () => trial.local.gallery.person(trial.person('Ana'))
/** What waits once all is through that may go. */
async function waiting(): Promise<(readonly [string, string | undefined])[]> {
  await trial.here.bringNow()
  return (await trial.here.outboxEntries()).map(({ summary, held }) => [summary, held?.code] as const)
}
/** Maria renamed Ana on the server, and an edit here is held for it. */
async function heldEdit() {
  await edit('pilot')
  await trial.server.gallery.updatePerson(trial.person('Ana'), { name: 'Ana C' }, maria)
  await trial.restart('dual')
  expect(await waiting()).toEqual([['pilot', 'conflict']])
  const [held] = await trial.here.outboxEntries()
  return held!.id
}

test('keep mine: what is edited of that person from then on goes through, until others change them again', async () => {
  const id = await heldEdit()
  await edit('singer')
  expect(await waiting()).toEqual([
    ['pilot', 'conflict'],
    ['singer', undefined],
  ])
  await trial.here.retry(id, true)
  expect(await waiting()).toEqual([])
  expect(await there()).toMatchObject({ name: 'Ana C', occupation: 'singer' })
  await edit('dancer')
  expect(await waiting()).toEqual([])
  expect(await there()).toMatchObject({ occupation: 'dancer' })
  // Nothing of theirs came here: nobody decided for it.
  expect(await onThisSide()).toMatchObject({ name: 'Ana', occupation: 'dancer' })

  await trial.server.gallery.updatePerson(trial.person('Ana'), { name: 'Ana D' }, maria)
  await edit('smith')
  expect(await waiting()).toEqual([['smith', 'conflict']])
  expect((await trial.here.outboxEntries())[0]!.held!.detail!.split('\n')).toHaveLength(1)
})

test('keep theirs: the person is brought to what the server has, and is edited from there', async () => {
  await trial.server.gallery.updatePerson(trial.person('Bojan'), { occupation: 'cook' }, maria)
  const id = await heldEdit()
  await edit('singer')
  await enrol(trial.server, 'Ana C', 50)
  await trial.here.drop(id)
  // It was made here before, and is looked at by itself.
  expect(await waiting()).toEqual([['singer', 'conflict']])
  expect(await onThisSide()).toMatchObject({ name: 'Ana C', faces: 2 })
  expect(await onThisSide()).not.toHaveProperty('occupation')
  expect(await trial.local.gallery.wholePerson(trial.person('Ana'))).toMatchObject({
    faces: (await trial.server.gallery.wholePerson(trial.person('Ana'))).faces.map(({ faceId }) => ({
      faceId,
    })),
  })
  expect(trial.changed).toContain(client)
  // Of nobody else did anything come.
  expect(await trial.local.gallery.person(trial.person('Bojan'))).not.toHaveProperty('occupation')
  await edit('dancer')
  const [singer] = await trial.here.outboxEntries()
  await trial.here.drop(singer!.id)
  expect(await waiting()).toEqual([])
  expect(await there()).toMatchObject({ name: 'Ana C', occupation: 'dancer' })
  expect(await onThisSide()).toMatchObject({ name: 'Ana C', occupation: 'dancer' })
  await trial.follow()
  expect(await trial.differences()).toEqual([])
  expect(await trial.local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('keep theirs of a merge: faces are whose they are there, also of somebody whom only the server knew', async () => {
  await edit('pilot')
  const dana = await trial.server.gallery.addPerson(client, slovenia, 'Dana', { aliases: [] }, maria)
  await trial.server.gallery.tellApart(dana.value, trial.person('Cene'), true, maria)
  await trial.server.gallery.mergePersons(dana.value, [trial.person('Ana')], maria)
  await trial.restart('dual')
  const [held] = await trial.here.outboxEntries()
  expect(held).toMatchObject({ held: { code: 'conflict' } })
  await trial.here.drop(held!.id)
  expect(await waiting()).toEqual([])
  await expect(onThisSide()).rejects.toMatchObject({ code: 'not-found' })
  expect(await trial.local.gallery.person(dana.value)).toMatchObject({ name: 'Dana', faces: 1 })
  await trial.follow()
  expect(await trial.differences()).toEqual([])
})

test('what was decided while the server was away is done when it is back', async () => {
  const id = await heldEdit()
  await trial.restart('local')
  await trial.here.drop(id)
  expect(await onThisSide()).toMatchObject({ name: 'Ana', occupation: 'pilot' })
  await trial.restart('dual')
  expect(await waiting()).toEqual([])
  expect(await onThisSide()).toMatchObject({ name: 'Ana C' })
  expect(await onThisSide()).not.toHaveProperty('occupation')
})

test('a decision is about what was seen: what others did after it holds up the next edit', async () => {
  const id = await heldEdit()
  await trial.server.gallery.updatePerson(trial.person('Ana'), { name: 'Ana D' }, maria)
  await trial.here.retry(id, true)
  await edit('dancer')
  expect(await waiting()).toEqual([['dancer', 'conflict']])
})
