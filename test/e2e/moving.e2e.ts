/**
 * A legacy gallery moves: from a pickle to this machine, to a server on trial, over to it, and back. The server is lost in between;
 * nothing else is, and both end equal.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../src-main/storage/threads/server-store'
import type { PageRequestName } from '../../src-shared/channels'
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema, type ModelId, type PersonId } from '../../src-shared/ids'
import type { RequestInput, RequestOutput } from '../../src-shared/ipc'
import { FaultyLine } from '../chaos/faulty-line'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { similarity, VisionChild } from '../integration/vision/vision-child'
import { privateServer, serverAt } from '../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'
import type { PostgresServer } from '../postgres/server'
import { pickled } from '../unit/import/pickle-writer'
import { allDone, queueItems, recognitionOf } from './asking'
import { look, lookIn } from './look'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

const builtFolder = join(import.meta.dirname, '../../out/main')
const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('slovenia')
const photos = [1, 2, 3, 4, 5, 6]
/** Of the people in the sample photos, as they come. */
const names = [
  ...['Ana Novak', 'Boris Kranjc', 'Cleo Zupan', 'Dora Hribar', 'Edo Golob', 'Franc Kos', 'Gita Vidmar'],
  ...['Hana Oblak', 'Ivan Turk', 'Jana Bizjak', 'Karel Potočnik', 'Lara Žagar', 'Maks Korošec', 'Nina Čeh'],
  ...['Oton Rupnik', 'Pia Kotnik-Vodopivec von Hohenlohe-Schillingsfürst', 'Rok Mlakar', 'Sara Pirc'],
  ...['Tine Logar', 'Urša Kavčič', 'Vid Lah', 'Zora Jerman'],
]
/** Two faces that are nearer than this are one person's. */
const leastSimilarity = 0.45

let server: PostgresServer
let database: MigratedDatabase
let line: FaultyLine
let elsewhere: ServerStore
let visor: VisorWindow
let faces: LegacyFace[]
let modelId: ModelId

interface LegacyFace {
  readonly photo: string
  readonly face: EmbeddedFace
  readonly name: string
}

/** Every face of the sample photos, with a name: the same one where it is the same person. */
async function facesOfSamples(): Promise<LegacyFace[]> {
  const vision = await VisionChild.configured()
  const found: LegacyFace[] = []
  for (const number of photos) {
    const analysed = await vision.analyse(samplePhoto(number))
    modelId = analysed.modelId
    for (const face of analysed.faces) {
      const known = found.find((one) => similarity(one.face.embedding, face.embedding) > leastSimilarity)
      const name = known?.name ?? names[new Set(found.map((one) => one.name)).size]!
      found.push({ photo: `sample${number}.jpg`, face, name })
    }
  }
  await vision.end()
  return found
}

/** What the old system had in a file, and one row that was cut short. */
function legacyPickle(folder: string): string {
  const rows = faces.map(({ photo, name, face: { box, embedding } }, index) => ({
    identity: `/var/www/faces/${name}/${photo}`,
    hash: `hash${index}`,
    embedding: [...embedding],
    target_x: BigInt(Math.round(box.x)),
    target_y: BigInt(Math.round(box.y)),
    target_w: BigInt(Math.round(box.w)),
    target_h: BigInt(Math.round(box.h)),
  }))
  const broken = { ...rows[0]!, identity: '/var/www/faces/Ana Novak/torn.jpg', embedding: [0.5, 0.25] }
  const path = join(folder, 'ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_0.pkl')
  writeFileSync(path, pickled([...rows, broken], { protocol: 4 }))
  return path
}

