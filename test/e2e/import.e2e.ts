/** A legacy gallery is moved over in the window: chosen, looked at, tried, run, compared, taken back; with pickles that the test writes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomNumbers, unitVector } from '../contract/made-faces'
import { type Python, pickled } from '../unit/import/pickle-writer'
import { look, lookIn } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

const persons = 60
const photosOfEach = 8
const fine = persons * photosOfEach
/** Rows that cannot be moved, as the replaced systems had them. */
const lost = 21
const manyLost = 10_000

const folder = newDataFolder()
const pickle = join(folder, 'ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_0.pkl')
const hopeless = join(folder, 'ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_1.pkl')
const names = [
  'Žiga Kovač',
  'Ana Novak',
  'محمد حسن',
  'Nguyễn Thị Minh Khai',
  'Östen Åkerström',
  'Мира Петровић',
]

function legacyRow(path: string, embedding: Python): Python {
  const box = { target_x: 12n, target_y: 20n, target_w: 96n, target_h: 118n }
  return { identity: path, hash: '0'.repeat(40), embedding, ...box }
}

function legacyRows(): Python[] {
  const random = randomNumbers(23_661)
  const rows: Python[] = []
  for (let person = 0; person < persons; person += 1) {
    const name = `${names[person % names.length]} ${Math.floor(person / names.length) + 1}`
    for (let photo = 0; photo < photosOfEach; photo += 1) {
      const vector = [...unitVector(random)].map((value) => 12 * value)
      rows.push(legacyRow(`/srv/gallery/slovenia/${name}/photo-${photo + 1}.jpg`, vector))
    }
  }
  const zeros = Array.from({ length: 512 }, () => 0)
  for (let row = 0; row < lost; row += 1) {
    const path = `/srv/gallery/slovenia/${names[row % names.length]} 1/lost-${row + 1}.jpg`
    rows.splice(
      row * 20,
      0,
      legacyRow(path, row % 3 === 0 ? null : row % 3 === 1 ? zeros : [0.25, 0.5, 0.75]),
    )
  }
  return rows
}

let visor: VisorWindow
beforeAll(async () => {
  writeFileSync(pickle, pickled(legacyRows(), { protocol: 4 }))
  const none = Array.from({ length: manyLost }, (_, row) => legacyRow(`/srv/g/Ana/${row}.jpg`, null))
  writeFileSync(hopeless, pickled([...none, ...legacyRows().slice(1, 20)], { protocol: 4 }))
  visor = await openVisor()
  visor.page.setDefaultTimeout(10_000)
  await visor.page.evaluate(async () => {
    const { request } = window.visor
    await request['settings.update']({ firstRunDone: true, screen: 'settings', settingsPage: 'import' })
  })
  await visor.page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: 'Settings' })
    .click()
  await visor.page.getByRole('button', { name: 'Import', exact: true }).click()
}, 120_000)
afterAll(() => visor.close())

const line = () => visor.page.getByTestId('state-line').innerText()
const press = (name: string | RegExp) => visor.page.getByRole('button', { name }).first().click()
/** The one next step, on the first line. */
const next = (name: string | RegExp) =>
  visor.page.getByTestId('state-line').getByRole('button', { name }).click()
const says = (text: string | RegExp) =>
  text instanceof RegExp
    ? expect.poll(line, { timeout: 30_000 }).toMatch(text)
    : expect.poll(line, { timeout: 30_000 }).toContain(text)

it('says that nothing was moved yet, and takes what is dropped', async () => {
  await says('Nothing has been moved over yet')
  await look(visor, 'import-nothing')
  await visor.dragOver([pickle], { x: 700, y: 400 })
  await visor.page.getByTestId('drop-overlay').waitFor()
  await visor.drop([pickle], { x: 700, y: 400 })
  await says('was chosen')
  await lookIn(visor, 'import-chosen', 'dark')
})

it('says what is in the source, and lets it be read otherwise', async () => {
  await next('Inspect')
  await says(`${fine + lost} rows of ${persons} people found`)
  await visor.page.getByPlaceholder('a domain').fill('slovenia')
  await says('Nothing was moved yet')
  await look(visor, 'import-inspected')

  await visor.page.getByText('Regular expression', { exact: true }).click()
  const pattern = visor.page.getByLabel('Regular expression over the whole path')
  await pattern.fill('(')
  await visor.page.getByText('This regular expression cannot be used.').waitFor()
  await pattern.fill('/gallery/(?P<person>[^/]+)/')
  await visor.page.getByRole('cell', { name: 'slovenia' }).first().waitFor()
  await says('is to be read otherwise')
  await lookIn(visor, 'import-rule', 'dark')
  await visor.page.getByText('Folder', { exact: true }).click()
  await says('Nothing was moved yet')
})

