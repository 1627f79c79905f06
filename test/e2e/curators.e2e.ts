/** What curators do with forms, in the real program: export and import, namesakes, covers, two editors, bad names, the bin. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { look } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

describe('the sample gallery, further', () => {
  const exported = join(newDataFolder(), 'export')
  let visor: VisorWindow
  let people: Locator
  beforeAll(async () => {
    visor = await openVisor()
    const { page } = visor
    people = page.getByRole('listbox', { name: 'People' })
    await page.getByRole('button', { name: 'Try the sample gallery' }).click()
    await page.getByRole('option', { name: /^sample6\.jpg/ }).waitFor({ timeout: 60_000 })
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Galleries' }).click()
    await person(/^Ada Sample/).waitFor()
  })
  afterAll(() => visor.close())

  const person = (name: RegExp) => people.getByRole('option', { name })
  const names = () =>
    people.getByRole('option').evaluateAll((options) => options.map((option) => option.ariaLabel ?? ''))
  const chosen = () => visor.page.getByTestId('people-chosen').innerText()
  const open = (domain: string) =>
    visor.page
      .getByRole('region', { name: 'Domains' })
      .getByRole('button', { name: new RegExp(`^${domain}`) })

  it('exports everybody to a folder that is chosen, with names in the copies', async () => {
    const { page } = visor
    await visor.answerDialog([exported])
    await people.focus()
    await page.keyboard.press('Escape')
    await page.keyboard.press('e')
    const form = page.getByRole('dialog', { name: 'Export all…' })
    await form.getByText('Your photos are never changed.').waitFor()
    await form.getByRole('checkbox', { name: /Write names into the copies/ }).check()
    await visor.screenshot('galleries-export-dark')
    await form.getByRole('button', { name: 'Export everybody of sample…' }).click()
    await page.getByText('Exported 10 people with 10 photos to export.').first().waitFor()
    expect(existsSync(join(exported, 'visor-manifest.json'))).toBe(true)
    expect(readdirSync(exported)).toHaveLength(11)
  })

  it('imports it into another domain, takes that back with Ctrl+Z, and imports it again', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'New domain' }).click()
    await page.getByRole('textbox', { name: 'Name of the domain' }).fill('copies')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'copies' }).waitFor()
    await visor.answerDialog([exported])
    await page.getByRole('button', { name: 'Import…' }).click()
    await page.getByText('Imported 10 people with 10 new faces.').first().waitFor()
    await expect.poll(async () => (await names()).length).toBe(10)
    // All of it at once, and again.
    await people.focus()
    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await names()).length).toBe(0)
    await visor.answerDialog([exported])
    await page.getByRole('button', { name: 'Import…' }).click()
    await expect.poll(async () => (await names()).length).toBe(10)
  })

  it('shows that import in the history as one, with its steps, and takes it back from there', async () => {
    const { page } = visor
    await page.getByText('Imported 10 people with 10 new faces.').first().waitFor()
    await page.keyboard.press('ControlOrMeta+h')
    const history = page.getByRole('list', { name: 'What was done' })
    const imports = history.getByRole('listitem').filter({ hasText: 'Imported people into copies' })
    await expect.poll(() => imports.count()).toBe(2)
    await imports.nth(1).getByText('undone', { exact: true }).waitFor()
    const steps = () => history.getByRole('listitem').filter({ hasText: /^Imported \w+ Sample/ })
    expect(await steps().count()).toBe(0)
    await imports
      .nth(0)
      .getByRole('button', { name: /^Show the steps/ })
      .click()
    await steps().nth(3).waitFor()
    await look(visor, 'galleries-history-steps')
    await imports
      .nth(0)
      .getByRole('button', { name: /^Hide the steps/ })
      .click()
    await imports.nth(0).getByRole('button', { name: /^Undo/ }).click()
    await imports.nth(0).getByText('undone', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Back to the people' }).click()
    await expect.poll(async () => (await names()).length).toBe(0)
    // What was taken back there is not what Ctrl+Z takes back next.
    await visor.answerDialog([exported])
    await page.getByRole('button', { name: 'Import…' }).click()
    await expect.poll(async () => (await names()).length).toBe(10)
  })

  it('offers a merge where somebody is dropped on a domain that has their name', async () => {
    const { page } = visor
    await open('sample').click()
    const ada = (await person(/^Ada Sample/).boundingBox())!
    const target = (await open('copies').boundingBox())!
    await page.mouse.move(ada.x + 40, ada.y + 40)
    await page.mouse.down()
    await page.mouse.move(ada.x + 60, ada.y + 60, { steps: 3 })
    await page.mouse.move(target.x + 40, target.y + 8, { steps: 6 })
    await page.getByText('Drop on a domain to move').waitFor()
    await page.mouse.up()
    await page.getByText('copies has somebody called Ada Sample already.').waitFor()
    await visor.screenshot('galleries-clash-dark')
    await page.getByRole('button', { name: 'Merge with the one there' }).click()
    await expect.poll(async () => (await names()).length).toBe(9)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(async () => (await names()).length).toBe(10)
  })

  it('chooses a cover, and gives a face to somebody else', async () => {
    const { page } = visor
    await person(/^Bela Sample/).click()
    const faces = page.getByRole('listbox', { name: 'Faces of Bela Sample' })
    await faces.getByRole('option').first().click()
    await page.getByRole('button', { name: 'Make cover' }).click()
    await faces.getByRole('option', { name: /cover$/ }).waitFor()
    await page.getByRole('button', { name: 'Move to person…' }).click()
    await page.getByRole('combobox', { name: 'Search a person' }).fill('Somebody New')
    await page.getByRole('button', { name: 'New person “Somebody New”' }).click()
    await person(/^Somebody New/).waitFor()
    await page.keyboard.press('ControlOrMeta+z')
    await person(/^Somebody New/).waitFor({ state: 'detached' })
  })

  it('keeps what is typed where somebody else changes the name meanwhile, and saves it when asked again', async () => {
    const { page } = visor
    await person(/^Cleo Sample/).click()
    const field = page.getByRole('textbox', { name: 'Name', exact: true })
    await expect.poll(() => field.inputValue()).toBe('Cleo Sample')
    await field.fill('Cleo by me')
    await page.evaluate(async () => {
      const clients = await window.visor.request['gallery.clients'](undefined)
      const [client] = clients.ok ? (clients.value as { clientId: string }[]) : []
      const query = {
        clientId: client!.clientId,
        domain: 'sample',
        text: 'Cleo',
        sort: 'name',
        flags: [],
        tag: null,
      }
      const found = await window.visor.request['gallery.persons']({ ...query, offset: 0, limit: 1 } as never)
      const [cleo] = found.ok ? (found.value as { persons: { personId: string }[] }).persons : []
      await window.visor.request['gallery.updatePerson']({
        personId: cleo!.personId,
        name: 'Cleo by another',
      } as never)
    })
    await page.getByText(/Meanwhile it was changed to “Cleo by another”/).waitFor()
    expect(await field.inputValue()).toBe('Cleo by me')
    await visor.screenshot('galleries-meanwhile-dark')
    // Leaving the field overwrites nothing.
    await page.getByRole('tab', { name: 'Details' }).click()
    expect(await person(/^Cleo by another/).count()).toBe(1)
    expect(await field.inputValue()).toBe('Cleo by me')
    await field.press('Enter')
    await person(/^Cleo by me/).waitFor()
    await page.getByRole('tab', { name: 'Faces' }).click()
  })

  it('says what is wrong with a name, and keeps it to be mended', async () => {
    const { page } = visor
    const field = page.getByRole('textbox', { name: 'Name', exact: true })
    for (const [name, problem] of [
      ['x'.repeat(300), 'A name has at most 200 characters.'],
      ['\u200b', 'A name needs a character that can be seen.'],
    ] as const) {
      await field.fill(name)
      await field.press('Enter')
      await page.getByText(problem).waitFor()
      expect(await field.inputValue()).toBe(name)
    }
    await field.fill('\u202eשרה/.. CON.')
    await field.press('Enter')
    await person(/שרה/).waitFor()
    await expect.poll(() => field.inputValue()).toBe('שרה/.. CON.')
  })

  it('exports the one who is chosen, under whatever name', async () => {
    const { page } = visor
    const folder = join(newDataFolder(), 'one')
    await visor.answerDialog([folder])
    await person(/שרה/).click()
    await expect.poll(chosen).toBe('1 person chosen')
    await page.getByRole('button', { name: 'Export…', exact: true }).click()
    await page.getByRole('button', { name: 'Export 1 person…' }).click()
    await page.getByText('Exported 1 person with 1 photo to one.').first().waitFor()
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it('empties the bin, and says how many went', async () => {
    const { page } = visor
    await person(/שרה/).click()
    await page.keyboard.press('Delete')
    await expect.poll(async () => (await names()).length).toBe(9)
    await page.keyboard.press('ControlOrMeta+b')
    await page.getByRole('button', { name: /^Empty the bin/ }).click()
    await page.getByRole('button', { name: 'Remove 1 person for good' }).click()
    await page.getByText('The bin is empty', { exact: true }).waitFor()
    await page.getByText('1 person went for good.').waitFor()
  })

  it('keeps its shape in the smallest window', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Back to the people' }).click()
    await visor.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700),
    )
    await page.waitForTimeout(300)
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Export 2 people…' }).waitFor()
    await visor.screenshot('galleries-small-export-dark')
    const bar = page.getByRole('toolbar', { name: 'People chosen' })
    const overflow = await bar.evaluate((element) => element.scrollWidth > element.clientWidth)
    expect(overflow).toBe(false)
    await page.keyboard.press('Escape')
  })

  it('has history, bin, export and import in its menu', async () => {
    const labels = await visor.app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap(
        (item) => item.submenu?.items.map(({ label }) => label) ?? [],
      ),
    )
    expect(labels).toEqual(
      expect.arrayContaining(['Export People…', 'Import People…', 'History of the Galleries', 'Bin']),
    )
  })
})
