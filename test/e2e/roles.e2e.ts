/** Each login is offered what it may do: a curator, then an analyst, on one server. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Imports } from '../../src-main/services/import/imports'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import type { UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema } from '../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { MadeSource, madeRow, noPhotos, plainOptions } from '../fixtures/made-source'
import { scope } from '../fixtures/made-unknown'
import { privateServer, serverAt } from '../postgres/databases'
import { type GroupRole, makeLogin } from '../postgres/logins'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'
import type { PostgresServer } from '../postgres/server'
import { look } from './look'
import { openVisor, type VisorWindow } from './visor-window'

let server: PostgresServer
let database: MigratedDatabase
let visor: VisorWindow

async function enrol(): Promise<void> {
  const builtFolder = join(import.meta.dirname, '../../out/main')
  const store = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  const random = randomNumbers(7)
  try {
    for (const domain of ['slovenia', 'serbia'].map((name) => domainSchema.parse(name))) {
      await store.gallery.assignFaces(
        clientIdSchema.parse('default'),
        domain,
        scope.modelId,
        Array.from({ length: 12 }, (_, person) =>
          madeAssignment(`Person ${person}`, unitVector(random), `${domain} ${person}`),
        ),
        { actor: 'tester', summary: 'Made a gallery' },
      )
    }
    const rows = [0, 1, 2].map((row) => importedRow(row, unitVector(random)))
    const imports = new Imports({
      target: store,
      openSource: async () => new MadeSource(rows),
      openGallery: () => Promise.reject(new Error('There is none.')),
      openLooker: noPhotos,
      actor: 'tester',
    })
    const { runId } = await imports.begin({
      clientId: clientIdSchema.parse('default'),
      place: { at: 'path', path: '/legacy/gallery.db' },
      kind: 'legacy-sqlite',
      options: { ...plainOptions, domain: domainSchema.parse('serbia') },
    })
    await imports.resume(runId)
  } finally {
    await store.close()
  }
}

const importedRow = (row: number, embedding: UnitEmbedding) =>
  madeRow(
    { name: `Imported ${row}`, photoPath: `/legacy/${row}.jpg`, modelId: scope.modelId, embedding },
    row,
  )

async function workAs(role: GroupRole): Promise<void> {
  const { connection, password } = serverAt((await makeLogin(database, [role], ['*'])).url)
  const failed = await visor.page.evaluate(
    async ([wanted, word]) => {
      const { request } = window.visor
      await request['server.save']({ connection: { ...wanted, passwordIn: 'ask-each-time' }, password: word })
      const reply = await request['mode.use']({ mode: 'server' })
      return reply.ok ? null : reply.error.message
    },
    [connection, password] as const,
  )
  expect(failed).toBeNull()
}

/** What is done to `person` by a channel that the window would not use. */
async function refusal(): Promise<string | null> {
  return visor.page.evaluate(async () => {
    const reply = await window.visor.request['gallery.createDomain']({
      clientId: 'default',
      domain: 'forbidden',
    })
    return reply.ok ? null : reply.error.code
  })
}

beforeAll(async () => {
  server = await privateServer()
  database = await migratedDatabase({ server })
  await enrol()
  visor = await openVisor()
  visor.page.setDefaultTimeout(15_000)
  await visor.page.evaluate(() =>
    window.visor.request['settings.update']({ firstRunDone: true, search: { domain: 'slovenia' } }),
  )
}, 120_000)
afterAll(async () => {
  await visor.close()
  await server.close()
})

const show = (screen: string) =>
  visor.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click()
const button = (name: string | RegExp) => visor.page.getByRole('button', { name })
const somebody = () => visor.page.getByRole('option', { name: /^Person 3,/ })
const why = () => visor.page.getByTestId('without-right')

/** What the command palette has for a few letters. */
async function palette(letters: string): Promise<string[]> {
  const { page } = visor
  await page.keyboard.press('Control+K')
  await page.getByRole('textbox', { name: 'Command' }).fill(letters)
  await page
    .getByText(/Nothing by that name|Settings:|…|people|domain/)
    .first()
    .waitFor()
  const found = await page.getByRole('dialog').getByRole('button').allInnerTexts()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return found
}

