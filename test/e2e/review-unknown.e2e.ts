/** Unknown faces in a curator's hands: kept, grouped, named, told apart, ignored, offered for who is enrolled, undone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allDone, queueItems, recognitionOf } from './asking'
import { look } from './look'
import { openVisor, samplePhoto, type VisorWindow } from './visor-window'

/** Each sample photo as so many others: what makes a group is the same person in several photos. */
const variants = [
  { width: 1400, brightness: 1 },
  { width: 1200, brightness: 1.08 },
  { width: 1300, brightness: 0.92 },
  { width: 1100, brightness: 1.04 },
  { width: 1250, brightness: 0.96 },
]
const samples = [1, 2, 6]

describe('unknown faces', () => {
  let visor: VisorWindow
  let page: Page
  let photos: string
  const paths: string[] = []
  beforeAll(async () => {
    photos = mkdtempSync(join(tmpdir(), 'visor-street-'))
    for (const sample of samples) {
      for (const [index, { width, brightness }] of variants.entries()) {
        const path = join(photos, `street-${sample}-${index}.jpg`)
        await sharp(samplePhoto(sample)).resize({ width }).modulate({ brightness }).jpeg().toFile(path)
        paths.push(path)
      }
    }
    visor = await openVisor()
    page = visor.page
    await page.evaluate(async () => {
      await window.visor.request['gallery.createDomain']({
        clientId: 'default',
        domain: 'street',
      } as never)
      await window.visor.request['settings.update']({
        firstRunDone: true,
        search: { domain: 'street' },
      } as never)
    })
    await page.reload()
  })
  afterAll(async () => {
    await visor.close()
    rmSync(photos, { recursive: true })
  })

  /** Goes to a screen; the pointer leaves the rail, whose hint would take the next Escape. */
  async function go(name: string): Promise<void> {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true }).click()
    await page.mouse.move(700, 600)
  }
  const queue = (name: string) =>
    page
      .getByRole('navigation', { name: 'Review queues' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
  const stacks = () => page.getByRole('listbox', { name: 'Groups of unknown faces' }).getByRole('option')
  const faces = () => page.getByRole('listbox', { name: 'Faces of the group' }).getByRole('option')
  /** Until a group is the one that keys are for: groups are drawn a moment before. */
  const groupIsChosen = () => stacks().and(page.locator('[aria-selected=true]')).first().waitFor()
  const press = (key: string) => page.keyboard.press(key)
  const undo = () => press('Control+z')
  /** Enrols a face, whatever the gate has against it. */
  async function enrolNew(itemId: string, faceIndex: number, name: string): Promise<void> {
    const reply = await page.evaluate((input) => window.visor.request['face.enrolNew'](input as never), {
      itemId,
      faceIndex,
      domain: 'street',
      name,
      why: 'for the test',
    })
    expect(reply).toMatchObject({ ok: true, value: { done: true } })
  }
  const personNames = async (): Promise<string[]> => {
    const reply = await page.evaluate(() =>
      window.visor.request['gallery.persons']({
        clientId: 'default',
        domain: 'street',
        text: '',
        sort: 'name',
        flags: [],
        tag: null,
        offset: 0,
        limit: 100,
      } as never),
    )
    if (!reply.ok) throw new Error(reply.error.message)
    return (reply.value as { persons: { name: string }[] }).persons.map(({ name }) => name)
  }

  /** A picture in the smallest window that is meant to work; nothing is wider than it. */
  async function lookSmall(name: string): Promise<void> {
    const resize = (width: number, height: number) =>
      visor.app.evaluate(
        ({ BrowserWindow }, size) =>
          BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
        { width, height },
      )
    await resize(1024, 700)
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1024)
    await page.waitForTimeout(250)
    await visor.screenshot(name)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024)
    await resize(1440, 900)
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1440)
  }

  it('are kept once somebody says so, and stand in groups, largest first', async () => {
    await go('Review')
    await queue('Unknown faces').click()
    await look(visor, 'review-unknown-off')
    await page.getByRole('button', { name: 'Keep unknown faces' }).click()
    await page.getByText('No group yet').waitFor()
    await visor.screenshot('review-unknown-empty-dark')
    await go('Identify')
    await visor.drop(paths)
    await allDone(page, paths.length)
    await go('Review')
    await stacks().first().waitFor({ timeout: 30_000 })
    await expect.poll(() => stacks().count(), { timeout: 20_000 }).toBeGreaterThan(4)
    const labels = await stacks().evaluateAll((options) => options.map((option) => option.ariaLabel ?? ''))
    const sizes = labels.map((label) => Number.parseInt(label, 10))
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    expect(sizes[0]).toBeGreaterThanOrEqual(variants.length)
    expect(labels[0]).toContain('street')
    await look(visor, 'review-unknown-groups')
    await lookSmall('small-window-unknown-groups')
  })

  it('a group is opened, and one of its faces is told apart for good', async () => {
    await page.getByRole('listbox', { name: 'Groups of unknown faces' }).focus()
    await press('Enter')
    await faces().first().waitFor()
    const before = await faces().count()
    await press('ArrowRight')
    await press('ArrowRight')
    await look(visor, 'review-unknown-group')
    await lookSmall('small-window-unknown-group')
    await press('o')
    await page.getByRole('main', { name: 'Galleries' }).getByRole('region', { name: 'Photo' }).waitFor()
    await visor.screenshot('galleries-unknown-photo-dark')
    await go('Review')
    await faces().first().waitFor()
    await press('x')
    await expect.poll(() => faces().count()).toBe(before - 1)
    // Grouped anew, it is still apart.
    await page.waitForTimeout(4500)
    expect(await faces().count()).toBe(before - 1)
    await undo()
    await expect.poll(() => faces().count(), { timeout: 15_000 }).toBe(before)
    await press('Escape')
    await stacks().first().waitFor()
  })

  it('a group is named as somebody new with the keys alone, and is a group again when that is undone', async () => {
    const groups = await stacks().count()
    await groupIsChosen()
    await press('Enter')
    await faces().first().waitFor()
    await press('n')
    await page.getByRole('combobox', { name: 'Search a person' }).waitFor()
    await page.keyboard.type('Ana Street')
    await page.getByRole('button', { name: 'New person “Ana Street”' }).waitFor()
    await press('Enter')
    await expect.poll(personNames).toEqual(['Ana Street'])
    await expect.poll(() => stacks().count()).toBe(groups - 1)
    await undo()
    await expect.poll(personNames).toEqual([])
    await expect.poll(() => stacks().count(), { timeout: 15_000 }).toBe(groups)
  })

  it('a group is ignored, seen among the ignored, and brought back', async () => {
    const groups = await stacks().count()
    await page.getByRole('listbox', { name: 'Groups of unknown faces' }).focus()
    await press('i')
    await expect.poll(() => stacks().count()).toBe(groups - 1)
    await press('v')
    await expect.poll(() => stacks().count()).toBe(1)
    await visor.screenshot('review-unknown-ignored-dark')
    await press('i')
    await page.getByText('Nothing is ignored').waitFor()
    await press('v')
    await expect.poll(() => stacks().count()).toBe(groups)
  })

  it('whoever is enrolled is offered for the unknown faces that look like them: yes, no, all, undo', async () => {
    const [first] = await queueItems(page)
    await enrolNew(first!.itemId, 0, 'Bela Street')
    await expect.poll(personNames).toEqual(['Bela Street'])
    await go('Review')
    await queue('Suggestions').click()
    await page.getByRole('heading', { name: 'Is this Bela Street?' }).waitFor({ timeout: 20_000 })
    await look(visor, 'review-suggestions')
    await lookSmall('small-window-suggestions')
    const place = () => page.getByTestId('review-place').innerText()
    // The first stands there before the last is found.
    const total = variants.length - 1
    await expect.poll(place, { timeout: 20_000 }).toBe(`1 of ${total}`)
    await press('x')
    await expect.poll(place).toBe(`1 of ${total - 1}`)
    await press('s')
    await expect.poll(place).toBe(`2 of ${total - 1}`)
    await press('Enter')
    await expect.poll(place).toBe(`2 of ${total - 2}`)
    await undo()
    await expect.poll(place).toBe(`2 of ${total - 1}`)
    await press('a')
    await page.getByText('1 suggestion passed over').waitFor()
    await undo()
    await page.getByRole('heading', { name: 'Is this Bela Street?' }).waitFor()
    // The one that was refused is not offered again, in no photo and by no way.
    await expect.poll(place).toBe(`2 of ${total - 1}`)
  })

  it('what was refused is found under the person, and is offered again once it is taken back', async () => {
    await go('Galleries')
    await page
      .getByRole('treeitem', { name: /street/ })
      .or(page.getByRole('button', { name: /^street/ }))
      .first()
      .click()
    await page
      .getByRole('listbox', { name: 'People' })
      .getByRole('option', { name: /^Bela Street/ })
      .click()
    await page.getByRole('tab', { name: 'Ruled out' }).click()
    const ruledOut = page.getByRole('list', { name: 'Faces that are not Bela Street' }).getByRole('listitem')
    await expect.poll(() => ruledOut.count()).toBe(1)
    await look(visor, 'galleries-ruled-out')
    await ruledOut.getByRole('button', { name: 'Take back' }).click()
    await page.getByText('No face is ruled out').waitFor()
    await go('Review')
    await queue('Suggestions').click()
    await expect.poll(() => page.getByTestId('review-place').innerText()).toBe(`1 of ${variants.length - 1}`)
  })

  it('a group is given to one of the nearest people by a number, and is a group again when that is undone', async () => {
    await queue('Unknown faces').click()
    await groupIsChosen()
    const groups = await stacks().count()
    await press('Enter')
    await page
      .getByRole('list', { name: 'Nearest people' })
      .getByRole('listitem')
      .first()
      .getByText('Bela Street')
      .waitFor()
    await press('1')
    await expect.poll(() => stacks().count()).toBe(groups - 1)
    expect(await personNames()).toEqual(['Bela Street'])
    await undo()
    await expect.poll(() => stacks().count(), { timeout: 15_000 }).toBe(groups)
    await page.getByRole('listbox', { name: 'Groups of unknown faces' }).waitFor()
  })

  it('in Identify X rules out, and X takes it back', async () => {
    const items = await queueItems(page)
    const item = items.find(({ name }) => name === 'street-1-2.jpg')!
    await go('Identify')
    await page.getByRole('option', { name: /^street-1-2\.jpg/ }).click()
    const candidates = async () => (await recognitionOf(page, item.itemId))!.faces[0]!.candidates
    await expect.poll(async () => (await candidates())[0]?.name).toBe('Bela Street')
    await page.getByTestId('face-box-0').click()
    await press('1')
    await press('x')
    await expect.poll(async () => (await candidates())[0]?.rejected).toBe(true)
    await page.getByRole('button', { name: 'Not this person' }).waitFor()
    await press('1')
    await page.getByRole('button', { name: 'Maybe after all' }).waitFor()
    await press('x')
    await expect.poll(async () => (await candidates())[0]?.rejected).toBe(false)
  })

  it('a photo that is a mirror may show a person twice, and may not when that is taken back', async () => {
    const item = (await queueItems(page)).at(-1)!
    const recognition = (await recognitionOf(page, item.itemId))!
    await enrolNew(item.itemId, 0, 'Cene Street')
    const repeats = (value: boolean) =>
      page.evaluate(
        ([photo, wanted]) =>
          window.visor.request['gallery.setRepeatsPeople']({
            clientId: 'default',
            photo,
            repeats: wanted,
          } as never),
        [recognition.sha256, value] as const,
      )
    expect(await repeats(true)).toMatchObject({ ok: true })
    expect((await recognitionOf(page, item.itemId))!.repeatsPeople).toBe(true)
    await undo()
    const repeatsNow = async () => (await recognitionOf(page, item.itemId))!.repeatsPeople
    await expect.poll(repeatsNow).toBe(false)
    // In Galleries the refusal says how to go on.
    await go('Galleries')
    await page
      .getByRole('listbox', { name: 'People' })
      .getByRole('option', { name: /^Cene Street/ })
      .click()
    const theirs = page.getByRole('listbox', { name: 'Faces of Cene Street' }).getByRole('option')
    await theirs.first().dblclick()
    await page.getByRole('region', { name: 'Photo' }).waitFor()
    const bar = page.getByRole('region', { name: 'Photo' })
    await bar.getByText('Cene Street').first().waitFor()
    await press('ArrowRight')
    if ((await bar.getByText('Nobody yet').count()) === 0) await press('ArrowLeft')
    await bar.getByText('Nobody yet').waitFor()
    await press('a')
    await page.getByRole('combobox', { name: 'Search a person' }).fill('Cene Street')
    await page
      .getByRole('listbox', { name: 'Persons' })
      .getByRole('option', { name: /^Cene Street/, selected: true })
      .waitFor()
    await press('Enter')
    await page.getByRole('button', { name: 'It is a mirror or collage' }).click()
    await expect.poll(() => theirs.count()).toBe(2)
    expect(await repeatsNow()).toBe(true)
  })

  it('says in the settings what is kept, and forgets all of it', async () => {
    await go('Settings')
    await page
      .getByRole('navigation', { name: 'Settings pages' })
      .getByRole('button', { name: 'Unknown faces' })
      .click()
    await look(visor, 'settings-unknown')
    await page.getByRole('button', { name: 'Forget all now…' }).click()
    await page.getByRole('button', { name: /^Forget \d+ faces for good$/ }).click()
    await page.getByText(/went for good/).waitFor()
    await go('Review')
    await queue('Unknown faces').click()
    await page.getByText('No group yet').waitFor()
  })
})
