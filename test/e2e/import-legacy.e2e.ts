/** The database of a legacy system in the window: domains, columns, people of one name; a run that is paused, killed, gone on with. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomNumbers, unitVector } from '../contract/made-faces'
import { lookIn } from './look'
import { newDataFolder, openVisor, type VisorWindow } from './visor-window'

const folder = newDataFolder()
const legacy = join(
  folder,
  'the-gallery-of-the-former-face-recognition-service-as-it-was-on-the-day-of-the-move.sqlite3',
)
const strange = join(folder, 'strange.sqlite3')
const large = join(folder, 'large.sqlite3')
/** More than are written within some seconds: it is paused and killed in between. */
const largeRows = 36_000
const largeCount = '36,000'

const layout = `
  CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT, region TEXT, description TEXT, tax_number TEXT, known_as TEXT);
  CREATE TABLE face_encodings (id INTEGER PRIMARY KEY, person_id INTEGER, embedding BLOB, image_path TEXT, face_bbox TEXT, confidence REAL)`

function written(path: string, schema: string, fill: (database: Database.Database) => void): void {
  const database = new Database(path)
  database.exec(schema)
  database.transaction(() => fill(database))()
  database.close()
}

const random = randomNumbers(77)
const blob = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)

function fillLegacy(database: Database.Database): void {
  const person = database.prepare('INSERT INTO persons (id, name, region, description) VALUES (?, ?, ?, ?)')
  const face = database.prepare(
    'INSERT INTO face_encodings (person_id, embedding, image_path, face_bbox, confidence) VALUES (?, ?, ?, ?, 0.98)',
  )
  for (let id = 1; id <= 40; id += 1) {
    const name = id % 8 === 0 ? 'Marko Novak' : `${['Žiga', 'Ana', 'Eva', 'Luka'][id % 4]} Kovač ${id}`
    person.run(id, name, id % 3 === 0 ? 'serbia' : 'slovenia', 'A singer')
    for (let photo = 0; photo < 5; photo += 1) {
      const box = '{"x":10,"y":20,"w":90,"h":110}'
      face.run(id, blob(unitVector(random)), `/srv/photos/${id}/${photo}.jpg`, box)
    }
  }
  person.run(41, null, 'slovenia', null)
  face.run(41, blob(unitVector(random)), '/srv/photos/41/0.jpg', null)
}

function fillLarge(database: Database.Database): void {
  const person = database.prepare('INSERT INTO persons (id, name, region) VALUES (?, ?, ?)')
  const face = database.prepare(
    'INSERT INTO face_encodings (person_id, embedding, image_path) VALUES (?, ?, ?)',
  )
  for (let id = 1; id <= 1000; id += 1) person.run(id, `Person ${id}`, 'large')
  const vectors = Array.from({ length: 1000 }, () => blob(unitVector(random)))
  for (let row = 0; row < largeRows; row += 1) {
    face.run((row % 1000) + 1, vectors[row % 1000], `/srv/photos/${row}.jpg`)
  }
}

let visor: VisorWindow
const open = async (data?: string) => {
  visor = await openVisor(data === undefined ? {} : { data })
  visor.page.setDefaultTimeout(15_000)
  await visor.page.evaluate(async () => {
    const { request } = window.visor
    await request['settings.update']({ firstRunDone: true, screen: 'settings', settingsPage: 'import' })
  })
  await visor.page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: 'Settings' })
    .click()
  await visor.page.getByRole('button', { name: 'Import', exact: true }).click()
}
beforeAll(async () => {
  written(legacy, layout, fillLegacy)
  written(large, layout, fillLarge)
  written(
    strange,
    'CREATE TABLE ljudje (st INTEGER, ime TEXT); CREATE TABLE obrazi (oseba INTEGER, v BLOB)',
    (to) => {
      to.exec("INSERT INTO ljudje VALUES (1, 'Ana')")
      to.prepare('INSERT INTO obrazi VALUES (1, ?)').run(blob(unitVector(random)))
    },
  )
  await open()
}, 19_000)
afterAll(() => visor.close())

