/** Boxes on photos: a face deleted and drawn again, named and found; boxes moved and pulled; each undone; a file found again. */
import { copyFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GalleryPhoto, PersonDetail } from '../../src-shared/gallery'
import type { Box } from '../../src-shared/geometry'
import { look } from './look'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

describe('boxes in the hands of a curator', () => {
  let visor: VisorWindow
  let surface: Locator
  beforeAll(async () => {
    visor = await openVisor()
    const { page } = visor
    surface = page.getByTestId('gallery-photo')
    await page.getByRole('button', { name: 'Try the sample gallery' }).click()
    await page.getByRole('option', { name: /^sample6\.jpg/ }).waitFor({ timeout: 60_000 })
    await screen('Galleries')
    await page
      .getByRole('listbox', { name: 'People' })
      .getByRole('option', { name: /^Cleo Sample/ })
      .click()
    await page.getByRole('listbox', { name: 'Faces of Cleo Sample' }).getByRole('option').first().dblclick()
    await faceBoxes().first().waitFor()
  })
  afterAll(() => visor.close())

  const screen = (name: string) =>
    visor.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name }).click()
  const faceBoxes = () => surface.getByTestId(/^face-box-/)
  const chosenFace = () => visor.page.getByTestId('photo-face').innerText()
  const toast = (text: string | RegExp) => visor.page.getByRole('alert').filter({ hasText: text })

  /** What the gallery knows of the open photo. */
  async function known(): Promise<GalleryPhoto> {
    const photoId = await visor.page.evaluate(async () => {
      const src = document.querySelector('[data-testid="gallery-photo"] img')?.getAttribute('src') ?? ''
      return src.split('/').at(-2) ?? ''
    })
    const reply = await visor.page.evaluate(
      (id) => window.visor.request['photo.open']({ photoId: id as never }),
      photoId,
    )
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value as GalleryPhoto
  }
  const faceOf = async (name: string) => (await known()).faces.find(({ person }) => person?.name === name)

  /** Drags from one place on the loupe to another. */
  async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const { mouse } = visor.page
    await mouse.move(from.x, from.y)
    await mouse.down()
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 })
    await mouse.move(to.x, to.y, { steps: 3 })
    await mouse.up()
  }

  const handle = async (name: string) => {
    const box = (await surface.locator(`[data-part="${name}"]`).boundingBox())!
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  const resize = (width: number, height: number) =>
    visor.app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    )

  it('shows the whole photo with every face of the domain', async () => {
    expect(await chosenFace()).toContain('Cleo Sample')
    expect((await known()).faces.length).toBe(await faceBoxes().count())
    await look(visor, 'photo-page')
  })

  it('deletes a face, draws it again, names it, and finds it by search', async () => {
    const { page } = visor
    const before = (await faceOf('Cleo Sample'))!
    const count = await faceBoxes().count()
    const place = (await surface.getByTestId(`face-box-${before.faceId}`).boundingBox())!
    await page.keyboard.press('Delete')
    await expect.poll(() => faceBoxes().count()).toBe(count - 1)
    await toast('Deleted a face of Cleo Sample').waitFor()

    await page.keyboard.press('b')
    await page.getByTestId('draft-bar').waitFor()
    await drag(place, { x: place.x + place.width, y: place.y + place.height })
    await page.getByTestId('box-draft').waitFor()
    await look(visor, 'photo-page-drawing')
    await page.keyboard.press('Enter')
    await expect.poll(chosenFace, { timeout: 20_000 }).toMatch(/Nobody yet[\s\S]*drawn by hand/)
    const drawn = (await known()).faces.find(({ manual }) => manual)!
    expect(drawn.score).toBeGreaterThan(0.5)

    await page.keyboard.press('a')
    await page.getByRole('combobox', { name: 'Search a person' }).fill('Cleo Sample')
    await page
      .getByRole('listbox', { name: 'Persons' })
      .getByRole('option', { name: /^Cleo Sample/, selected: true })
      .waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(chosenFace).toContain('Cleo Sample')
    expect(await faceOf('Cleo Sample')).toMatchObject({ faceId: drawn.faceId, manual: true })
    await look(visor, 'photo-page-named')

    await screen('Identify')
    const person = page.getByTestId('face-box-0')
    const { path } = await pathOf('Cleo Sample')
    const name = path.split('/').at(-1)!
    await page
      .getByRole('option', { name: new RegExp(`^${name}`) })
      .first()
      .click()
    await person.waitFor()
    await expect
      .poll(() => page.getByRole('listbox', { name: 'Faces of this photo' }).innerText())
      .toContain('Cleo Sample')
    await screen('Galleries')
    await faceBoxes().first().waitFor()
  })

  async function pathOf(name: string): Promise<{ path: string; detail: PersonDetail }> {
    const value = await visor.page.evaluate(async (wanted) => {
      const { request } = window.visor
      const list = await request['gallery.persons']({
        clientId: 'default' as never,
        domain: null,
        text: wanted,
        sort: 'name',
        flags: [],
        tag: null,
        offset: 0,
        limit: 1,
      })
      if (!list.ok) throw new Error(list.error.message)
      const [first] = (list.value as { persons: { personId: never }[] }).persons
      const detail = await request['gallery.person']({ personId: first!.personId })
      if (!detail.ok) throw new Error(detail.error.message)
      return detail.value
    }, name)
    const detail = value as PersonDetail
    return { path: detail.facesList[0]!.photoPath, detail }
  }

  it('moves and resizes a box by keys, and by its handles, and takes each back', async () => {
    const { page } = visor
    const { faceId, box } = (await faceOf('Cleo Sample'))!
    await surface.getByTestId(`face-box-${faceId}`).locator('rect').first().click({ force: true })
    const now = async (): Promise<Box> => (await faceOf('Cleo Sample'))!.box
    await page.keyboard.press('e')
    await page.getByTestId('box-draft').waitFor()
    await page.keyboard.press('ControlOrMeta+ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ControlOrMeta+Shift+ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(now, { timeout: 20_000 }).not.toEqual(box)
    const byKeys = await now()
    expect(byKeys.x).toBeGreaterThan(box.x + 5)
    expect(byKeys.y).toBeGreaterThan(box.y)
    expect(byKeys.w).toBeGreaterThan(box.w + 5)
    expect(byKeys.h).toBe(Math.round(box.h))

    await page.getByTestId('box-draft').waitFor({ state: 'detached' })
    const grip = await handle('se')
    await drag(grip, { x: grip.x + 12, y: grip.y + 15 })
    await page
      .getByTestId('draft-bar')
      .getByRole('button', { name: /^Keep the box/ })
      .click()
    await expect.poll(now, { timeout: 20_000 }).not.toEqual(byKeys)
    expect((await now()).h).toBeGreaterThan(byKeys.h + 5)

    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(now).toEqual(byKeys)
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(now).toEqual(box)
    // Left as it was: nothing is changed.
    await page.keyboard.press('e')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Escape')
    expect(await now()).toEqual(box)
  })

  it('undoes naming, drawing and deleting, one after the other', async () => {
    const { page } = visor
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(chosenFace).toContain('Nobody yet')
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(async () => (await known()).faces.some(({ manual }) => manual)).toBe(false)
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(async () => (await faceOf('Cleo Sample'))?.manual).toBe(false)
  })

  it('fits into 1024 × 700, zoomed in, with a box in the making', async () => {
    const { page } = visor
    await resize(1024, 700)
    await page.keyboard.press('Space')
    await page.keyboard.press('b')
    await page.keyboard.press('ArrowRight')
    await page.getByTestId('box-draft').waitFor()
    await look(visor, 'photo-page-small')
    await page.keyboard.press('Escape')
    await resize(1440, 900)
  })

  it('draws a missed face in Identify, changes and deletes it, and takes that back', async () => {
    const { page } = visor
    await screen('Identify')
    const strip = page.getByRole('listbox', { name: 'Faces of this photo' }).getByRole('option')
    const loupe = page.getByTestId('loupe')
    await page.getByTestId('face-box-0').waitFor()
    await page.keyboard.press('0')
    const count = await strip.count()
    const frame = (await loupe.locator('img').nth(1).boundingBox())!
    await page.getByRole('button', { name: 'Draw a face' }).click()
    await drag({ x: frame.x + 12, y: frame.y + 12 }, { x: frame.x + 72, y: frame.y + 92 })
    await look(visor, 'identify-drawing')
    await page.keyboard.press('Enter')
    await expect.poll(() => strip.count(), { timeout: 20_000 }).toBe(count + 1)
    await page.getByRole('note').filter({ hasText: 'Box drawn by hand' }).waitFor()
    await look(visor, 'identify-drawn')
    await page.keyboard.press('Shift+Delete')
    await expect.poll(() => strip.count()).toBe(count)
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(() => strip.count()).toBe(count + 1)
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(() => strip.count()).toBe(count)
  })
})

