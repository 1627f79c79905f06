/** The server's pages in the smallest window with long names: nothing is wider than its page; while the server answers, is gone, fails. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema } from '../../src-shared/ids'
import { FaultyLine } from '../chaos/faulty-line'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { scope } from '../fixtures/made-unknown'
import { privateServer, serverAt } from '../postgres/databases'
import { migratedDatabase } from '../postgres/migrated'
import type { PostgresServer } from '../postgres/server'
import { look, lookIn } from './look'
import { openVisor, type VisorWindow } from './visor-window'

const longClient = 'museum-of-contemporary-history-and-its-archive-department'
const longDomain = 'Prebivalci-severovzhodne-Slovenije-in-sosednjih-pokrajin-od-leta-1870'

let server: PostgresServer
let line: FaultyLine
let visor: VisorWindow
beforeAll(async () => {
  server = await privateServer()
  const database = await migratedDatabase({ server })
  const builtFolder = join(import.meta.dirname, '../../out/main')
  const store = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  const random = randomNumbers(5)
  for (const client of ['default', longClient]) {
    for (const domain of [longDomain, ...Array.from({ length: 14 }, (_, place) => `domain ${place + 1}`)]) {
      const face = madeAssignment('Ana', unitVector(random), `${client} ${domain}`)
      await store.gallery.assignFaces(
        clientIdSchema.parse(client),
        domainSchema.parse(domain),
        scope.modelId,
        [face],
        { actor: 'tester', summary: 'Made a gallery' },
      )
    }
  }
  await store.close()
  line = await FaultyLine.to({ host: database.host, port: database.port })
  visor = await openVisor({ width: 1024, height: 700 })
  visor.page.setDefaultTimeout(20_000)
  const { connection, password } = serverAt(line.through(database.url))
  await visor.page.evaluate(
    async ([wanted, word, domain]) => {
      const { request } = window.visor
      await request['settings.update']({ firstRunDone: true, settingsPage: 'connection' })
      await request['server.save']({ connection: { ...wanted, passwordIn: 'ask-each-time' }, password: word })
      await request['mode.use']({ mode: 'server' })
      await request['cache.choose']({ clientId: 'default', domain, chosen: true })
      await request['cache.sync'](undefined)
    },
    [connection, password, longDomain] as const,
  )
  await visor.page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: 'Settings' })
    .click()
}, 240_000)
afterAll(async () => {
  await visor.close()
  await line.close()
  await server.close()
})

const page = (title: string) =>
  visor.page.getByRole('navigation', { name: 'Settings pages' }).getByRole('button', { name: title }).click()
const fits = async (title: string) => {
  const wider = await visor.page
    .locator('[data-pane="settings-page"]')
    .evaluate((element) => element.scrollWidth - element.clientWidth)
  expect(wider, title).toBeLessThanOrEqual(0)
}

it('fits while the server answers, with names as long as they come', async () => {
  for (const title of ['Connection', 'Schema', 'Cache', 'Statistics', 'Index']) {
    await page(title)
    await visor.page.getByTestId('state-line').first().waitFor()
    await fits(title)
    await lookIn(visor, `small-${title.toLowerCase()}`, 'dark')
  }
  await visor.page.getByRole('table', { name: 'Searches by domain' }).getByText('Here, in memory').waitFor()
  await lookIn(visor, 'small-index', 'light')
})

it('fits while the server is gone', async () => {
  line.cut()
  await expect
    .poll(() => visor.page.getByTestId('status-store').innerText(), { timeout: 30_000 })
    .toContain('Server gone')
  await expect.poll(() => visor.page.getByTestId('announcement').textContent()).toContain('Server gone')
  for (const title of ['Connection', 'Schema', 'Index', 'Statistics', 'Cache']) {
    await page(title)
    await visor.page.locator('[data-pane="settings-page"]').getByRole('heading').first().waitFor()
    await visor.page.waitForTimeout(500)
    await fits(title)
    await lookIn(visor, `small-${title.toLowerCase()}-gone`, 'dark')
  }
})

it('says why where another server cannot be reached', async () => {
  await visor.page.evaluate(async () => {
    const { request } = window.visor
    const setup = await request['server.setup'](undefined)
    if (!setup.ok) throw new Error(setup.error.message)
    const { connection } = setup.value as { connection: object }
    const host = `${'a-very-long-name-of-a-machine.'.repeat(3)}invalid`
    await request['server.save']({
      connection: { ...connection, hosts: [{ host, port: 5432 }] } as never,
      password: null,
    })
  })
  await page('Connection')
  await expect
    .poll(() => visor.page.getByTestId('status-store').innerText(), { timeout: 30_000 })
    .toContain('not available')
  await fits('Connection')
  await look(visor, 'small-connection-failed')
})
