/** Erasure in the running program: a person, several, what is in the bin, a client; the report; and not a byte left, also in Chromium's own folder. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { erasureReportSchema } from '../../src-shared/erasure'
import { clientIdSchema } from '../../src-shared/ids'
import { Traces } from '../fixtures/traces'
import { allDone, queueItems } from './asking'
import { look } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

const builtFolder = join(import.meta.dirname, '../../out/main')
const client = clientIdSchema.parse('default')

describe('erasure in the window', () => {
  let visor: VisorWindow
  let people: Locator
  const folders: string[] = []
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'visor-erased-'))
    folders.push(folder)
    return folder
  }
  beforeAll(async () => {
    visor = await openVisor({ width: 1024, height: 700 })
    const { page } = visor
    page.setDefaultTimeout(15_000)
    people = page.getByRole('listbox', { name: 'People' })
    await page.getByRole('button', { name: 'Try the sample gallery' }).click()
    await page.getByRole('option', { name: /^sample6\.jpg/ }).waitFor({ timeout: 60_000 })
    await allDone(page, 6)
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Galleries' }).click()
    await person(/^Cleo Sample/).waitFor()
  })
  afterAll(async () => {
    await visor.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  const person = (name: RegExp) => people.getByRole('option', { name })
  const dialog = () => visor.page.getByRole('dialog', { name: 'Erase for good' })
  const report = () => visor.page.getByRole('dialog', { name: 'Report of an erasure' })
  const closeReport = async () => {
    await report().getByRole('button', { name: 'Close' }).last().click()
    await report().waitFor({ state: 'hidden' })
  }

  it('erases the person looked at, from everywhere, and shows the report', async () => {
    const { page, data } = visor
    // She is in two of the sample photos, and enrolled from one: the other shows her as a match.
    await person(/^Cleo Sample/).click()
    await page.getByRole('tab', { name: 'Details' }).click()
    const before = newFolder()
    // Chromium's own files come and go while it runs.
    const browser = join(data, 'browser')
    cpSync(data, before, { recursive: true, filter: (path) => !path.startsWith(browser) })
    await page.getByRole('button', { name: 'Erase this person for good…' }).click()
    await dialog().getByText('Cleo Sample').waitFor()
    const button = dialog().getByRole('button', { name: 'Erase 1 person for good' })
    expect(await button.isDisabled()).toBe(true)
    await look(visor, 'erase')
    await page.keyboard.type('Cleo Sample asked for it')
    await page.keyboard.press('Enter')
    // The reason is kept, and would keep her name.
    await dialog().getByText('The reason names somebody who is to be erased.').waitFor()
    await dialog().getByRole('textbox', { name: 'Why' }).fill('Request 2026-17')
    await button.click()
    await report().waitFor({ timeout: 30_000 })
    expect(await person(/^Cleo Sample/).count()).toBe(0)
    await look(visor, 'erasure-report')
    const saved = join(newFolder(), 'report.json')
    await visor.answerDialog([saved])
    await report().getByRole('button', { name: 'Save report…' }).click()
    await expect.poll(() => readSafely(saved)).not.toBe('')
    const written = erasureReportSchema.parse(JSON.parse(readFileSync(saved, 'utf8')))
    expect(written).toMatchObject({ subject: { people: 1 }, signedOff: { why: 'Request 2026-17' } })
    const counts = Object.fromEntries(written.removed.map(({ place, count }) => [place, count]))
    expect(counts).toMatchObject({ people: 1, faces: 1, 'queue-known': 1, 'queue-alike': 1 })
    await closeReport()
    expect((await queueItems(page)).map(({ name }) => name)).not.toContain('sample3.jpg')

    const traces = tracesOf(before, 'Cleo Sample', join(data, 'visor.sqlite'))
    expect([...traces.foundIn(before).keys()]).toEqual(
      expect.arrayContaining(['name “Cleo Sample”', 'her embedding, float32', 'her crop']),
    )
    expect([...traces.foundIn(data)]).toEqual([])
  })

  it('the history keeps the entry and its report, and what it took is blank', async () => {
    const { page } = visor
    await page.keyboard.press('ControlOrMeta+h')
    await page.getByText('Erased 1 person').waitFor()
    await page.getByText('“Request 2026-17”').waitFor()
    await page.getByText(/^Content erased, today/).waitFor()
    await look(visor, 'erasure-history')
    await page.getByRole('button', { name: 'Report', exact: true }).first().click()
    await report()
      .getByText(/^History entry/)
      .waitFor()
    await closeReport()
    await page.getByRole('button', { name: 'Back to the people' }).click()
  })

  it('erases several, by keyboard, and says how many in the button', async () => {
    const { page } = visor
    await person(/^Ada Sample/).click()
    await person(/^Bela Sample/).click({ modifiers: ['ControlOrMeta'] })
    await page.keyboard.press('Shift+Delete')
    await dialog().getByRole('button', { name: 'Erase 2 people for good' }).waitFor()
    await visor.screenshot('erase-several')
    await page.keyboard.type('Request 2026-18')
    await page.keyboard.press('Enter')
    await report().waitFor({ timeout: 30_000 })
    await closeReport()
    expect(await person(/^(Ada|Bela) Sample/).count()).toBe(0)
  })

  it('erases what is in the bin', async () => {
    const { page } = visor
    await person(/^Dora Sample/).click()
    await page.keyboard.press('Delete')
    await page.keyboard.press('ControlOrMeta+b')
    await page.getByRole('button', { name: /^Erase for good: Deleted Dora/ }).click()
    await dialog().getByText('Dora Sample').waitFor()
    await page.keyboard.type('Request 2026-19')
    await dialog().getByRole('button', { name: 'Erase 1 person for good' }).click()
    await report().waitFor({ timeout: 30_000 })
    await closeReport()
    await page.getByText('The bin is empty').waitFor()
    await page.getByRole('button', { name: 'Back to the people' }).click()
  })

  it('erases a client only when its name is typed', async () => {
    const { page } = visor
    await page.evaluate(() =>
      window.visor.request['gallery.createDomain']({ clientId: 'museum', domain: 'guests' } as never),
    )
    await page.getByRole('heading', { name: 'museum' }).hover()
    await page.getByRole('button', { name: 'Erase the client museum for good' }).click()
    const button = dialog().getByRole('button', { name: 'Erase the client and its 0 people for good' })
    await dialog().getByRole('textbox', { name: 'Why' }).fill('The contract ended')
    expect(await button.isDisabled()).toBe(true)
    await dialog()
      .getByRole('textbox', { name: /^Type museum/ })
      .fill('museum')
    await look(visor, 'erase-client')
    await button.click()
    await report().waitFor({ timeout: 30_000 })
    await closeReport()
    await expect.poll(() => page.getByRole('heading', { name: 'museum' }).count()).toBe(0)
  })
})

it('an erasure that was interrupted is ended at the next start, and its report shown', async () => {
  const data = newDataFolder()
  const first = await openVisor({ data })
  await first.page.getByRole('button', { name: 'Try the sample gallery' }).click()
  await allDone(first.page, 6)
  await first.close()
  const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
  const query = {
    clientId: client,
    domain: null,
    text: 'Ines Sample',
    sort: 'name',
    flags: [],
    tag: null,
  } as const
  const { persons } = await store.gallery.persons({ ...query, offset: 0, limit: 5 })
  const target = { personIds: persons.map(({ personId }) => personId) }
  const why = { actor: 'tester', summary: 'Erased 1 person', reason: 'Request 2026-20' }
  await store.erasure.erase({ target, possible: new Map() }, why)
  await store.close()
  const visor = await openVisor({ data })
  const report = visor.page.getByRole('dialog', { name: 'Report of an erasure' })
  await report.getByText('“Request 2026-20”').waitFor({ timeout: 30_000 })
  await visor.close()
})

/** What there is of a person in a copy of a data folder, but for what others have in the database now. */
function tracesOf(folder: string, name: string, databaseNow: string): Traces {
  const traces = new Traces().text('name', name)
  const then = new Database(join(folder, 'visor.sqlite'))
  const rows = then
    .prepare<[string], { vector: Buffer; jpeg: Buffer }>(
      `SELECT e.vector, c.jpeg FROM persons p JOIN faces f ON f.person_id = p.id
       JOIN embeddings e ON e.face_id = f.id JOIN crops c ON c.face_id = f.id WHERE p.name = ?`,
    )
    .all(name)
  then.close()
  expect(rows.length).toBeGreaterThan(0)
  for (const { vector, jpeg } of rows) {
    traces.embedding('her embedding', new Float32Array(new Uint8Array(vector).buffer)).bytes('her crop', jpeg)
  }
  const now = new Database(databaseNow, { readonly: true })
  for (const picture of now
    .prepare('SELECT jpeg FROM crops UNION ALL SELECT bytes FROM queue_pictures')
    .pluck()
    .all()) {
    traces.without(picture as Uint8Array)
  }
  now.close()
  return traces
}

function readSafely(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