it('tries it without writing, and says why rows would be rejected', async () => {
  await next('Dry run')
  await says(`${fine} of ${fine + lost} rows would come, ${lost} would be rejected`)
  await visor.page.getByRole('listbox', { name: 'Rejected rows' }).getByText('Length zero').first().waitFor()
  await look(visor, 'import-tried')
})

it('runs, accounts for every row, and compares', async () => {
  await next(`Import ${fine} rows`)
  await says('It was not compared with its source yet')
  const account = visor.page.getByTestId('account')
  expect((await account.innerText()).replace(/\s+/g, ' ')).toContain(
    `${fine + lost} read = ${fine} imported + 0 already there + ${lost} rejected`,
  )
  await look(visor, 'import-done')
  const rejects = visor.page.getByRole('listbox', { name: 'Rejected rows' })
  await visor.page.getByLabel('Filter the rejected rows').fill('ZIGA')
  await expect.poll(() => rejects.getByRole('option').count()).toBe(4)
  await visor.page.getByLabel('Filter the rejected rows').fill('')
  await next('Validate')
  await says('All that was brought is as the source has it')
  await look(visor, 'import-validated')
})

it('saves a report that names the rejected rows', async () => {
  await visor.page.getByTestId('move-run').getByRole('button').click()
  const path = join(folder, 'report.csv')
  await visor.answerDialog([path])
  await press('Save report')
  await visor.page.getByRole('menuitem', { name: /CSV/ }).click()
  await visor.page.getByText('The report was saved.').waitFor()
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(lost + 1)
})

it('runs the rejected again, and adds nothing twice', async () => {
  await press(`Run the ${lost} rejected rows again`)
  await next('Inspect')
  await next('Dry run')
  await says('Nothing would be added')
  await visor.page.getByText('The report was saved.').waitFor({ state: 'hidden' })
  await lookIn(visor, 'import-rejected-again', 'dark')
})

it('takes an import back, which says how many rows', async () => {
  await visor.page.getByRole('button', { name: /480 of 501 rows/ }).click()
  await visor.page.getByTestId('move-run').getByRole('button').click()
  await press('Take this import back…')
  await lookIn(visor, 'import-take-back', 'dark')
  await press(`Take back ${fine} rows`)
  await says('was taken back')
})

it('scrolls through ten thousand rejected rows', async () => {
  await next('Import something else')
  await visor.drop([hopeless], { x: 700, y: 400 })
  await next('Inspect')
  await visor.page.getByPlaceholder('a domain').fill('slovenia')
  await next('Dry run')
  await next(/^Import \d+ rows$/)
  await says('It was not compared with its source yet')
  const rejects = visor.page.getByRole('listbox', { name: 'Rejected rows' })
  await visor.page.getByText(/^10,0\d\d rows$/).waitFor()
  const frames = await rejects.evaluate(async (element) => {
    /** The median time of a frame, milliseconds. */
    const frameMs = async (step: () => void) => {
      const times: number[] = []
      for (let frame = 0; frame < 80; frame += 1) {
        const before = performance.now()
        step()
        await new Promise(requestAnimationFrame)
        times.push(performance.now() - before)
      }
      return times.sort((a, b) => a - b)[40] ?? 0
    }
    const still = await frameMs(() => undefined)
    const scrolling = await frameMs(() => {
      element.scrollTop += element.scrollHeight / 80
    })
    return { still, scrolling }
  })
  // On a busy machine frames of a window at rest are late as well.
  expect(frames.scrolling).toBeLessThan(4 * Math.max(16, frames.still))
  expect(await rejects.getByRole('option').count()).toBeLessThan(60)
  await lookIn(visor, 'import-many-rejected', 'dark')
})

it('fits into the smallest window', async () => {
  await visor.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700))
  for (const step of ['move-inspect', 'move-run']) {
    await visor.page.getByTestId(step).getByRole('button').click()
    await visor.page.waitForTimeout(300)
    const wider = await visor.page
      .locator('[data-pane="settings-page"]')
      .evaluate((element) => element.scrollWidth - element.clientWidth)
    expect(wider, step).toBeLessThanOrEqual(0)
    await lookIn(visor, `import-small-${step}`, 'dark')
  }
  await press('Close')
  await lookIn(visor, 'import-small-earlier', 'light')
  await press('Connect to PostgreSQL…')
  await lookIn(visor, 'import-small-database', 'dark')
})
