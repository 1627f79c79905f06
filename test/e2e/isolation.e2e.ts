/** Settings, Diagnostics, Isolation: runs beside the work, is stopped, ends, gives its report; the analyst's own process is left alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolMadeGallery } from '../fixtures/made-gallery'
import { look, lookIn } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

let visor: VisorWindow

beforeAll(async () => {
  const data = newDataFolder()
  await enrolMadeGallery(data, { domain: 'slovenia', persons: 40, photosEach: 2, spread: 0.3, seed: 1 })
  visor = await openVisor({ data })
  visor.page.setDefaultTimeout(30_000)
  await visor.page.evaluate(() =>
    window.visor.request['settings.update']({ firstRunDone: true, settingsPage: 'diagnostics' }),
  )
  await visor.page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: 'Settings' })
    .click()
}, 60_000)
afterAll(() => visor.close())

const check = (id: string) => visor.page.getByTestId(`check-${id}`)
const stateOf = (id: string) => check(id).getAttribute('data-state')

describe('the isolation check', () => {
  it('says what it would do, and how long that takes', async () => {
    const { page } = visor
    await page.getByText('Isolation', { exact: true }).click()
    await page
      .getByText('about 1 min', { exact: false })
      .or(page.getByText('about 2 min', { exact: false }))
      .waitFor()
    expect(await page.getByLabel('Rounds').inputValue()).toBe('1,000')
    await look(visor, 'isolation-empty')
  })

  it('shows how far it is, and can be stopped', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Run the checks' }).click()
    await page.getByText(/of 1,300 rounds/).waitFor()
    await lookIn(visor, 'isolation-running', 'dark')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('It was stopped before its end.', { exact: false }).waitFor()
  })

  it('ends with every step in order, and the console’s own vision process untouched', async () => {
    const { page } = visor
    const pid = await visor.visionPid()
    await page.getByLabel('Rounds').fill('20')
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    const states = await page
      .locator('[data-testid^="check-"]')
      .evaluateAll((all) => all.map((one) => [one.dataset.testid, one.dataset.state]))
    expect(states).toEqual(
      ['embed', 'search', 'embed-then-search', 'interleaved', 'memory', 'killed', 'crashes'].map((id) => [
        `check-${id}`,
        'pass',
      ]),
    )
    expect(await check('killed').innerText()).toMatch(/none was lost.*Search went on/s)
    expect(await visor.visionPid()).toBe(pid)
    await look(visor, 'isolation-pass')
    for (const id of ['interleaved', 'memory', 'killed']) await check(id).getByText('Details').click()
    await lookIn(visor, 'isolation-details', 'dark')
  })

  it('gives its report to copy and to save', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'Copy the report as text' }).click()
    await expect
      .poll(() => visor.app.evaluate(({ clipboard }) => clipboard.readText()))
      .toContain('# Isolation check')
    const path = join(newDataFolder(), 'report.json')
    await visor.answerDialog([path])
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Save the report as JSON' }).click()
    await expect.poll(() => saved(path)).toMatchObject({ diagnosed: 'isolation', state: 'pass' })
    expect(JSON.stringify(saved(path))).not.toContain('Person 1')
  })

  it('can leave its vision process alive', async () => {
    const { page } = visor
    await page.getByRole('checkbox', { name: 'Kill its vision process in the middle' }).uncheck()
    await page.getByLabel('Rounds').fill('10')
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    expect(await stateOf('killed')).toBe('unchecked')
    expect(await stateOf('crashes')).toBe('pass')
  })

  it('leaves out a server that is away, and says so, in a small window as well', async () => {
    const { app, page } = visor
    await page.evaluate(async () => {
      const { request } = window.visor
      const setup = await request['server.setup'](undefined)
      if (!setup.ok) throw new Error(setup.error.message)
      const { connection } = setup.value as { connection: object }
      const saved = await request['server.save']({
        connection: {
          ...connection,
          hosts: [{ host: '127.0.0.1', port: 1 }],
          database: 'faces-of-the-archive-of-the-national-library-of-slovenia',
        } as never,
        password: null,
      })
      if (!saved.ok) throw new Error(saved.error.message)
    })
    const pages = page.getByRole('navigation', { name: 'Settings pages' })
    await pages.getByRole('button', { name: 'About' }).click()
    await pages.getByRole('button', { name: 'Diagnostics' }).click()
    await page.getByText('Isolation', { exact: true }).first().click()
    await page.getByLabel('Rounds').fill('10')
    await page.getByRole('button', { name: /^Run (the checks|again)$/ }).click()
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    expect(await stateOf('search')).toBe('warn')
    expect(await check('search').innerText()).toContain('Left out: server 127.0.0.1:1/')
    expect(await stateOf('interleaved')).toBe('pass')
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700))
    await look(visor, 'isolation-small')
    const wider = await page
      .locator('[data-pane="settings-page"]')
      .evaluate((pane) => pane.scrollWidth > pane.clientWidth)
    expect(wider).toBe(false)
  })
})

function saved(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Not written yet.
    return null
  }
}
