/** Settings, Thresholds: a made gallery is measured, its lines are moved and used; the sample gallery has too few people. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DomainCalibration } from '../../src-shared/requests/thresholds'
import { enrolMadeGallery } from '../fixtures/made-gallery'
import { look } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

/** What main knows of the domain. */
async function known({ page }: VisorWindow, domain: string): Promise<DomainCalibration> {
  const reply = await page.evaluate(
    (name) => window.visor.request['thresholds.calibration']({ clientId: 'default', domain: name }),
    domain,
  )
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.value as DomainCalibration
}

async function showThresholds({ page }: VisorWindow): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Thresholds' }).click()
}

describe('the thresholds of a made gallery', () => {
  const data = newDataFolder()
  let visor: VisorWindow
  const open = async () => {
    visor = await openVisor({ data })
    await visor.page.evaluate(() =>
      window.visor.request['settings.update']({
        firstRunDone: true,
        search: { domain: 'slovenia', allDomains: false },
      }),
    )
    await showThresholds(visor)
  }
  beforeAll(async () => {
    await enrolMadeGallery(data, { domain: 'slovenia', persons: 400, photosEach: 3, spread: 0.6, seed: 7 })
    await enrolMadeGallery(data, { domain: 'serbia', persons: 40, photosEach: 1, spread: 0.6, seed: 8 })
    await open()
  })
  afterAll(() => visor.close())

  const slider = (name: 'Match within' | 'Possible within') => visor.page.getByRole('slider', { name })
  const distanceOf = async (name: 'Match within' | 'Possible within') =>
    Number(await slider(name).getAttribute('aria-valuenow'))
  const sentence = (level: 'match' | 'possible') => visor.page.getByTestId(`sentence-${level}`).innerText()

  it('are measured on request, and said in words', async () => {
    const { page } = visor
    await page.getByText('Not measured yet.', { exact: false }).waitFor()
    await look(visor, 'thresholds-unmeasured')
    await page.getByRole('button', { name: 'Measure this gallery' }).click()
    await slider('Match within').waitFor({ timeout: 30_000 })
    expect(await sentence('match')).toMatch(
      /^At this setting expect (about|fewer than) .* wrong names? in [\d,]+ searches of this gallery \(.+\), and to miss .+ of those enrolled \(.+\)\.$/,
    )
    const { calibration, stale } = await known(visor, 'slovenia')
    expect(stale).toBe(false)
    expect(calibration!.counts).toMatchObject({ persons: 400, personsSearched: 400, personsMissed: 400 })
    await look(visor, 'thresholds-measured')
  })

  it('move by key, by mouse and by rate, and the sentence follows; nothing is changed meanwhile', async () => {
    const { page } = visor
    const before = await distanceOf('Match within')
    const words = await sentence('match')
    await slider('Match within').focus()
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight')
    expect(await distanceOf('Match within')).toBeCloseTo(before + 0.03, 1)
    await page.keyboard.press('PageUp')
    expect(await sentence('match')).not.toBe(words)

    const box = (await slider('Possible within').locator('text').boundingBox())!
    const start = await distanceOf('Possible within')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    expect(await distanceOf('Possible within')).toBeLessThan(start - 0.04)
    // A possible is never stricter than a match: the other line goes along.
    expect(await distanceOf('Match within')).toBe(await distanceOf('Possible within'))

    await page.getByRole('textbox', { name: 'Match, searches for one wrong name' }).fill('200')
    await page.keyboard.press('Enter')
    expect(await sentence('match')).toContain('about 1 wrong name in 200 searches')
    const note = page.getByRole('alert').getByRole('button', { name: 'Close' })
    if (await note.isVisible()) await note.click()
    await look(visor, 'thresholds-tried')
    const { chosen } = await known(visor, 'slovenia')
    expect(chosen).toEqual({ match: null, possible: null })
    await page.getByRole('textbox', { name: 'Match, searches for one wrong name' }).fill('900000')
    await page.keyboard.press('Enter')
    await page.getByText('these data tell of rates from 1 in 2 to 1 in 4,000', { exact: false }).waitFor()
    await look(visor, 'thresholds-refused')
  })

  it('hold in the domain once they are used, and after a restart', async () => {
    await visor.page.getByRole('textbox', { name: 'Match, searches for one wrong name' }).fill('200')
    await visor.page.keyboard.press('Enter')
    await visor.page.getByRole('button', { name: 'Use in slovenia' }).click()
    await expect.poll(async () => (await known(visor, 'slovenia')).chosen.match?.rate).toBe(1 / 200)
    const { inForce, chosen } = await known(visor, 'slovenia')
    expect([inForce.match, inForce.matchSource]).toEqual([chosen.match!.distance, 'domain'])
    await visor.page.getByText('chosen for this domain', { exact: false }).first().waitFor()
    await visor.close()
    await open()
    await slider('Match within').waitFor()
    expect(await sentence('match')).toContain('about 1 wrong name in 200 searches')
    await visor.page
      .getByRole('region', { name: 'Match', exact: true })
      .getByRole('button', { name: /^Reset/ })
      .click()
    await visor.page.getByRole('button', { name: 'Use in slovenia' }).click()
    await expect.poll(async () => (await known(visor, 'slovenia')).inForce.matchSource).not.toBe('domain')
  })

  it('show their figures as a table, in the smallest window, too', async () => {
    const { page } = visor
    await page.getByText('Show as a table').click()
    expect(await page.getByRole('row').count()).toBeGreaterThan(18)
    await visor.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700),
    )
    await page.getByRole('slider', { name: 'Match within' }).scrollIntoViewIfNeeded()
    await look(visor, 'thresholds-small')
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    expect(overflow).toBe(false)
  })

  it('are marked as out of date when the gallery has changed', async () => {
    const { page } = visor
    const reply = await page.evaluate(() =>
      window.visor.request['gallery.deleteDomain']({ clientId: 'default', domain: 'serbia' }),
    )
    expect(reply.ok).toBe(true)
    expect((await known(visor, 'slovenia')).stale).toBe(false)
    await page.evaluate(async () => {
      const found = await window.visor.request['gallery.persons']({
        clientId: 'default',
        domain: 'slovenia',
        text: 'Person 17',
        sort: 'name',
        flags: [],
        tag: null,
        offset: 0,
        limit: 1,
      })
      if (!found.ok) throw new Error(found.error.message)
      const { personId } = (found.value as { persons: { personId: string }[] }).persons[0]!
      await window.visor.request['gallery.deletePersons']({ personIds: [personId] })
    })
    await page.getByText('The gallery has changed since: measure again.', { exact: false }).waitFor()
    expect((await known(visor, 'slovenia')).stale).toBe(true)
  })
})

describe('the thresholds of the sample gallery', () => {
  it('cannot be measured: it says how many more people are needed', async () => {
    const visor = await openVisor()
    const { page } = visor
    await page.getByRole('button', { name: 'Try the sample gallery' }).click()
    await page.getByRole('option', { name: /^sample6\.jpg/ }).waitFor({ timeout: 60_000 })
    await showThresholds(visor)
    await page.getByRole('button', { name: 'Measure this gallery' }).click()
    await page.getByText(/Not enough data: this gallery needs \d+ more people with two photos/).waitFor()
    expect(await page.getByRole('slider').count()).toBe(0)
    await look(visor, 'thresholds-not-enough')
    await visor.close()
  })
})
