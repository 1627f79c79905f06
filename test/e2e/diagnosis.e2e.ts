/** Settings, Diagnostics: a server in order and one that is broken for real, and this machine's store. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { privateServer, serverAt } from '../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'
import type { PostgresServer } from '../postgres/server'
import { look, lookIn } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

const builtFolder = join(import.meta.dirname, '../../out/main')

let server: PostgresServer
let database: MigratedDatabase
let visor: VisorWindow

async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new pg.Client(database.superuserUrl)
  await client.connect()
  try {
    await client.query('SET search_path = visor, public')
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function enrol(): Promise<void> {
  const store = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  const random = randomNumbers(1)
  try {
    for (const [domain, persons] of [
      ['slovenia', 40],
      ['serbia', 12],
    ] as const) {
      await store.gallery.assignFaces(
        clientIdSchema.parse('default'),
        domainSchema.parse(domain),
        modelIdSchema.parse('test/model'),
        Array.from({ length: persons }, (_, person) =>
          madeAssignment(`Person ${person}`, unitVector(random), `${domain} ${person}`),
        ),
        { actor: 'tester', summary: 'Made a gallery' },
      )
    }
  } finally {
    await store.close()
  }
}

beforeAll(async () => {
  server = await privateServer()
  database = await migratedDatabase({ server })
  await enrol()
  visor = await openVisor()
  visor.page.setDefaultTimeout(20_000)
  const { connection, password } = serverAt(database.url)
  await visor.page.evaluate(
    async ([wanted, word]) => {
      const { request } = window.visor
      await request['settings.update']({ firstRunDone: true, settingsPage: 'diagnostics' })
      await request['server.save']({ connection: { ...wanted, passwordIn: 'ask-each-time' }, password: word })
    },
    [connection, password] as const,
  )
  await visor.page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: 'Settings' })
    .click()
}, 120_000)
afterAll(async () => {
  await visor.close()
  await server.close()
})

const line = () => visor.page.getByTestId('state-line').first()
const check = (id: string) => visor.page.getByTestId(`check-${id}`)
const stateOf = (id: string) => check(id).getAttribute('data-state')
const run = async () => {
  await visor.page.getByRole('button', { name: /^Run (the checks|again)$/ }).click()
  await visor.page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 60_000 })
}
const toTop = () =>
  visor.page.locator('[data-pane="settings-page"]').evaluate((page) => {
    page.scrollTop = 0
  })

describe('a server in order', () => {
  it('says what it would do before anything was checked', async () => {
    const { page } = visor
    await page.getByText(`Server ${database.host}`, { exact: false }).click()
    await page.getByText('Nothing is changed by it.', { exact: false }).waitFor()
    await look(visor, 'diagnosis-empty')
  })

  it('shows the checks as they are made, and ends with a verdict', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Run the checks' }).click()
    await check('connection').waitFor()
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await visor.screenshot('diagnosis-running-dark')
    await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 60_000 })
    const states = await page
      .locator('[data-testid^="check-"]')
      .evaluateAll((all) => all.map((one) => [one.dataset.testid, one.dataset.state]))
    expect(states).toHaveLength(19)
    expect(states.filter(([, state]) => state === 'fail' || state === 'unchecked')).toEqual([])
    expect(await check('self').innerText()).toContain('50 of 50')
    await toTop()
    await look(visor, 'diagnosis-pass')
    await check('counts').getByText('Details').click()
    expect(await check('counts').innerText()).toMatch(/default\s+slovenia\s+40/)
    await check('counts').scrollIntoViewIfNeeded()
    await visor.screenshot('diagnosis-pass-end-dark')
  })

  it('is kept when one goes elsewhere, and can be run by keys', async () => {
    const { page } = visor
    const pages = page.getByRole('navigation', { name: 'Settings pages' })
    await pages.getByRole('button', { name: 'About' }).click()
    await pages.getByRole('button', { name: 'Diagnostics' }).click()
    await check('counts').waitFor()
    await page.getByRole('button', { name: 'Run again' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Stop' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('It was stopped before its end.', { exact: false }).waitFor()
  })

  it('gives its report to copy and to save', async () => {
    const { page } = visor
    await run()
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'Copy the report as text' }).click()
    await expect
      .poll(() => visor.app.evaluate(({ clipboard }) => clipboard.readText()))
      .toContain('# Diagnosis of the server')
    expect(await page.getByRole('alert').count()).toBe(0)
    const path = join(newDataFolder(), 'report.json')
    await visor.answerDialog([path])
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Save the report as JSON' }).click()
    await expect.poll(() => saved(path)).toMatchObject({ diagnosed: 'server', cancelled: false })
    const text = JSON.stringify(saved(path))
    expect(text).not.toContain(database.password)
    expect(text).not.toContain('Person 1')
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

describe('a server that is broken', () => {
  it('says what is wrong, how much of it, and what to run', async () => {
    await asSuperuser(
      'DROP INDEX persons_name',
      'UPDATE embeddings SET vector = vector + vector WHERE id = (SELECT min(id) FROM embeddings)',
      "SET session_replication_role = 'replica'",
      'DELETE FROM photos WHERE id = (SELECT max(id::text)::uuid FROM photos)',
      'DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)',
    )
    await run()
    expect(await line().innerText()).toContain('Something is wrong.')
    for (const id of ['schema', 'indexes', 'orphans', 'vectors']) {
      expect(await stateOf(id), id).toBe('fail')
    }
    for (const id of ['write', 'self', 'latency', 'ledger']) expect(await stateOf(id), id).toBe('unchecked')
    expect(await check('indexes').innerText()).toContain('CREATE UNIQUE INDEX persons_name')
    await toTop()
    await look(visor, 'diagnosis-fail')
    await check('vectors').scrollIntoViewIfNeeded()
    await visor.screenshot('diagnosis-fail-end-dark')
  })

  it('fits into a small window', async () => {
    const { app } = visor
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700))
    await toTop()
    await lookIn(visor, 'diagnosis-fail-small', 'light')
    await lookIn(visor, 'diagnosis-fail-small', 'dark')
    const wider = await visor.page
      .locator('[data-pane="settings-page"]')
      .evaluate((page) => page.scrollWidth > page.clientWidth)
    expect(wider).toBe(false)
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1440, 900))
  })

  it('a server that does not answer is one failure', async () => {
    await server.stop()
    await run()
    expect(await stateOf('connection')).toBe('fail')
    expect(await stateOf('vectors')).toBe('unchecked')
    await toTop()
    await lookIn(visor, 'diagnosis-gone', 'dark')
  })
})

describe('this machine', () => {
  it('is checked, too', async () => {
    await visor.page.getByText('This machine', { exact: true }).click()
    await run()
    expect(await stateOf('file')).toBe('pass')
    expect(await stateOf('vectors')).toBe('pass')
    await toTop()
    await lookIn(visor, 'diagnosis-local', 'dark')
  })
})
