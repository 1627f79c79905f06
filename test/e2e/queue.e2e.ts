/** The queue in an analyst's hands: paste, pause, cancel, retry, filter, take out and put back, enrol from the window. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sharp } from '../../src-main/vision/native/sharp'
import { allDone, queueItems, recognitionOf } from './asking'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

let visor: VisorWindow
const states = async () => (await queueItems(visor.page)).map(({ name, state }) => `${name} ${state}`)
const photoList = () => visor.page.getByRole('listbox', { name: 'Photos' })

beforeAll(async () => {
  visor = await openVisor()
  await visor.page.evaluate(async () => {
    await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
    await window.visor.request['settings.update']({ search: { domain: 'team' }, firstRunDone: true })
  })
})
afterAll(() => visor.close())

it('enrols a folder of people from the window', async () => {
  const people = newDataFolder()
  mkdirSync(join(people, 'Zoe'))
  const portrait = sharp(readFileSync(samplePhoto(1))).extract({
    left: 1340,
    top: 130,
    width: 500,
    height: 520,
  })
  writeFileSync(join(people, 'Zoe', 'portrait.jpg'), await portrait.jpeg({ quality: 95 }).toBuffer())
  // Whose face is meant in it cannot be told: it waits in Review, and is not left out.
  cpSync(samplePhoto(4), join(people, 'Zoe', 'group.jpg'))
  const wall = sharp({ create: { width: 300, height: 300, channels: 3, background: '#777' } })
  writeFileSync(join(people, 'Zoe', 'wall.png'), await wall.png().toBuffer())
  await visor.answerDialog([people])
  const { page } = visor
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Galleries' }).click()
  await page
    .getByRole('button', { name: /^Enrol a folder/ })
    .first()
    .click()
  await page.getByRole('option', { name: /^Zoe/ }).waitFor()
  const skipped = async () => {
    const jobs = await page.evaluate(() => window.visor.request['app.jobs'](undefined))
    const job = (jobs.ok ? (jobs.value as { kind: string; skipped?: { path: string }[] }[]) : []).find(
      ({ kind }) => kind === 'enrol-folder',
    )
    return job?.skipped?.map(({ path }) => path)
  }
  await expect.poll(skipped).toEqual([join(people, 'Zoe', 'wall.png')])
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Identify' }).click()
})

it('takes a picture from the clipboard, which has no file', async () => {
  const picture = await sharp(readFileSync(samplePhoto(3)))
    .resize(1200)
    .png()
    .toBuffer()
  await visor.page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
    window.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, picture.toString('base64'))
  await expect.poll(states).toEqual(['Pasted picture done'])
  const [item] = await queueItems(visor.page)
  expect(item).toMatchObject({ faces: 3, people: [{ name: 'Zoe', decision: 'match' }] })
})

it('pauses, cancels what waits, and tries again', async () => {
  const { page } = visor
  await page
    .getByRole('button', { name: 'Pause the queue' })
    .or(page.getByRole('button', { name: 'More about the queue' }))
    .first()
    .waitFor()
  await page.evaluate(() => window.visor.request['queue.pause'](undefined))
  await visor.drop([1, 2, 4].map(samplePhoto))
  await expect
    .poll(states)
    .toEqual(['Pasted picture done', 'sample1.jpg waiting', 'sample2.jpg waiting', 'sample4.jpg waiting'])
  await page.getByRole('button', { name: 'Cancel the queue' }).click()
  await expect
    .poll(async () => (await states()).filter((state) => state.endsWith('cancelled')).length)
    .toBe(3)
  await page.evaluate(() => window.visor.request['queue.resume'](undefined))
  await page.evaluate(() => window.visor.request['queue.retry']({}))
  await allDone(page, 4)
})

it('shows what the filter asks for: a decision, a person, a name', async () => {
  const { page } = visor
  const shown = () => photoList().getByRole('option').count()
  await expect.poll(shown).toBe(4)
  const filter = (wanted: object) =>
    page.evaluate(
      (given) =>
        window.visor.request['settings.update']({
          filter: { text: '', personId: null, decision: null, state: null, ...given },
        }),
      wanted,
    )
  await filter({ decision: 'match' })
  await expect.poll(shown).toBe(2)
  const [zoe] = (await queueItems(page))[0]!.people
  await filter({ personId: zoe!.personId })
  await expect.poll(shown).toBe(2)
  await filter({ text: 'SAMPLE2' })
  await expect.poll(shown).toBe(1)
  await filter({})
  await expect.poll(shown).toBe(4)
})

it('takes photos out, and puts them back with Ctrl+Z', async () => {
  const { page } = visor
  const before = await queueItems(page)
  await photoList()
    .getByRole('option', { name: /^sample2/ })
    .click()
  await page.keyboard.press('Delete')
  await expect.poll(async () => (await queueItems(page)).length).toBe(3)
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await queueItems(page)).length).toBe(4)
  const back = (await queueItems(page)).find(({ name }) => name === 'sample2.jpg')
  expect(back).toMatchObject({
    itemId: before.find(({ name }) => name === 'sample2.jpg')!.itemId,
    state: 'done',
    faces: 3,
  })
})

it('gives a face to somebody of the gallery, and a second face of the photo is refused', async () => {
  const { page } = visor
  const item = (await queueItems(page)).find(({ name }) => name === 'sample4.jpg')!
  await photoList()
    .getByRole('option', { name: /^sample4/ })
    .click()
  await page.getByTestId('face-box-0').click()
  await page.keyboard.press('a')
  await page.getByRole('combobox', { name: 'Search a person' }).fill('zo')
  await page.getByRole('option', { name: /^Zoe/ }).last().click()
  await expect.poll(async () => (await recognitionOf(page, item.itemId))!.faces[0]!.confirmed).toBe(true)
  const personId = (await recognitionOf(page, item.itemId))!.faces[0]!.person!.personId
  const second = await page.evaluate(
    ([itemId, person]) =>
      window.visor.request['face.confirm']({ itemId, faceIndex: 1, personId: person } as never),
    [item.itemId, personId] as const,
  )
  expect(second).toMatchObject({ ok: true, value: { done: false } })
  expect(JSON.stringify(second)).toContain('same-photo')
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await recognitionOf(page, item.itemId))!.faces[0]!.confirmed).toBe(false)
})

it('finds very small faces where it is asked to be thorough', async () => {
  const { page } = visor
  const group = await sharp(readFileSync(samplePhoto(6)))
    .resize(230)
    .toBuffer()
  const canvas = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#8a8f94' } })
  const path = join(newDataFolder(), 'crowd.jpg')
  writeFileSync(
    path,
    await canvas
      .composite([{ input: group, left: 1900, top: 1400 }])
      .jpeg({ quality: 95 })
      .toBuffer(),
  )
  const faces = async () => (await queueItems(page)).find(({ name }) => name === 'crowd.jpg')?.faces
  await visor.drop([path])
  await allDone(page, 5)
  const before = (await faces())!
  await page.evaluate(() => window.visor.request['settings.update']({ search: { thorough: true } }))
  const { itemId } = (await queueItems(page)).find(({ name }) => name === 'crowd.jpg')!
  await page.evaluate((id) => window.visor.request['queue.retry']({ itemIds: [id] } as never), itemId)
  await expect.poll(faces).toBeGreaterThan(before)
})
