/** Photos dropped on a person of the gallery, or chosen for them: through the gate, and nowhere else. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sharp } from '../../src-main/vision/native/sharp'
import type { PersonDetail } from '../../src-shared/gallery'
import type { WaitingReviews } from '../../src-shared/review'
import type { Job } from '../../src-shared/status'
import { queueItems } from './asking'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

let visor: VisorWindow
const folder = newDataFolder()

async function cut(photo: number, left: number, top: number, width: number, height: number): Promise<Buffer> {
  return sharp(readFileSync(samplePhoto(photo)))
    .extract({ left, top, width, height })
    .jpeg({ quality: 92 })
    .toBuffer()
}

const write = (name: string, bytes: Buffer) => {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

/** Waits until as many enrolments have ended. */
async function ended(count: number): Promise<Job> {
  const jobs = async () => {
    const reply = await visor.page.evaluate(() => window.visor.request['app.jobs'](undefined))
    return reply.ok ? (reply.value as Job[]).filter(({ kind }) => kind.startsWith('enrol')) : []
  }
  await expect
    .poll(async () => (await jobs()).filter(({ state }) => state === 'done').length, { timeout: 60_000 })
    .toBe(count)
  return (await jobs()).at(-1)!
}

async function photosOfCleo(): Promise<string[]> {
  const reply = await visor.page.evaluate(async () => {
    const found = await window.visor.request['gallery.persons']({
      clientId: 'default',
      domain: 'team',
      text: 'Cleo',
      sort: 'name',
      flags: [],
      tag: null,
      offset: 0,
      limit: 1,
    })
    if (!found.ok) return found
    const { persons } = found.value as { persons: { personId: string }[] }
    return window.visor.request['gallery.person']({ personId: persons[0]!.personId })
  })
  if (!reply.ok) throw new Error(reply.error.message)
  return (reply.value as PersonDetail).facesList.map(({ photoPath }) => photoPath).sort()
}

const middleOf = async (name: RegExp) => {
  const box = (await visor.page.getByRole('option', { name }).boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

beforeAll(async () => {
  visor = await openVisor({ width: 1024, height: 700 })
  await visor.page.evaluate(async () => {
    await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
    await window.visor.request['settings.update']({ search: { domain: 'team' }, firstRunDone: true })
  })
})
afterAll(() => visor.close())

it('has somebody to begin with', async () => {
  write('people/Cleo/first.jpg', await cut(1, 1320, 100, 520, 620))
  await visor.answerDialog([join(folder, 'people')])
  await visor.page.evaluate(() =>
    window.visor.request['gallery.enrolFolder']({ clientId: 'default', domain: 'team' }),
  )
  await ended(1)
  await visor.page.getByRole('button', { name: 'Galleries' }).click()
  await visor.page.getByRole('option', { name: /^Cleo/ }).waitFor()
})

it('takes a photo that is dropped on a person’s cell, and says before whose it will be', async () => {
  const path = write('second.jpg', await cut(3, 920, 150, 500, 500))
  const at = await middleOf(/^Cleo/)
  await visor.dragOver([path], { x: 620, y: 600 })
  await visor.page.getByText('Drop on a person to add photos of them').waitFor()
  await visor.dragOver([path], at)
  await visor.page.getByTestId('drop-hint').getByText('Drop photos of Cleo').waitFor()
  await visor.screenshot('galleries-drop-dark')
  await visor.drop([path], at)
  expect((await ended(2)).outcome).toBe('Enrolled 1 photo.')
  expect(await photosOfCleo()).toEqual([join(folder, 'people/Cleo/first.jpg'), path].sort())
  expect(await queueItems(visor.page)).toEqual([])
  expect(await visor.page.getByTestId('drop-hint').count()).toBe(0)
})

it('takes of a photo of several the face that is the person’s, dropped on the inspector', async () => {
  const { page } = visor
  await page.getByRole('option', { name: /^Cleo/ }).click()
  const head = (await page.getByRole('region', { name: 'Person' }).boundingBox())!
  await visor.drop([samplePhoto(3)], { x: head.x + head.width / 2, y: head.y + 30 })
  const job = await ended(3)
  expect(job.outcome).toMatch(/^Enrolled 0 photos\. 1 waits for a look in Review\./)
  const reply = await page.evaluate(() =>
    window.visor.request['review.waiting']({
      clientId: 'default',
      domain: null,
      kind: null,
      offset: 0,
      limit: 10,
    }),
  )
  // The same picture as the one cut out of it, as far as her face goes.
  expect(reply.ok && (reply.value as WaitingReviews).reviews).toMatchObject([
    { person: { name: 'Cleo' }, kinds: ['near-duplicate'], faces: 1 },
  ])
})

it('takes photos and folders that are chosen for a person', async () => {
  const { page } = visor
  write('more/strangers.jpg', readFileSync(samplePhoto(4)))
  await visor.answerDialog([join(folder, 'more')])
  await page.getByRole('button', { name: 'Add photos of Cleo' }).click()
  await visor.screenshot('galleries-add-photos-dark')
  await page.getByRole('menuitem', { name: 'A folder of photos…' }).click()
  expect((await ended(4)).outcome).toMatch(/1 waits for a look in Review\./)
  expect(await photosOfCleo()).toHaveLength(2)
})

it('leads to what waits', async () => {
  const { page } = visor
  await page.getByRole('button', { name: 'Look', exact: true }).first().click()
  await page.getByRole('heading', { name: 'Is this Cleo?' }).waitFor()
  await page.getByRole('button', { name: 'Galleries' }).click()
  await page.getByRole('option', { name: /^Cleo/ }).waitFor()
})

it('still identifies what is dropped elsewhere', async () => {
  await visor.drop([samplePhoto(1)], { x: 620, y: 600 })
  await expect.poll(async () => (await queueItems(visor.page)).length).toBe(1)
  await visor.page.getByRole('listbox', { name: 'Photos' }).waitFor()
})