describe('a photo whose file was moved', () => {
  let visor: VisorWindow
  const folder = newDataFolder()
  const photo = join(folder, 'ana.jpg')
  beforeAll(async () => {
    copyFileSync(samplePhoto(2), photo)
    visor = await openVisor()
    const { page } = visor
    await page.evaluate(() =>
      window.visor.request['gallery.createDomain']({ clientId: 'default' as never, domain: 'home' as never }),
    )
    await page.evaluate(() =>
      window.visor.request['settings.update']({ search: { domain: 'home' as never } }),
    )
    await visor.drop([photo])
    await page.getByTestId('face-box-0').waitFor({ timeout: 60_000 })
  })
  afterAll(() => visor.close())

  it('says so, refuses another file, and shows it again once it is located', async () => {
    const { page } = visor
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ana')
    await page.keyboard.press('Enter')
    const objection = page.getByRole('button', { name: /^Add all the same/ })
    const decision = page.getByTestId('decision')
    await expect
      .poll(async () => {
        if (await objection.isVisible()) await objection.click()
        return decision.innerText()
      })
      .toMatch(/match/i)
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Galleries' }).click()
    const ana = page.getByRole('listbox', { name: 'People' }).getByRole('option', { name: /^Ana/ })
    await ana.waitFor({ timeout: 30_000 })
    const elsewhere = join(folder, 'elsewhere.jpg')
    renameSync(photo, elsewhere)
    await ana.click()
    await page.getByRole('listbox', { name: 'Faces of Ana' }).getByRole('option').first().dblclick()
    const surface = page.getByTestId('gallery-photo')
    await surface
      .getByText('The photo’s file is not where it was.', { exact: true })
      .waitFor({ timeout: 20_000 })
    await visor.screenshot('photo-page-missing')
    await visor.answerDialog([samplePhoto(3)])
    await surface.getByRole('button', { name: 'Choose the file…' }).click()
    await page.getByText('That file is another picture.').first().waitFor()
    await visor.answerDialog([elsewhere])
    await surface.getByRole('button', { name: 'Choose the file…' }).click()
    await surface
      .getByText('The photo’s file is not where it was.', { exact: true })
      .waitFor({ state: 'detached' })
    await expect
      .poll(() => surface.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(100)
  })
})