/** Asks as the page does; raises what main answers with. */
async function ask<N extends PageRequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
  const reply = await visor.page.evaluate(([asked, about]) => window.visor.request[asked](about as never), [
    name,
    input,
  ] as const)
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message} ${reply.error.detail ?? ''}`)
  return reply.value as RequestOutput<N>
}

const show = (screen: string) =>
  visor.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click()
const open = (title: string) =>
  visor.page.getByRole('navigation', { name: 'Settings pages' }).getByRole('button', { name: title }).click()
const button = (name: string | RegExp) => visor.page.getByRole('button', { name })
const standing = () => visor.page.getByTestId('status-store').innerText()
/** The one next step, on the first line. */
const next = (name: string | RegExp) =>
  visor.page.getByTestId('state-line').getByRole('button', { name }).click()
const says = (text: string | RegExp) =>
  expect
    .poll(() => visor.page.getByTestId('state-line').innerText(), { timeout: 30_000 })
    .toMatch(typeof text === 'string' ? new RegExp(text.replaceAll('.', '\\.')) : text)
const goal = (name: string) => visor.page.getByRole('textbox', { name })
const passed = (criterion: string) => visor.page.getByTestId(`gate-${criterion}`).innerText()
const at1024 = (height: number, width: number) =>
  visor.app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  )
async function personNamed(name: string): Promise<PersonId> {
  const { persons } = await ask('gallery.persons', {
    clientId,
    domain,
    text: name,
    tag: null,
    flags: [],
    sort: 'name',
    offset: 0,
    limit: 5,
  })
  return persons[0]!.personId
}

beforeAll(async () => {
  server = await privateServer()
  database = await migratedDatabase({ server })
  line = await FaultyLine.to({ host: database.host, port: database.port })
  elsewhere = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  faces = await facesOfSamples()
  visor = await openVisor()
  visor.page.setDefaultTimeout(20_000)
  await ask('settings.update', { firstRunDone: true, settingsPage: 'validation' })
  await show('Settings')
}, 180_000)
afterAll(async () => {
  await visor?.close()
  await elsewhere?.close()
  await line?.close()
  await server?.close()
})

describe('from the pickle to this machine', () => {
  it('says first that nothing moves yet, and where to begin', async () => {
    await says('no server is named yet')
    await look(visor, 'validation-empty')
    await open('Cut-over')
    await says('no server is named yet')
    await look(visor, 'cut-over-empty')
  })

  it('imports every row but the torn one, and compares with the source', async () => {
    const { page } = visor
    await open('Import')
    await visor.drop([legacyPickle(newDataFolder())])
    await next('Inspect')
    await page.getByPlaceholder('a domain').fill(domain)
    // The file's name says ArcFace; these are of the model in use.
    await page.getByRole('combobox', { name: 'The embeddings are of' }).click()
    await page.getByRole('option', { name: /^the model in use/ }).click()
    await next('Dry run')
    await says(`${faces.length} of ${faces.length + 1} rows would come, 1 would be rejected`)
    await next(`Import ${faces.length} rows`)
    await says('It was not compared with its source yet')
    await next('Validate')
    await says('All that was brought is as the source has it')
    await look(visor, 'moving-imported')
    await ask('settings.update', { search: { domain } })
  })
})

describe('from this machine to the server, on trial', () => {
  it('copies the gallery, compares it row by row, and pairs both', async () => {
    const { connection, password } = serverAt(line.through(database.url))
    await ask('server.save', { connection: { ...connection, passwordIn: 'ask-each-time' }, password })
    await open('Validation')
    await says('Copied to the server, they can be tried there')
    await look(visor, 'validation-copied')
    await button('Copy').click()
    await says('dual mode is off, so nothing is compared')
    await lookIn(visor, 'validation-paired', 'dark')
  })

  it('answers from this machine, and compares each search', async () => {
    const { page } = visor
    await button('Begin to compare').click()
    await says('nothing was searched for yet')
    await expect.poll(standing).toMatch(/^Dual: this machine answers, compared with 127\.0\.0\.1/)
    await show('Identify')
    await visor.drop(photos.map(samplePhoto))
    await allDone(page, photos.length)
    for (const item of await queueItems(page)) {
      const { faces: found } = (await recognitionOf(page, item.itemId))!
      expect(found.every(({ decision }) => decision === 'match')).toBe(true)
    }
    await page.getByRole('option', { name: /^sample1/ }).click()
    await page.getByTestId('dual-mark').waitFor()
    await look(visor, 'identify-dual')
  })

  it('shows where both differ, with both answers and the cause', async () => {
    const { page } = visor
    const [first] = faces
    const twin = madeAssignment('Only On The Server', first!.face.embedding as UnitEmbedding)
    const { value } = await elsewhere.gallery.assignFaces(clientId, domain, modelId, [twin], {
      actor: 'eva',
      summary: 'Enrolled Only On The Server',
    })
    await show('Settings')
    await button('Choose a folder…').waitFor()
    await visor.answerDialog([join(samplePhoto(1), '..')])
    await button('Compare the last 7 days').first().click()
    await page
      .getByText(/faces of 6 photos were compared/)
      .first()
      .waitFor({ timeout: 60_000 })
    const list = page.getByRole('listbox', { name: 'Disagreements' })
    await list.getByRole('option').first().waitFor()
    await list.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.getByRole('region', { name: 'Both answers' }).getByText('not found here').waitFor()
    const probe = page.getByRole('img', { name: 'The face that was searched for' })
    await expect.poll(() => probe.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(192)
    await page.getByRole('region', { name: 'Both answers' }).scrollIntoViewIfNeeded()
    await look(visor, 'validation-disagreement')
    await elsewhere.gallery.deletePersons(
      value.map(({ personId }) => personId),
      { actor: 'eva', summary: 'Deleted Only On The Server' },
    )
    await button('Count from now on').click()
    await expect.poll(() => passed('probes')).toMatch(/\b0\b.*not passed/s)
  })

  it('compares photos that are dropped on the page, as a job', async () => {
    const { page } = visor
    await visor.drop(photos.map(samplePhoto))
    await page
      .getByText(/faces of 6 photos were compared/)
      .first()
      .waitFor({ timeout: 60_000 })
    expect((await queueItems(page)).length).toBe(photos.length)
    await says(/The gate is not passed, for .*more are to be compared/s)
    expect(await passed('sameFirst')).toContain('100.00 %')
    expect(await passed('validated')).toContain('passed')
    await page.getByText('Hour').click()
    await page.getByTestId('state-line').scrollIntoViewIfNeeded()
    await look(visor, 'validation-not-passed')
  })

  it('asks why where the gate is not passed, and does nothing without an answer', async () => {
    const { page } = visor
    await page.keyboard.press('Control+K')
    await page.getByRole('textbox', { name: 'Command' }).fill('cut over to')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Cut over to the server' })
    const cutOver = dialog.getByRole('button', { name: 'Cut over with 1 criterion not passed' })
    await cutOver.waitFor()
    expect(await cutOver.isEnabled()).toBe(false)
    await dialog.getByRole('textbox', { name: 'Why all the same?' }).fill('The old disk fails tonight')
    expect(await cutOver.isEnabled()).toBe(true)
    await look(visor, 'cut-over-override')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await ask('dual.state', undefined)).mode).toBe('dual')
    await open('Validation')
    await page.getByText('Hour').click()
  })

  it('passes the gate with goals that were changed here, and the ledger has who did it', async () => {
    const { page } = visor
    await button('Change the goals…').click()
    await goal('Faces compared, at least').fill('20')
    // How quick a server is, is no matter of a machine that runs tests.
    await goal('95 of 100 searches under').fill('5000')
    await lookIn(visor, 'validation-goals', 'dark')
    await button('Keep these goals').click()
    await says('faces compared: the gate is passed.')
    await page.getByText(/^Changed today/).click()
    await page.getByText('faces compared at least 20', { exact: false }).waitFor()
    await page.getByText(/^Changed today/).click()
    await page.getByTestId('state-line').scrollIntoViewIfNeeded()
    await look(visor, 'validation-passed')
    await page.getByText('Both sides say the same').evaluate((element) => element.scrollIntoView())
    await lookIn(visor, 'validation-charts', 'dark')
    await at1024(700, 1024)
    await page.getByTestId('state-line').scrollIntoViewIfNeeded()
    await look(visor, 'validation-small')
    await at1024(900, 1440)
  })
})

describe('over to the server, and back', () => {
  it('rehearses both ways without effect', async () => {
    const { page } = visor
    await button('Open Cut-over').click()
    await says('is on trial beside it, and has passed the gate')
    await button('Rehearse both ways').click()
    await page.getByRole('region', { name: 'Roll back, rehearsed' }).waitFor()
    expect((await ask('dual.state', undefined)).mode).toBe('dual')
    await page.getByTestId('state-line').scrollIntoViewIfNeeded()
    await look(visor, 'cut-over-rehearsed')
  })

  it('cuts over by the gate', async () => {
    const { page } = visor
    await button('Cut over to the server…').click()
    await page.getByRole('dialog', { name: 'Cut over to the server' }).waitFor()
    await look(visor, 'cut-over-dialog')
    await page.getByRole('dialog').getByRole('button', { name: 'Cut over to the server' }).click()
    await says('answers. This machine follows it')
    await page.getByRole('heading', { name: /^Cut over: done in/ }).waitFor()
    await expect.poll(standing).toMatch(/^Server 127\.0\.0\.1/)
    await look(visor, 'cut-over-done')
  })

  it('works on when the server is lost, and brings the edits there when it is back', async () => {
    const { page } = visor
    const ana = await personNamed('Ana Novak')
    line.cut()
    await expect.poll(standing, { timeout: 30_000 }).toContain('Server gone')
    await ask('gallery.updatePerson', { personId: ana, occupation: 'pilot' })
    const [item] = await queueItems(page)
    expect((await recognitionOf(page, item!.itemId))!.faces[0]!.decision).toBe('match')
    await expect.poll(standing).toContain('1 edit waiting')
    await says('has not answered')
    await page.getByText('1 edit waits').first().waitFor()
    await look(visor, 'cut-over-lost')
    line.heal()
    await ask('mode.connect', undefined)
    await expect.poll(standing, { timeout: 60_000 }).not.toContain('waiting')
    await expect.poll(async () => (await elsewhere.gallery.person(ana)).occupation).toBe('pilot')
  })

  it('rolls back with what was made on the server meanwhile', async () => {
    const { page } = visor
    const late = madeAssignment('Enrolled Elsewhere', unitVector(randomNumbers(5)))
    await elsewhere.gallery.assignFaces(clientId, domain, modelId, [late], {
      actor: 'eva',
      summary: 'Enrolled Enrolled Elsewhere',
    })
    await page.getByText('What a roll-back brings').waitFor()
    await button('Roll back to this machine').click()
    await page.getByRole('heading', { name: /^Roll back: done in/ }).waitFor()
    await page.getByText('All that is on the server is here.').first().waitFor()
    await says('This machine answers.')
    await expect.poll(standing).toContain('Store local')
    expect(await personNamed('Enrolled Elsewhere')).toBeDefined()
    await page.getByTestId('state-line').scrollIntoViewIfNeeded()
    await look(visor, 'cut-over-rolled-back')
    const steps = page.getByRole('list', { name: 'Steps of the move' })
    await steps.scrollIntoViewIfNeeded()
    const told = await steps.innerText()
    for (const step of ['Rolled back to this machine', 'Cut over to the server', 'Comparing was begun']) {
      expect(told).toContain(step)
    }
    expect(told).toMatch(/\d ms/)
    await at1024(700, 1024)
    await look(visor, 'cut-over-small')
  })

  it('ends with equal stores', async () => {
    await visor.close()
    const local = await openLocalStore({ folder: visor.data, builtFolder, threads: 1 })
    await local.cache.sync(elsewhere.snapshots(), {})
    const { rows, differences } = await local.cache.compare(elsewhere.snapshots(), {})
    await local.close()
    expect(rows).toBeGreaterThan(faces.length)
    expect(differences).toEqual([])
  })
})
