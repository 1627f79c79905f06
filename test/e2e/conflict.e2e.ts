/** Two consoles change one person while one of them is cut off: both sides are shown, and somebody decides. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openServerStore, type ServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema, type PersonId } from '../../src-shared/ids'
import { FaultyLine } from '../chaos/faulty-line'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { scope } from '../fixtures/made-unknown'
import { privateServer, serverAt } from '../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'
import type { PostgresServer } from '../postgres/server'
import { look } from './look'
import { openVisor, type VisorWindow } from './visor-window'

const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('team')

let server: PostgresServer
let database: MigratedDatabase
let line: FaultyLine
let elsewhere: ServerStore
let visor: VisorWindow
let personId: PersonId

beforeAll(async () => {
  server = await privateServer()
  database = await migratedDatabase({ server })
  const builtFolder = join(import.meta.dirname, '../../out/main')
  elsewhere = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  const assignments = [madeAssignment('Dora Sample', unitVector(randomNumbers(3)))]
  const { value } = await elsewhere.gallery.assignFaces(clientId, domain, scope.modelId, assignments, {
    actor: 'eva',
    summary: 'Enrolled Dora Sample',
  })
  personId = value[0]!.personId
  line = await FaultyLine.to({ host: database.host, port: database.port })
  visor = await openVisor()
  visor.page.setDefaultTimeout(20_000)
  const { connection, password } = serverAt(line.through(database.url))
  await visor.page.evaluate(
    async ([wanted, word]) => {
      const { request } = window.visor
      await request['settings.update']({ firstRunDone: true, settingsPage: 'cache' })
      await request['server.save']({ connection: { ...wanted, passwordIn: 'ask-each-time' }, password: word })
      await request['mode.use']({ mode: 'server' })
      await request['cache.choose']({ clientId: 'default', domain: 'team', chosen: true })
      await request['cache.sync'](undefined)
    },
    [connection, password] as const,
  )
  await show('Settings')
}, 180_000)
afterAll(async () => {
  await visor.close()
  await elsewhere.close()
  await line.close()
  await server.close()
})

const show = (screen: string) =>
  visor.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click()
const standing = () => visor.page.getByTestId('status-store').innerText()
const occupation = async () => (await elsewhere.gallery.person(personId)).occupation

async function bothChange(mine: string, theirs: string): Promise<void> {
  const { page } = visor
  await page.getByText('What changes on the server is here within a second', { exact: false }).waitFor()
  line.cut()
  await expect.poll(standing, { timeout: 30_000 }).toContain('Server gone')
  const failed = await page.evaluate(
    async ([id, words]) => {
      const reply = await window.visor.request['gallery.updatePerson']({ personId: id, occupation: words })
      return reply.ok ? null : reply.error.message
    },
    [personId, mine] as const,
  )
  expect(failed).toBeNull()
  await elsewhere.gallery.updatePerson(
    personId,
    { occupation: theirs },
    { actor: 'eva', summary: `Changed Dora Sample: occupation “${theirs}”` },
  )
  line.heal()
  await page.getByRole('button', { name: 'Look for it now' }).click()
  await expect.poll(standing, { timeout: 60_000 }).toContain('1 edit to decide about')
}

const side = (name: string) => visor.page.getByRole('region', { name }).innerText()

it('shows both sides, and keeps mine', async () => {
  const { page } = visor
  await bothChange('pilot', 'painter')
  expect(await side('Yours')).toContain('Changed Dora Sample: occupation “pilot”')
  expect(await side('Theirs, on the server')).toMatch(/occupation “painter”\s+eva/)
  // Until somebody decides, the server's stands.
  expect(await occupation()).toBe('painter')
  await look(visor, 'server-conflict')
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await expect.poll(occupation, { timeout: 30_000 }).toBe('pilot')
  await expect.poll(standing).not.toContain('decide')
})

it('or keeps theirs', async () => {
  const { page } = visor
  await bothChange('sailor', 'teacher')
  await page.getByRole('button', { name: 'Keep theirs' }).click()
  await expect.poll(standing, { timeout: 30_000 }).not.toContain('decide')
  expect(await occupation()).toBe('teacher')
  await expect
    .poll(() =>
      page.evaluate(async (id) => {
        const reply = await window.visor.request['gallery.person']({ personId: id })
        return reply.ok ? (reply.value as { occupation?: string }).occupation : reply.error.message
      }, personId),
    )
    .toBe('teacher')
})

it('offers what was typed about somebody whom another console deletes meanwhile', async () => {
  const { page } = visor
  await show('Galleries')
  await page.getByRole('button', { name: /^team/ }).click()
  await page.getByRole('option', { name: /^Dora Sample/ }).click()
  await page.getByRole('tab', { name: 'Details' }).click()
  await page.getByRole('textbox', { name: 'Description' }).fill('Paints boats')
  await elsewhere.gallery.deletePersons([personId], { actor: 'eva', summary: 'Deleted Dora Sample' })
  await page.getByText('What you typed under “Description” was not saved.').waitFor()
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect.poll(() => visor.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('Paints boats')
})
