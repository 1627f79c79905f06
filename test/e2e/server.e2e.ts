/** The server, from the first field to a search on it, against a real PostgreSQL; what goes wrong is told and mended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Settings } from '../../src-shared/settings'
import { privateServer, type TestDatabase, testDatabase } from '../postgres/databases'
import type { PostgresServer } from '../postgres/server'
import { allDone, queueItems, recognitionOf } from './asking'
import { look, lookIn } from './look'
import { openVisor, samplePhoto, type VisorWindow } from './visor-window'

let server: PostgresServer
let database: TestDatabase
let visor: VisorWindow
beforeAll(async () => {
  server = await privateServer()
  database = await testDatabase({ server, extension: true })
  visor = await openVisor()
  const { page } = visor
  await page.evaluate(() =>
    window.visor.request['settings.update']({ firstRunDone: true, settingsPage: 'connection' }),
  )
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
})
afterAll(async () => {
  await visor.close()
  await server.close()
})

const open = (title: string) =>
  visor.page.getByRole('navigation', { name: 'Settings pages' }).getByRole('button', { name: title }).click()
const field = (name: string) => visor.page.getByRole('textbox', { name, exact: true })
const step = (id: string) => visor.page.getByTestId(`step-${id}`)
const test = async () => {
  await visor.page.getByRole('button', { name: /^Test (the connection|again)$/ }).click()
  await visor.page.getByRole('button', { name: 'Test again' }).and(visor.page.locator(':enabled')).waitFor()
}

describe('the page Connection', () => {
  it('says that no server is used', async () => {
    await visor.page.getByText('No server is used.', { exact: false }).waitFor()
    await look(visor, 'server-empty')
  })

  it('keeps fields and URL in step, and takes a password out of a pasted URL', async () => {
    await field('URL').fill(`postgresql://ana:se%2Fcret@db.example:5433/faces?sslmode=require`)
    expect(await field('Host').inputValue()).toBe('db.example')
    expect(await field('Port').inputValue()).toBe('5433')
    expect(await field('User').inputValue()).toBe('ana')
    expect(await field('URL').inputValue()).toBe('postgresql://ana@db.example:5433/faces?sslmode=require')
    await visor.page.getByText('The password was taken out of it', { exact: false }).waitFor()
    expect(await visor.page.getByLabel('Password', { exact: true }).inputValue()).toBe('se/cret')
    await field('Database').fill('other')
    expect(await field('URL').inputValue()).toBe('postgresql://ana@db.example:5433/other?sslmode=require')
    await field('Port').fill('70000')
    await visor.page.getByText('The value of “port” is not one that Visor can use.').waitFor()
    await look(visor, 'server-wrong-field')
  })

  it('tells an unreachable server and a wrong password apart, each with what to do', async () => {
    await field('URL').fill(`postgresql://${database.user}@${database.host}:1/${database.database}`)
    await test()
    await expect.poll(() => step('reach').getAttribute('data-state')).toBe('fail')
    await look(visor, 'server-unreachable')
    await field('Port').fill(String(database.port))
    await visor.page.getByLabel('Password', { exact: true }).fill('wrong')
    await test()
    await expect.poll(() => step('login').getAttribute('data-state')).toBe('fail')
    await look(visor, 'server-wrong-password')
  })

  it('passes with the right one, and says that the schema is missing', async () => {
    await visor.page.getByLabel('Password', { exact: true }).fill(database.password)
    await test()
    await expect.poll(() => step('login').getAttribute('data-state')).toBe('pass')
    expect(await step('extension').getAttribute('data-state')).toBe('pass')
    expect(await step('schema').getAttribute('data-state')).not.toBe('pass')
    await look(visor, 'server-tested')
    await visor.page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => visor.page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await step('schema').getByRole('button', { name: 'Open Schema' }).click()
  })
})

describe('the page Schema', () => {
  it('shows what would run, with its SQL, and runs it', async () => {
    const { page } = visor
    await page.getByText('There is nothing of Visor in', { exact: false }).waitFor()
    await page.getByText(/^0010-initial/).click()
    await page.getByText('CREATE TABLE clients', { exact: false }).first().waitFor()
    await lookIn(visor, 'schema-plan', 'dark')
    await page.getByText(/^0010-initial/).click()
    await page.getByRole('button', { name: /^Run \d+ steps$/ }).click()
    await page.getByText('is as this program needs it', { exact: false }).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('as in this program, and every index is in use', { exact: false }).waitFor()
    await look(visor, 'schema-current')
  })
})

describe('server mode', () => {
  it('asks before it changes the store, and shows what is there', async () => {
    const { page } = visor
    await open('Connection')
    await page.getByRole('button', { name: 'Use this server…' }).click()
    await page.getByRole('dialog', { name: 'Work on the server' }).waitFor()
    await look(visor, 'server-confirm')
    await page.getByRole('button', { name: 'Use the server' }).click()
    await page.getByText('shared with other consoles', { exact: false }).first().waitFor()
    await expect.poll(() => page.getByTestId('status-store').innerText()).toContain(`Server ${database.host}`)
    await look(visor, 'server-in-use')
  })

  it('enrols and recognises on the server', async () => {
    const { page } = visor
    await page.evaluate(async () => {
      await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
      await window.visor.request['settings.update']({ search: { domain: 'team' }, screen: 'identify' })
    })
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Identify' }).click()
    await visor.drop([samplePhoto(1), samplePhoto(3)])
    await allDone(page, 2)
    const first = (await queueItems(page)).find(({ name }) => name === 'sample1.jpg')!
    const { faces } = (await recognitionOf(page, first.itemId))!
    const right = faces.toSorted((a, b) => b.box.x - a.box.x)[0]!
    await page.getByRole('option', { name: /^sample1/ }).click()
    await page.getByTestId(`face-box-${right.index}`).click()
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Cleo Sample')
    await page.keyboard.press('Enter')
    await expect
      .poll(async () => (await queueItems(page)).find(({ name }) => name === 'sample3.jpg')?.people, {
        timeout: 15_000,
      })
      .toMatchObject([{ name: 'Cleo Sample', decision: 'match' }])
    await look(visor, 'identify-on-server')
  })

  it('says how searches go, builds an index and checks how well it finds', async () => {
    const { page } = visor
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
    await open('Index')
    await page.getByText('too few faces for an index to pay', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Build the index' }).click()
    await page.getByText('Built with').waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Check how well it finds' }).click()
    await page
      .getByText('There are not two faces to search with.', { exact: true })
      .waitFor({ timeout: 20_000 })
    await look(visor, 'server-index')
    await open('Statistics')
    await page.getByText('1 person and 1 face in 1 domain', { exact: false }).waitFor()
    await look(visor, 'server-statistics')
  })

  it('keeps a chosen domain here, which follows the server', async () => {
    const { page } = visor
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
    await open('Cache')
    await page.getByText('Nothing is kept here yet', { exact: false }).waitFor()
    await page.getByRole('checkbox', { name: 'team' }).click()
    await page.getByText('1 domain is kept here', { exact: false }).waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Compare with the server' }).click()
    await page.getByText('all as on the server', { exact: false }).waitFor({ timeout: 20_000 })
    await look(visor, 'server-cache')
  })

  it('answers from the cache when the server is gone, and says so', async () => {
    const { page } = visor
    await server.stop('immediate')
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Identify' }).click()
    await visor.drop([samplePhoto(2)])
    await allDone(page, 3)
    await expect
      .poll(() => page.getByTestId('status-store').innerText(), { timeout: 20_000 })
      .toMatch(/Server gone since .*answers from the cache/)
    await page.getByRole('option', { name: /^sample3/ }).click()
    await page.getByText(/^cached, as of /).waitFor()
    await look(visor, 'identify-cached')
  })

  it('takes edits meanwhile, and brings them to the server when it is back', async () => {
    const { page } = visor
    const second = (await queueItems(page)).find(({ name }) => name === 'sample2.jpg')!
    const { faces } = (await recognitionOf(page, second.itemId))!
    await page.getByRole('option', { name: /^sample2/ }).click()
    const [best] = faces.toSorted((a, b) => b.quality.value - a.quality.value)
    await page.getByTestId(`face-box-${best!.index}`).click()
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Dora Sample')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.getByTestId('status-store').innerText(), { timeout: 20_000 })
      .toContain('1 edit waiting')
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
    await open('Cache')
    await page.getByText('Edits that wait for the server (1)').waitFor()
    await look(visor, 'server-outbox')
    await server.start()
    await page.getByRole('button', { name: 'Look for it now' }).click()
    await expect
      .poll(() => page.getByTestId('status-store').innerText(), { timeout: 40_000 })
      .toMatch(/^Server 127\.0\.0\.1.* 2 people/s)
    await page.getByText('Edits that wait for the server (1)').waitFor({ state: 'detached' })
    await open('Index')
    await page.getByRole('button', { name: 'Check how well it finds' }).click()
    await page.getByText('Same first person').waitFor({ timeout: 20_000 })
    await lookIn(visor, 'server-index-checked', 'dark')
  })

  /** The domain that is searched, and what is said of it. */
  const searched = async () => {
    const answer = await visor.page.evaluate(() => window.visor.request['settings.get'](undefined))
    if (!answer.ok) throw new Error(answer.error.message)
    return (answer.value as Settings).search.domain
  }
  const notice = (text: string) => visor.page.getByRole('alert').filter({ hasText: text })

  it('goes back to this machine in under a second: nobody is enrolled there, and the domain is left with a word', async () => {
    const { page } = visor
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
    await open('Connection')
    await page.getByRole('button', { name: 'Work on this machine…' }).click()
    const startedAt = performance.now()
    await page.getByRole('button', { name: 'Use this machine' }).click()
    await page.getByText('The galleries are on this machine: 0 people.', { exact: false }).waitFor()
    expect(performance.now() - startedAt).toBeLessThan(1000)
    await notice('“team” is not on this machine.').waitFor()
    await notice('Nothing is searched until a domain is chosen.').waitFor()
    expect(await searched()).toBe(null)
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Identify' }).click()
    await look(visor, 'domain-left')
    await expect
      .poll(async () => (await queueItems(page)).map(({ people }) => people?.length ?? 0))
      .toEqual([0, 0, 0])
  })

  it('searches the domain again once it is back on the server', async () => {
    const { page } = visor
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Use this server…' }).click()
    await page.getByRole('button', { name: 'Use the server' }).click()
    await notice('“team” is there again.').waitFor()
    await expect.poll(searched).toBe('team')
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Identify' }).click()
    await expect
      .poll(async () => (await queueItems(page)).map(({ people }) => people?.length ?? 0), {
        timeout: 30_000,
      })
      .toEqual([1, 1, 1])
    await look(visor, 'domain-back')
  })
})
