/** Photos of an import in the window: which model made the embeddings, which are made anew, which photos are found afterwards and which are not. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sharp } from '../../src-main/vision/native/sharp'
import { randomNumbers, unitVector } from '../contract/made-faces'
import { type Python, pickled } from '../unit/import/pickle-writer'
import { look, lookIn } from './look'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

const folder = newDataFolder()
const archive = join(folder, 'archive of the former system')
const people = join(folder, 'people')
const pickle = join(folder, 'ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_0.pkl')
const own = join(folder, 'made-with-the-model-in-use.pkl')
const longName = 'Maria del Carmen Fernández de la Vega y Sánchez-Ocaña von Hohenlohe-Langenburg'
const lost = `/srv/gallery/${'a folder with a long name/'.repeat(6)}${longName}/lost on the way.jpg`

/** Where one face is in the sample photos, with room around it: photo, left, top, width, height. */
const cuts = {
  cleo: [1, 1320, 100, 520, 620],
  cleoAgain: [3, 920, 150, 500, 500],
  tina: [2, 300, 60, 480, 480],
} as const

function put(under: string, path: string, bytes: Buffer): string {
  const file = join(under, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, bytes)
  return file
}

async function cut(name: keyof typeof cuts, isMirrored = false): Promise<Buffer> {
  const [photo, left, top, width, height] = cuts[name]
  const image = sharp(readFileSync(samplePhoto(photo))).extract({ left, top, width, height })
  return (isMirrored ? image.flop() : image).jpeg({ quality: 92 }).toBuffer()
}

let visor: VisorWindow
beforeAll(async () => {
  const random = randomNumbers(512)
  put(archive, 'Cleo/cleo-1.jpg', await cut('cleo'))
  put(archive, 'Cleo/cleo-2.jpg', await cut('cleoAgain'))
  put(archive, 'Tina/tina-1.jpg', await cut('tina'))
  const grey = { width: 400, height: 400, channels: 3, background: '#777777' } as const
  put(archive, 'Vid/nobody.jpg', await sharp({ create: grey }).jpeg().toBuffer())
  put(archive, 'Vid/broken.jpg', Buffer.from('This is no photo.'))
  mkdirSync(join(archive, 'Uma'), { recursive: true })
  copyFileSync(samplePhoto(1), join(archive, 'Uma', 'several.jpg'))
  const wanda = put(folder, 'at its path/Wanda/wanda-1.jpg', await cut('cleoAgain', true))
  const paths = ['Cleo/cleo-1', 'Cleo/cleo-2', 'Tina/tina-1', 'Vid/nobody', 'Vid/broken', 'Uma/several']
  const rows: Python[] = [...paths.map((path) => `/srv/gallery/slovenia/${path}.jpg`), lost].map(
    (identity) => ({ identity, embedding: [...unitVector(random)] }),
  )
  rows.push({ identity: wanda, embedding: [0.25, 0.5, 0.75] })
  writeFileSync(pickle, pickled(rows, { protocol: 4 }))
  put(people, 'Cleo/cleo-3.jpg', await cut('cleo', true))
  put(people, 'Tina/tina-3.jpg', await cut('tina', true))

  visor = await openVisor()
  visor.page.setDefaultTimeout(15_000)
  await visor.page.evaluate(async () => {
    const { request } = window.visor
    await request['settings.update']({ firstRunDone: true, screen: 'settings', settingsPage: 'import' })
  })
  await press('Settings')
  await visor.page.getByRole('button', { name: 'Import', exact: true }).click()
}, 60_000)
afterAll(() => visor.close())

const line = () => visor.page.getByTestId('state-line').innerText()
const press = (name: string | RegExp) => visor.page.getByRole('button', { name }).first().click()
/** The one next step, on the first line. */
const next = (name: string | RegExp) =>
  visor.page.getByTestId('state-line').getByRole('button', { name }).click()
const says = (text: string) => expect.poll(line, { timeout: 60_000 }).toContain(text)
const takeAndInspect = async (path: string, found: string) => {
  await visor.drop([path], { x: 700, y: 400 })
  await says('was chosen')
  await next('Inspect')
  await says(found)
  await visor.page.getByPlaceholder('a domain').fill('slovenia')
}
const verdict = () => visor.page.getByTestId('model-check').getByRole('status')
const chooseModel = async (name: RegExp) => {
  await visor.page.getByRole('combobox', { name: 'The embeddings are of' }).click()
  await visor.page.getByRole('option', { name }).click()
}

it('offers to embed photos anew where an embedding cannot be used', async () => {
  await takeAndInspect(pickle, '8 rows of 6 people found')
  const section = visor.page.getByRole('region', { name: 'Embeddings that cannot be used' })
  await expect.poll(() => section.innerText()).toContain('1 row has no embedding that a search could use')
  await section.getByText('Embed the photos anew').click()
  await section.scrollIntoViewIfNeeded()
  await expect.poll(() => section.innerText()).toContain('embedded under the model in use')
  await look(visor, 'import-embed-anew')
})

