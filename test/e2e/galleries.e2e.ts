/** A curator's day in the sample gallery: rename, tag, merge, undo, delete, restore; the history shows it all. */
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { look } from './look'
import { openVisor, type VisorWindow } from './visor-window'

describe('the sample gallery in the hands of a curator', () => {
  let visor: VisorWindow
  let people: Locator
  beforeAll(async () => {
    visor = await openVisor()
    const { page } = visor
    people = page.getByRole('listbox', { name: 'People' })
    await page.getByRole('button', { name: 'Try the sample gallery' }).click()
    await page.getByRole('option', { name: /^sample6\.jpg/ }).waitFor({ timeout: 60_000 })
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Galleries' }).click()
    await person(/^Cleo Sample/).waitFor()
  })
  afterAll(() => visor.close())

  const person = (name: RegExp) => people.getByRole('option', { name })
  const names = () =>
    people.getByRole('option').evaluateAll((options) => options.map((option) => option.ariaLabel ?? ''))
  /** Without what Gallery health finds meanwhile. */
  const plainNames = async () => (await names()).map((name) => name.split(',')[0]!)
  const chosen = () => visor.page.getByTestId('people-chosen').innerText()

  it('renames with F2, and takes the typing back with Esc', async () => {
    const { page } = visor
    await person(/^Cleo Sample/).click()
    const field = page.getByRole('textbox', { name: 'Name', exact: true })
    await expect.poll(() => field.inputValue()).toBe('Cleo Sample')
    await page.keyboard.press('F2')
    await page.keyboard.type('Nobody')
    await page.keyboard.press('Escape')
    expect(await field.inputValue()).toBe('Cleo Sample')
    await page.keyboard.press('F2')
    await page.keyboard.type('Čleo Renamed')
    await page.keyboard.press('Enter')
    await person(/^Čleo Renamed/).waitFor()
    expect(await person(/^Cleo Sample/).count()).toBe(0)
    // The keyboard is back on the people.
    await expect.poll(chosen).toBe('1 person chosen')
  })

  it('finds people as one types, accents aside', async () => {
    const { page } = visor
    await page.keyboard.press('/')
    await page.keyboard.type('cleo')
    await expect.poll(names).toHaveLength(1)
    await expect.poll(() => page.getByTestId('people-amount').innerText()).toMatch(/^1 of /)
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await names()).length).toBeGreaterThan(3)
    await page.keyboard.press('Escape')
  })

  it('tags, and shows those with the tag', async () => {
    const { page } = visor
    await person(/^Čleo Renamed/).click()
    await page.keyboard.press('t')
    await page.getByRole('dialog', { name: 'Tag…' }).waitFor()
    await page.keyboard.type('press')
    await page.keyboard.press('Enter')
    await look(visor, 'galleries-tag')
    await page.getByRole('button', { name: 'Tag 1 person' }).click()
    await person(/^Čleo Renamed.*press/).waitFor()
    const all = (await names()).length
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByRole('combobox', { name: 'With the tag' }).click()
    await page.getByRole('option', { name: 'press (1)' }).click()
    await expect.poll(names).toEqual([expect.stringMatching(/^Čleo Renamed/)])
    await expect.poll(() => page.getByTestId('people-amount').innerText()).toBe(`1 of ${all}`)
    await page.getByRole('button', { name: 'Show everybody' }).click()
    await expect.poll(async () => (await names()).length).toBe(all)
    await page.keyboard.press('Escape')
  })

  it('puts people in order: by name, and who was changed last', async () => {
    const { page } = visor
    const byName = await plainNames()
    const order = async (wanted: string) => {
      await page.getByRole('combobox', { name: 'Order of people' }).click()
      await page.getByRole('option', { name: wanted, exact: true }).click()
    }
    expect(byName).toEqual(byName.toSorted((a, b) => a.localeCompare(b, 'en')))
    expect(byName[0]).not.toBe('Čleo Renamed')
    await order('Last changed')
    await expect.poll(async () => (await plainNames())[0]).toBe('Čleo Renamed')
    await order('Name')
    await expect.poll(plainNames).toEqual(byName)
  })

  it('chooses as file managers do', async () => {
    const { page } = visor
    const all = await names()
    await people.getByRole('option').nth(0).click()
    await people
      .getByRole('option')
      .nth(2)
      .click({ modifiers: ['Shift'] })
    await expect.poll(chosen).toBe('3 people chosen')
    await people
      .getByRole('option')
      .nth(1)
      .click({ modifiers: ['ControlOrMeta'] })
    await expect.poll(chosen).toBe('2 people chosen')
    await page.keyboard.press('ControlOrMeta+a')
    await expect.poll(chosen).toBe(`${all.length} people chosen`)
    await page.keyboard.press('Escape')
    await expect.poll(chosen).toBe('Nobody chosen')
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(chosen).toBe('2 people chosen')
    // A frame, drawn from beside the people over the first of them.
    const box = (await people.boundingBox())!
    await page.mouse.move(box.x + 4, box.y + 4)
    await page.mouse.down()
    await page.mouse.move(box.x + 60, box.y + 60, { steps: 4 })
    await page.mouse.up()
    await expect.poll(chosen).toBe('1 person chosen')
    await page.keyboard.press('Escape')
    await look(visor, 'galleries-grid')
    await page.keyboard.press('g')
    await look(visor, 'galleries-list')
    await page.keyboard.press('g')
  })

  it('merges two into one, whose other name is kept, and undoes it', async () => {
    const { page } = visor
    const before = await names()
    await person(/^Čleo Renamed/).click()
    const other = people.getByRole('option').nth(0)
    const otherName = (await other.getAttribute('aria-label'))!.split(',')[0]!
    expect(otherName).not.toBe('Čleo Renamed')
    await other.click({ modifiers: ['ControlOrMeta'] })
    await page.keyboard.press('m')
    await page.getByRole('dialog', { name: 'Merge…' }).waitFor()
    await page.getByRole('radio', { name: /Čleo Renamed/ }).check()
    await look(visor, 'galleries-merge')
    await page.getByRole('button', { name: 'Merge 2 people' }).click()
    await expect.poll(async () => (await names()).length).toBe(before.length - 1)
    await page.getByText(`also known as ${otherName}`).waitFor()
    // Those of what was done before may still be there.
    const undo = page
      .getByRole('alert')
      .filter({ hasText: 'Merged 2 people' })
      .getByRole('button', { name: 'Undo', exact: true })
    // The message stays as long as the mouse is on it, however long looking takes.
    await undo.hover()
    await look(visor, 'galleries-person')
    await undo.click()
    await expect.poll(names).toEqual(before)
  })

  it('shows who looks alike, and details that are edited in place', async () => {
    const { page } = visor
    await person(/^Čleo Renamed/).click()
    await page.getByRole('tab', { name: 'Alike' }).click()
    await page
      .getByText(/^distance \d\.\d\d$/)
      .first()
      .waitFor()
    await look(visor, 'galleries-alike')
    await page.getByRole('tab', { name: 'Details' }).click()
    const wikidata = page.getByRole('textbox', { name: 'Wikidata id' })
    await wikidata.fill('Q0')
    await wikidata.press('Enter')
    await page.getByText('A Wikidata id is Q and a number, like Q42.').waitFor()
    await wikidata.fill('Q42')
    await wikidata.press('Enter')
    await page.getByText('wikidata.org/wiki/Q42').waitFor()
    await look(visor, 'galleries-details')
    await page.getByRole('tab', { name: 'Faces' }).click()
  })

  it('deletes into the bin, and restores from there', async () => {
    const { page } = visor
    const before = await names()
    await person(/^Čleo Renamed/).click()
    await page.keyboard.press('Delete')
    await expect.poll(async () => (await names()).length).toBe(before.length - 1)
    await page.keyboard.press('ControlOrMeta+b')
    await page.getByRole('list', { name: 'Deleted' }).getByText('Čleo Renamed').first().waitFor()
    await page.getByText(/goes for good in 30 days/).waitFor()
    await page.getByRole('button', { name: 'Kept for 30 days' }).click()
    const days = page.getByRole('textbox', { name: 'Days until it goes for good' })
    await days.fill('7')
    await page.getByText(/goes for good in 7 days/).waitFor()
    await look(visor, 'galleries-bin-days')
    await days.fill('30')
    await page.keyboard.press('Escape')
    await page.getByText(/goes for good in 30 days/).waitFor()
    await look(visor, 'galleries-bin')
    await page.getByRole('button', { name: /^Restore:/ }).click()
    await page.getByText('The bin is empty', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Back to the people' }).click()
    await expect.poll(names).toEqual(before)
  })

  it('shows all of it in the history, with what was undone', async () => {
    const { page } = visor
    await page.keyboard.press('ControlOrMeta+h')
    const history = page.getByRole('list', { name: 'What was done' })
    await history.getByText('Renamed Cleo Sample to Čleo Renamed').waitFor()
    await history.getByText('Tagged Čleo Renamed').waitFor()
    for (const undone of ['Merged 2 people into Čleo Renamed', 'Deleted Čleo Renamed']) {
      const entry = history.getByRole('listitem').filter({ hasText: undone })
      await entry.getByText('undone', { exact: true }).first().waitFor()
    }
    await look(visor, 'galleries-history')
    await history.getByRole('button', { name: 'Undo: Renamed Cleo Sample to Čleo Renamed' }).click()
    await page.getByRole('button', { name: 'Back to the people' }).click()
    await person(/^Cleo Sample/).waitFor()
  })

  it('says beside an old entry which later ones its undo would touch', async () => {
    const { page } = visor
    const rename = async (from: RegExp, to: string) => {
      await person(from).click()
      await page.keyboard.press('F2')
      await page.keyboard.type(to)
      await page.keyboard.press('Enter')
      await person(new RegExp(`^${to}`)).waitFor()
    }
    await rename(/^Ada Sample/, 'Ada Once')
    await rename(/^Ada Once/, 'Ada Twice')
    await page.keyboard.press('ControlOrMeta+h')
    const history = page.getByRole('list', { name: 'What was done' })
    const entry = (text: string) => history.getByRole('listitem').filter({ hasText: text }).first()
    const undo = (text: string) => history.getByRole('button', { name: `Undo: ${text}` }).click()
    await undo('Renamed Ada Sample to Ada Once')
    await entry('Renamed Ada Sample to Ada Once')
      .getByText('Undo the later changes first: “Renamed Ada Once to Ada Twice”.', { exact: true })
      .waitFor()
    await look(visor, 'galleries-history-refused')
    await page.getByRole('button', { name: 'Back to the people' }).click()
    await person(/^Ada Twice/).waitFor()
  })

  it('renames a domain in place, deletes it with everybody in it, and takes each back', async () => {
    const { page } = visor
    const before = await plainNames()
    const domains = page.getByRole('region', { name: 'Domains' })
    const domain = (name: string) => domains.getByRole('button', { name: new RegExp(`^${name}`) })
    const undone = async () => {
      await people.focus()
      await page.keyboard.press('ControlOrMeta+z')
      await domain('sample').waitFor()
      await domain('sample').click()
      await expect.poll(plainNames).toEqual(before)
    }
    await domain('sample').focus()
    await page.keyboard.press('F2')
    const field = page.getByRole('textbox', { name: 'New name of sample' })
    await field.fill('\u0007')
    await field.press('Enter')
    await page.getByText('A name has no control characters.').waitFor()
    await field.fill('Vzorčna')
    await look(visor, 'galleries-domain-rename')
    await field.press('Enter')
    await domain('Vzorčna').waitFor()
    await expect.poll(plainNames).toEqual(before)
    await undone()

    await page.getByRole('button', { name: 'Rename or delete sample' }).click()
    await look(visor, 'galleries-domain-delete')
    await page.getByRole('button', { name: `Delete ${before.length} people` }).click()
    await domain('sample').waitFor({ state: 'detached' })
    await look(visor, 'galleries-domain-deleted')
    await page.keyboard.press('ControlOrMeta+z')
    await domain('sample').waitFor()
    await domain('sample').click()
    await expect.poll(plainNames).toEqual(before)
  })

  it('keeps its shape in the smallest window', async () => {
    const { page } = visor
    await visor.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700),
    )
    await page.waitForTimeout(300)
    await page.keyboard.press('Home')
    await people.getByRole('option').nth(0).click()
    await people
      .getByRole('option')
      .nth(1)
      .click({ modifiers: ['Shift'] })
    await look(visor, 'galleries-small-grid')
    await page.keyboard.press('m')
    await look(visor, 'galleries-small-merge')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+h')
    await look(visor, 'galleries-small-history')
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    expect(overflow).toBe(false)
  })
})
