/** Review, Gallery health: the faults of a gallery of real faces are found, shown and put right by keys; each is undone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolFaultyGallery, names } from '../fixtures/faulty-gallery'
import { look } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

describe('the health queue', () => {
  const data = newDataFolder()
  let visor: VisorWindow
  beforeAll(async () => {
    await enrolFaultyGallery(data)
    visor = await openVisor({ data })
    visor.page.setDefaultTimeout(8_000)
    await visor.page.evaluate(() =>
      window.visor.request['settings.update']({
        firstRunDone: true,
        search: { domain: 'slovenia', allDomains: false },
      }),
    )
    await visor.page.keyboard.press('Control+3')
    await visor.page.getByRole('button', { name: 'Gallery health' }).click()
  }, 120_000)
  afterAll(() => visor.close())

  const question = () => visor.page.getByRole('heading', { level: 2 }).innerText()
  const place = () => visor.page.getByTestId('review-place').innerText()
  const total = async () => Number((await place()).split(' of ')[1])
  const act = async (key: string, wanted: RegExp) => {
    await visor.page.keyboard.press(key)
    await visor.page.getByText(wanted).first().waitFor()
  }
  const undoLast = async () => {
    await visor.page.keyboard.press('Control+Z')
    await visor.page.getByText('Undone').first().waitFor()
  }
  const upToDate = () =>
    expect.poll(() => visor.page.getByTestId('health-progress').innerText()).toBe('Up to date')

  it('finds the faults by itself, and shows the most harmful first', async () => {
    await upToDate()
    await expect.poll(question).toBe(`Is this ${names.ana}, or ${names.petra}?`)
    await expect.poll(place).toMatch(/^1 of \d+$/)
    expect(await total()).toBeGreaterThanOrEqual(7)
    expect(await visor.page.getByRole('figure').count()).toBe(3)
    const loaded = await visor.page
      .locator('figure img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth))
    expect(loaded).toEqual([192, 192, 192])
    await look(visor, 'health-outlier')
  })

  it('a photo that does not belong goes by one key, and is back by another', async () => {
    const before = await total()
    await act('Enter', /Ruled out 1 face/)
    await expect.poll(question).not.toBe(`Is this ${names.ana}, or ${names.petra}?`)
    await undoLast()
    await upToDate()
    await expect.poll(total).toBe(before)
    for (let step = 0; step < before; step++) await visor.page.keyboard.press('ArrowLeft')
    await expect.poll(question).toBe(`Is this ${names.ana}, or ${names.petra}?`)
    await act('G', new RegExp(`Gave 1 face to ${names.petra}`))
    await upToDate()
  })

  async function show(kind: string): Promise<void> {
    const { page } = visor
    await page.getByRole('combobox', { name: 'Kind of finding' }).click()
    await page.getByRole('option', { name: new RegExp(`^${kind}`) }).click()
    await page.getByRole('heading', { level: 2 }).waitFor()
    await page.getByRole('heading', { level: 2 }).click()
  }

  it('two people who look like one are told apart, or merged', async () => {
    await show('Looks like somebody else')
    const both = new RegExp(
      `^Are (${names.petra} and ${names.petja}|${names.petja} and ${names.petra}) one person\\?$`,
    )
    await expect.poll(question).toMatch(both)
    await visor.screenshot('health-look-alike')
    await act('X', /Told .+ and .+ apart/)
    await visor.page.getByText('Nothing of this kind').waitFor()
    await visor.screenshot('health-nothing-of-kind')
    await undoLast()
    await expect.poll(question).toMatch(both)
    await act('1', /Merged 2 people into/)
    await visor.page.getByText('Nothing of this kind').waitFor()
    await undoLast()
    await expect.poll(question).toMatch(both)
  })

  it('one name in two scripts is found', async () => {
    await show('Same name twice')
    await expect
      .poll(question)
      .toMatch(/^Are (Đurđa Šarić and Ђурђа Шарић|Ђурђа Шарић and Đurđa Šarić) one person\?$/)
    await visor.screenshot('health-same-name')
    await act('X', /Told .+ apart/)
    await visor.page.getByText('Nothing of this kind').waitFor()
  })

  it('one person twice in a photo: a mirror, or one is taken out', async () => {
    await show('Twice in one photo')
    await expect.poll(question).toBe(`Is ${names.mara} in this photo twice?`)
    await visor.screenshot('health-twice')
    await act('R', /A photo is a mirror or collage/)
    await visor.page.getByText('Nothing of this kind').waitFor()
    await undoLast()
    await expect.poll(question).toBe(`Is ${names.mara} in this photo twice?`)
    await act('2', /Took away 1 face/)
    await visor.page.getByText('Nothing of this kind').waitFor()
  })

  it('the better of all copies stays, in one act', async () => {
    await show('Copies of one photo')
    await visor.screenshot('health-copies')
    await visor.page.getByRole('button', { name: 'Keep the better of all' }).click()
    await visor.page
      .getByText(/Took away \d+ cop(y|ies) of photos/)
      .first()
      .waitFor()
    await undoLast()
  })

  it('what is fine is fine, and can be taken up again', async () => {
    await show('One photo only')
    const asked = await question()
    await act('F', /that it is fine/)
    await expect
      .poll(
        async () =>
          (await visor.page.getByRole('heading', { level: 2 }).count()) === 0 || (await question()) !== asked,
      )
      .toBe(true)
    await visor.page.getByRole('switch', { name: 'Said to be fine' }).click()
    await expect.poll(question).toBe(asked)
    await visor.page.getByRole('heading', { level: 2 }).click()
    await act('Enter', /Took a finding up again/)
    await visor.page.getByRole('switch', { name: 'Said to be fine' }).click()
    await expect.poll(question).toMatch(/has one photo only/)
  })

  it('marks people in the grid, and a domain leads to its findings', async () => {
    const { page } = visor
    await page.keyboard.press('Control+2')
    await page.getByRole('button', { name: /^\d+ findings? in slovenia/ }).waitFor()
    await page
      .getByRole('img', { name: /One photo only/ })
      .first()
      .waitFor()
    await visor.screenshot('health-grid')
    await page.getByRole('button', { name: /^\d+ findings? in slovenia/ }).click()
    await page.getByRole('main', { name: 'Review' }).waitFor()
    await expect.poll(place).toMatch(/^1 of \d+$/)
    await page.keyboard.press('O')
    await page.getByRole('main', { name: 'Galleries' }).waitFor()
  })

  it('fits a small window, and rests when it is told to', async () => {
    const { page } = visor
    await page.keyboard.press('Control+3')
    await page.setViewportSize({ width: 1024, height: 700 })
    await visor.screenshot('health-1024')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024)
    await page.getByRole('button', { name: 'Rest for now' }).click()
    await expect.poll(() => page.getByTestId('health-progress').innerText()).toBe('Paused')
    await page.getByRole('button', { name: 'Go on looking' }).click()
    await upToDate()
  })
})