describe('a curator', () => {
  it('is offered everything but to erase and to look after the server', async () => {
    const { page } = visor
    await workAs('visor_curator')
    await show('Galleries')
    await somebody().click()
    await button('New domain').waitFor()
    await button('Rename or delete slovenia').waitFor()
    await button('Enrol a folder…').waitFor()
    await button('Delete 1 person').waitFor()
    await button('Add photos of Person 3').waitFor()
    expect(await button(/^Erase/).count()).toBe(0)
    expect(await why().count()).toBe(0)
    await page.getByRole('tab', { name: 'Details' }).click()
    await page.getByRole('textbox', { name: 'Occupation' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Occupation' }).isEditable()).toBe(true)
    expect(await button(/for good/).count()).toBe(0)
    expect(await palette('erase')).toEqual([])
    expect((await palette('new domain')).join()).toContain('New domain')
  })

  it('decides what Gallery health has found', async () => {
    await show('Review')
    await button(/^Gallery health/).click()
    await button(/^(Add photos|It is fine|Two different people)/)
      .first()
      .waitFor({ timeout: 60_000 })
    expect(await why().count()).toBe(0)
  })

  it('is told that indexes are for the owner', async () => {
    await show('Settings')
    await button('Index').click()
    await visor.page.getByText('Your login may not build indexes', { exact: false }).waitFor()
    expect(await button(/^Build/).count()).toBe(0)
  })

  it('is told that the move is for the owner', async () => {
    await button('Cut-over').click()
    await why().waitFor()
    expect(await palette('cut-over')).toEqual(['Settings: Cut-over'])
    expect(await palette('roll-back')).toEqual([])
  })
})

describe('an analyst', () => {
  it('sees people, and is told why nothing is offered', async () => {
    const { page } = visor
    await workAs('visor_analyst')
    await show('Galleries')
    await somebody().click()
    await why().first().waitFor()
    await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).isEditable()).toBe(false)
    for (const name of [
      'New domain',
      'Rename or delete slovenia',
      'Import…',
      'Enrol a folder…',
      /^Delete/,
      'Move…',
      'Merge…',
      'Tag…',
      /^Erase/,
      'Add photos of Person 3',
    ]) {
      expect(await button(name).count(), String(name)).toBe(0)
    }
    await button('Export…').waitFor()
    await look(visor, 'galleries-as-analyst')
    await page.getByRole('tab', { name: 'Details' }).click()
    expect(await page.getByRole('textbox', { name: 'Occupation' }).isEditable()).toBe(false)
    await page.getByRole('tab', { name: 'Alike' }).click()
    await page
      .getByRole('list', { name: /^People who look like/ })
      .waitFor()
      .catch(async (error: unknown) => {
        throw new Error(
          `${(await page.getByRole('alert').allInnerTexts()).join()} ${await page.getByRole('tabpanel').innerText()}`,
          { cause: error },
        )
      })
    expect(await button(/^Merge with|is somebody else$/).count()).toBe(0)
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByText('Made a gallery', { exact: false }).first().waitFor()
    expect(await button(/^Undo/).count()).toBe(0)
    await page.getByRole('tab', { name: 'Faces' }).click()
  })

  it('has no key and no command for it', async () => {
    const { page } = visor
    await page.getByRole('listbox', { name: 'People' }).focus()
    for (const key of ['Delete', 'Shift+Delete', 'm', 't', 'v', 'p']) await page.keyboard.press(key)
    await page.waitForTimeout(300)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => page.getByTestId('people-amount').innerText()).toBe('12 people')
    await button(/^slovenia/).dblclick()
    expect(await page.getByRole('textbox', { name: /^New name of/ }).count()).toBe(0)
    for (const letters of ['new domain', 'erase', 'enrol a folder', 'merge']) {
      expect(await palette(letters), letters).toEqual([])
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
  })

  it('looks at what waits in Review, and decides nothing', async () => {
    await show('Review')
    await button(/^Gallery health/).click()
    await why().waitFor()
    expect(await button(/^(Add photos|It is fine|Two different people|One person)/).count()).toBe(0)
    const alerts = () => visor.page.getByRole('alert').allInnerTexts()
    // What was told of the domain when the login changed goes by itself.
    await expect.poll(alerts, { timeout: 20_000 }).toEqual([])
    for (const key of ['f', 'x', '1', 'Enter']) await visor.page.keyboard.press(key)
    await visor.page.waitForTimeout(300)
    expect(await alerts()).toEqual([])
    await look(visor, 'health-as-analyst')
  })

  it('is refused by the server, whatever the window says', async () => {
    expect(await refusal()).toBe('rights-missing')
  })

  it('sees imports and what is not measured, and is offered nothing of it', async () => {
    const { page } = visor
    await show('Settings')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await why().waitFor()
    await button('Show it').click()
    await page.getByTestId('state-line').getByText('3 of 3 rows were brought').waitFor()
    expect(await page.getByTestId('state-line').getByRole('button').count()).toBe(0)
    await button('Save report').waitFor()
    expect(await button('Take this import back…').count()).toBe(0)
    await page.getByTestId('move-photos').getByRole('button').click()
    await page.getByText('3 faces of 3 photos in serbia').waitFor()
    expect(await button(/^Look at/).count()).toBe(0)
    await look(visor, 'import-as-analyst')
  })
})