const line = () => visor.page.getByTestId('state-line').innerText()
const next = (name: string | RegExp) =>
  visor.page.getByTestId('state-line').getByRole('button', { name }).click()
const press = (name: string) => visor.page.getByRole('button', { name }).first().click()
const says = (text: string) => expect.poll(line, { timeout: 60_000 }).toContain(text)
/** The first rows are written. */
const moves = () => expect.poll(line, { timeout: 60_000, interval: 20 }).toMatch(/Moving over: [1-9]/)
const take = async (path: string) => {
  await visor.drop([path], { x: 700, y: 400 })
  await says('was chosen')
  await next('Inspect')
}

it('sends each domain where it is to go, keeps people of one name apart, and lets columns be mapped', async () => {
  await take(legacy)
  await says('201 rows of 41 people found')
  await visor.page.getByRole('combobox', { name: 'Where serbia comes into' }).fill('')
  await lookIn(visor, 'import-legacy', 'dark')
  await visor.page.getByRole('heading', { name: 'The same name more than once' }).scrollIntoViewIfNeeded()
  await visor.page.getByText('Show the names', { exact: true }).click()
  await visor.page.getByRole('heading', { name: 'Columns' }).scrollIntoViewIfNeeded()
  await lookIn(visor, 'import-legacy-choices', 'dark')
  await visor.page.getByRole('combobox', { name: 'What persons.known_as holds' }).scrollIntoViewIfNeeded()
  await lookIn(visor, 'import-legacy-columns', 'dark')
  await next('Dry run')
  await says('135 of 136 rows would come, 1 would be rejected')
  await next(/^Import 135 rows$/)
  await says('It was not compared with its source yet')
  await next('Validate')
  await says('as the source has it')
  await press('Close')
})

it('asks for tables and columns whose names say nothing', async () => {
  await take(strange)
  await visor.page.getByLabel('Table of the people').waitFor()
  for (const [label, value] of [
    ['Table of the people', 'ljudje'],
    ['Column: number of the person', 'st'],
    ['Column: name', 'ime'],
    ['Table of the faces', 'obrazi'],
    ['Column: whose it is', 'oseba'],
    ['Column: embedding', 'v'],
  ] as const) {
    await visor.page.getByLabel(label, { exact: true }).fill(value)
  }
  await lookIn(visor, 'import-by-hand', 'dark')
  await press('Inspect with these')
  await says('1 row of 1 person found')
  await press('Another source…')
})

it('says in three parts why a database does not answer', async () => {
  await press('Connect to PostgreSQL…')
  await visor.page.getByLabel('URL').fill('postgresql://ana:secret@127.0.0.1:1/faces?sslmode=disable')
  await press('Take this database')
  await says('was chosen')
  await next('Inspect')
  await visor.page.getByText('Details', { exact: true }).waitFor()
  expect(await visor.page.content()).not.toContain('secret')
  await lookIn(visor, 'import-no-answer', 'dark')
  await press('Another source…')
})

it('is paused and gone on with, and goes on where it stood after a kill', async () => {
  await take(large)
  await says(`${largeCount} rows`)
  await next('Dry run')
  await says(`${largeCount} of ${largeCount} rows would come`)
  await next(`Import ${largeCount} rows`)
  await moves()
  await next('Pause')
  await says('Paused at row')
  await lookIn(visor, 'import-paused', 'dark')
  await next('Resume')
  await moves()
  await visor.screenshot('import-goes-on-dark')
  visor.app.process().kill('SIGKILL')
  await open(visor.data)
  await press('Show it')
  await says('was interrupted at row')
  await lookIn(visor, 'import-interrupted', 'dark')
  await next('Resume')
  await says(`${largeCount} of ${largeCount} rows were brought, none was rejected`)
  await visor.page.getByTestId('account').getByText(`${largeCount} imported`).waitFor()
})
