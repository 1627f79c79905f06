/** The first start, each way to begin: a team's server, by keyboard alone; the sample gallery; a folder of which some files are of no use. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema } from '../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { scope } from '../fixtures/made-unknown'
import { serverAt } from '../postgres/databases'
import { migratedDatabase } from '../postgres/migrated'
import { allDone } from './asking'
import { look } from './look'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

const activity = ({ page }: VisorWindow) => page.getByRole('contentinfo').getByRole('button').last()

/** Tabs until the control of this name has the focus, as somebody does who has no mouse. */
async function tabTo({ page }: VisorWindow, name: string): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: element } = document
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      return element?.ariaLabel ?? labels[0]?.textContent ?? element?.textContent?.trim() ?? ''
    })
  for (let tab = 0; tab < 60; tab += 1) {
    if ((await focused()) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Nothing called “${name}” can be reached with Tab; “${await focused()}” has the focus.`)
}

it('leads to the team’s server, without the mouse', async () => {
  const database = await migratedDatabase()
  const builtFolder = join(import.meta.dirname, '../../out/main')
  const store = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  await store.gallery.assignFaces(
    clientIdSchema.parse('default'),
    domainSchema.parse('team'),
    scope.modelId,
    [madeAssignment('Dora Sample', unitVector(randomNumbers(3)))],
    { actor: 'eva', summary: 'Enrolled Dora Sample' },
  )
  await store.close()
  const visor = await openVisor({ width: 1024, height: 700 })
  const { page } = visor
  page.setDefaultTimeout(20_000)
  await page.getByRole('button', { name: 'Try the sample gallery' }).waitFor()
  await look(visor, 'welcome-small')
  await tabTo(visor, 'Connect to a server…')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Connection', exact: true }).waitFor()

  await tabTo(visor, 'URL')
  await page.keyboard.insertText(
    `postgresql://${database.user}@${database.host}:${database.port}/${database.database}`,
  )
  await tabTo(visor, 'Password')
  await page.keyboard.insertText(database.password)
  await tabTo(visor, 'Test the connection')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByTestId('step-schema').getAttribute('data-state')).toBe('pass')
  await look(visor, 'server-fit-small')
  // The next step stands where the test ended.
  await tabTo(visor, 'Use this server…')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Work on the server' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('shared with other consoles', { exact: false }).first().waitFor()
  await page.keyboard.press('Control+1')
  await tabTo(visor, 'Domain')
  await page.keyboard.press('ArrowDown')
  await page.getByRole('option', { name: /^team/ }).waitFor()
  await look(visor, 'server-domain-small')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('combobox', { name: 'Domain' }).inputValue()).toBe('team')
  await visor.close()
})

it('says nothing of a domain that left when it has just brought the samples', async () => {
  const visor = await openVisor()
  const { page } = visor
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seenAlerts: seen })
    new MutationObserver(() => {
      for (const alert of document.querySelectorAll('[role="alert"]')) seen.push(alert.textContent)
    }).observe(document.body, { childList: true, subtree: true })
  })
  await page.getByRole('button', { name: 'Try the sample gallery' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: 'The sample gallery has 10 people.' })
    .waitFor({ timeout: 60_000 })
  await allDone(page, 6)
  const seen = await page.evaluate(() => (window as unknown as { seenAlerts: string[] }).seenAlerts)
  expect(new Set(seen)).toEqual(new Set([expect.stringContaining('The sample gallery has 10 people.')]))
  await visor.close()
})

it('keeps saying which files of a folder were left out until somebody looks', async () => {
  const folder = join(newDataFolder(), 'people')
  mkdirSync(join(folder, 'Ana Sample'), { recursive: true })
  copyFileSync(samplePhoto(1), join(folder, 'Ana Sample', 'three people.jpg'))
  writeFileSync(join(folder, 'Ana Sample', 'broken.jpg'), 'no photo')
  const visor = await openVisor()
  const { page } = visor
  await visor.answerDialog([folder])
  await page.getByRole('textbox', { name: 'Domain: Enrol a folder of people…' }).fill('team')
  await page.keyboard.press('Enter')
  await expect.poll(() => activity(visor).innerText(), { timeout: 60_000 }).toMatch(/\d files? left out$/)
  await page.getByRole('alert').waitFor()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  expect(await activity(visor).innerText()).toMatch(/\d files? left out$/)
  await look(visor, 'files-left-out')
  await activity(visor).press('Enter')
  await page.getByText('broken.jpg').waitFor()
  await look(visor, 'files-left-out-list')
  await page.getByRole('button', { name: 'Copy the list' }).click()
  await expect
    .poll(() => visor.app.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(/broken\.jpg\t.+/)
  await page.keyboard.press('Escape')
  await expect.poll(() => activity(visor).innerText()).toBe('Activity')
  await visor.close()
})
