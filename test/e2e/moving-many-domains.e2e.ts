/** Validation and Cut-over where domains are many, and named at length: all is read, and nothing is wider than the window. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DualRecord } from '../../src-main/storage/dual-store'
import { databaseFile, openDatabase } from '../../src-main/storage/sqlite/open-database'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import type { DualHit } from '../../src-shared/dual'
import {
  clientIdSchema,
  type Domain,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  sha256Schema,
} from '../../src-shared/ids'
import { lookIn } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

const builtFolder = join(import.meta.dirname, '../../out/main')
const clientId = clientIdSchema.parse('default')
/** Without a space to break it at. */
const longest = domainSchema.parse('Šentjurski'.repeat(20))
const domains = [
  longest,
  ...Array.from({ length: 49 }, (_, index) => domainSchema.parse(`domain ${index + 1}`)),
]
const place = 'postgres.recognition.internal.ministry-of-the-interior.example:5432/visor'
const hourMs = 3_600_000

const hit = (name: string, distance: number, end: number): DualHit => ({
  personId: personIdSchema.parse(`00000000-0000-7000-8000-0000000000${end}`),
  faceId: faceIdSchema.parse(`00000000-0000-7000-8000-0000000001${end}`),
  name,
  distance,
})

function compared(domain: Domain, index: number): DualRecord {
  const figures = {
    serverMs: 20 + index,
    sameFirst: index > 0,
    overlap: index > 0 ? 1 : 0.8,
    largestDifference: 0,
  }
  const disagreement = {
    sha256: sha256Schema.parse('ab'.repeat(32)),
    face: 1,
    cause: 'missing-rows' as const,
    local: [hit('Marija'.repeat(30), 0.21, 11), hit('Bojan', 0.4, 12)],
    server: [hit('Bojan', 0.4, 12)],
  }
  return {
    at: Date.now() - hourMs - index * 60_000,
    clientId,
    domain,
    modelId: modelIdSchema.parse('pack/embedder'),
    origin: 'live',
    localMs: 2,
    outcome: index === 0 ? { ...figures, disagreement } : figures,
  }
}

let visor: VisorWindow

beforeAll(async () => {
  const data = newDataFolder()
  const local = await openLocalStore({ folder: data, builtFolder, threads: 1 })
  for (const domain of domains) await local.gallery.ensureDomain(clientId, domain)
  await local.dual.beginPairing(clientId, '00000000-0000-4000-8000-000000000001', place)
  await local.dual.record(domains.map(compared))
  await local.dual.decide(
    'local',
    null,
    {
      step: 'roll-back',
      gate: null,
      figures: {
        notHere1: `what was changed on ${place} after 2026-11-20T14:32:00.000Z`,
        decidedAfterMs: 612,
      },
    },
    { actor: 'ana', summary: 'Rolled back from the server', reason: 'Nicht'.repeat(60) },
  )
  await local.close()
  const database = openDatabase(databaseFile(data))
  database.prepare('UPDATE pairings SET paired_at = ?').run(Date.now())
  database.close()
  visor = await openVisor({ data, width: 1024, height: 700 })
  visor.page.setDefaultTimeout(30_000)
  await visor.page.evaluate(() =>
    window.visor.request['settings.update']({ firstRunDone: true, settingsPage: 'validation' }),
  )
  await visor.page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: 'Settings' })
    .click()
}, 90_000)
afterAll(() => visor?.close())

const size = (width: number, height: number) =>
  visor.app.evaluate(
    ({ BrowserWindow }, wanted) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height),
    { width, height },
  )
/** What scrolls sideways. */
const tooWide = () =>
  visor.page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('body, body *')]
      .filter(
        (element) =>
          (element === document.documentElement ||
            ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)) &&
          element.scrollWidth > element.clientWidth + 1,
      )
      .map((element) => `${element.tagName} ${element.className}`),
  )

describe('Validation', () => {
  it('lists every domain in a place of its own; a name that is cut is told in full', async () => {
    const { page } = visor
    const table = page.getByRole('table', { name: 'Figures by domain' })
    await table.waitFor()
    expect(await table.getByRole('rowheader').count()).toBe(domains.length)
    const name = table.getByRole('rowheader').filter({ hasText: longest })
    expect(await name.getAttribute('title')).toBe(longest)
    expect(await name.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true)
    const region = page.getByRole('region', { name: 'By domain' })
    expect(await region.evaluate((element) => element.scrollHeight > element.clientHeight)).toBe(true)
    expect(await tooWide()).toEqual([])
    await region.scrollIntoViewIfNeeded()
    await lookIn(visor, 'validation-many-domains', 'dark')
  })

  it('has room for the longest where domains are chosen, and in what differs', async () => {
    const { page } = visor
    await page.getByRole('combobox', { name: 'Domain', exact: true }).click()
    await page.getByRole('option', { name: longest }).waitFor()
    await visor.screenshot('validation-domains-to-choose')
    await page.getByRole('option', { name: longest }).click()
    await page.getByRole('region', { name: 'Both answers' }).getByText(`in ${longest}`).waitFor()
    await page.getByText('No picture: its photo has left the queue.').waitFor()
    expect(await tooWide()).toEqual([])
    await page.getByRole('region', { name: 'Both answers' }).scrollIntoViewIfNeeded()
    await lookIn(visor, 'validation-long-domain', 'dark')
    await size(1440, 900)
    await page.getByRole('region', { name: 'Both answers' }).scrollIntoViewIfNeeded()
    expect(await tooWide()).toEqual([])
    await lookIn(visor, 'validation-long-domain-wide', 'dark')
  })
})

describe('Cut-over', () => {
  it('counts the domains, and breaks what is long', async () => {
    const { page } = visor
    await size(1024, 700)
    await page
      .getByRole('navigation', { name: 'Settings pages' })
      .getByRole('button', { name: 'Cut-over' })
      .click()
    await page.getByText(`${domains.length} domains`).waitFor()
    expect(await tooWide()).toEqual([])
    await lookIn(visor, 'cut-over-many-domains', 'dark')
    await page.getByRole('list', { name: 'Steps of the move' }).scrollIntoViewIfNeeded()
    expect(await tooWide()).toEqual([])
    await lookIn(visor, 'cut-over-long-reason', 'dark')
  })
})