it('says that no photo is at hand, and of another model once they are; then a reason is asked for before the run', async () => {
  await press('Check the model')
  await expect.poll(() => verdict().innerText(), { timeout: 60_000 }).toContain('No photo was found.')
  await verdict().scrollIntoViewIfNeeded()
  await lookIn(visor, 'import-model-unknown', 'dark')

  await visor.answerDialog([archive])
  await press('In a folder…')
  await press('Check again')
  await expect.poll(() => verdict().innerText(), { timeout: 60_000 }).toContain('Another model.')
  expect(await verdict().innerText()).toMatch(/Median cosine −?0\.\d\d of 3 faces/)
  await chooseModel(/the model in use/)
  await says('Their photos say that another model made them')
  expect(await visor.page.getByTestId('state-line').getByRole('button').count()).toBe(0)
  const why = visor.page.getByLabel('Why they are of the model in use all the same')
  await why.scrollIntoViewIfNeeded()
  await look(visor, 'import-model-another')
  await why.fill('The photos were exchanged after the embeddings were made.')
  await says('Nothing was moved yet')
  await chooseModel(/what the source says/)
})

it('runs, compares, and says how many faces are not measured', async () => {
  await next('Dry run')
  await says('8 of 8 rows would come')
  await next('Import 8 rows')
  await says('It was not compared with its source yet')
  await next('Validate')
  await says('7 faces are not measured')
  await lookIn(visor, 'import-not-measured', 'dark')
})

it('looks at the photos in a folder, measures what it finds, and names the rest', async () => {
  await next('Look at the photos…')
  const places = visor.page.getByLabel('Where the photos are looked for')
  await expect.poll(() => places.innerText()).toContain('archive of the')
  await look(visor, 'import-photos')
  await press('Look in no folder')
  await press('Look at 7 photos')
  await visor.page.getByRole('main').getByText('Faces found and measured: 0').waitFor({ timeout: 60_000 })
  await says('All that was brought is as the source has it')

  await visor.answerDialog([archive])
  await press('In a folder…')
  await press('Look again at 7 photos')
  await visor.page.getByRole('main').getByText('Faces found and measured: 3').waitFor({ timeout: 60_000 })
  const list = visor.page.getByRole('listbox', { name: 'Faces that were not found' })
  await expect.poll(() => list.getByRole('option').count()).toBe(4)
  for (const word of [
    'Photo not found',
    'Photo cannot be read',
    'Face not in the photo',
    'Several faces in the photo',
  ])
    await list.getByText(word).waitFor()
  await look(visor, 'import-photos-looked-at')
})

it('shows what a row cuts off, by keys', async () => {
  const list = visor.page.getByRole('listbox', { name: 'Faces that were not found' })
  await visor.page.getByLabel('Filter the faces that were not found').fill('lost')
  await expect.poll(() => list.getByRole('option').count()).toBe(1)
  await list.focus()
  await visor.page.keyboard.press('ArrowDown')
  await expect.poll(() => visor.page.getByTestId('whole-row').innerText()).toContain(lost)
  await visor.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700))
  await visor.page.waitForTimeout(300)
  const wider = await visor.page
    .locator('[data-pane="settings-page"]')
    .evaluate((element) => element.scrollWidth - element.clientWidth)
  expect(wider).toBeLessThanOrEqual(0)
  await visor.page.getByTestId('whole-row').scrollIntoViewIfNeeded()
  await lookIn(visor, 'import-photos-small', 'dark')
  await visor.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1440, 900))
})

it('leaves a look in the history, where it can be undone', async () => {
  await press('Show the history')
  await visor.page.getByText('Looked at 3 imported photos').first().waitFor()
  await lookIn(visor, 'import-photos-history', 'dark')
  await press('Settings')
})

it('says of embeddings that the model in use made that they are of it', async () => {
  await takeAndInspect(people, '2 rows of 2 people found')
  await next('Dry run')
  await next('Import 2 rows')
  await says('It was not compared with its source yet')
  const database = new Database(join(visor.data, 'visor.sqlite'), { readonly: true })
  const rows = database
    .prepare<[], { path: string; vector: Buffer }>(
      `SELECT p.path, e.vector FROM photos p JOIN faces f ON f.photo_id = p.id JOIN embeddings e ON e.face_id = f.id
       WHERE p.path LIKE '%-3.jpg'`,
    )
    .all()
  database.close()
  const written = rows.map(({ path, vector }): Python => {
    const numbers = new Float32Array(vector.buffer.slice(vector.byteOffset, vector.byteOffset + 2048))
    return { identity: path, embedding: [...numbers] }
  })
  expect(written).toHaveLength(2)
  writeFileSync(own, pickled(written, { protocol: 5 }))
  await takeAndInspect(own, '2 rows of 2 people found')
  await press('Check the model')
  await expect.poll(() => verdict().innerText(), { timeout: 60_000 }).toContain('Same model.')
  expect(await verdict().innerText()).toContain('Median cosine 1.00 of 2 faces')
  await verdict().scrollIntoViewIfNeeded()
  await look(visor, 'import-model-same')
})
