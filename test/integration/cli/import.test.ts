/** `visor import inspect`, `run`, `resume`, `validate`, `report`, `undo`: a legacy gallery, with processes that are killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { randomNumbers, unitVector } from '../../contract/made-faces'
import { pickled } from '../../unit/import/pickle-writer'
import { newFolder, visor } from './visor'

const root = join(import.meta.dirname, '../../..')
const sample1 = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg')
const random = randomNumbers(3)
const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)

/** Ten people with three faces each; every tenth embedding is cut short. */
function legacyFile(folder: string): string {
  const path = join(folder, 'legacy.db')
  const database = new Database(path)
  database.exec(`
    CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT, region TEXT, client_id TEXT, description TEXT);
    CREATE TABLE face_encodings (id INTEGER PRIMARY KEY, person_id INTEGER, embedding BLOB, image_path TEXT)`)
  for (let person = 1; person <= 10; person++) {
    const region = person % 2 === 0 ? 'slovenia' : 'serbia'
    // The last two have one name.
    const name = `Person ${Math.min(person, 9)}`
    database.prepare('INSERT INTO persons VALUES (?, ?, ?, ?, NULL)').run(person, name, region, 'acme')
    for (let face = 0; face < 3; face++) {
      const id = 3 * person + face
      const bytes = bytesOf(unitVector(random))
      database
        .prepare('INSERT INTO face_encodings VALUES (?, ?, ?, ?)')
        .run(id, person, id % 10 === 5 ? bytes.subarray(4) : bytes, `/photos/${id}.jpg`)
    }
  }
  database.close()
  return path
}

describe('a legacy SQLite file', () => {
  const folder = newFolder()
  const data = newFolder()
  const source = legacyFile(folder)

  it('is inspected, tried, run, mended, compared and told', async () => {
    const inspected = await visor(data, 'import', 'inspect', source)
    expect(inspected).toMatchObject({ code: 0, answers: [{ kind: 'legacy-sqlite', rows: 30, persons: 10 }] })
    const tried = await visor(data, 'import', 'run', source, '--all', '--dry-run')
    expect(tried).toMatchObject({
      code: 3,
      answers: [{ read: 30, imported: 27, already_there: 0, rejected: 3 }],
    })
    expect((await visor(data, 'stats')).answers).toEqual([])

    const run = await visor(data, 'import', 'run', source, '--all')
    expect(run.code).toBe(3)
    const [first] = run.answers
    expect(first).toMatchObject({ read: 30, imported: 27, already_there: 0, rejected: 3, state: 'done' })
    expect(first?.rejects).toMatchObject([
      { key: 'face_encodings 5', reason: 'wrong-dimension' },
      { key: 'face_encodings 15' },
      { key: 'face_encodings 25' },
    ])
    expect(await visor(data, 'import', 'validate', source)).toMatchObject({
      code: 0,
      answers: [{ state: 'validated', passed: true, rows: { equal: 27, rejected: 3, missing: 0 } }],
    })
    const again = await visor(data, 'import', 'run', source, '--all')
    expect(again.answers).toMatchObject([{ imported: 0, already_there: 27, rejected: 3 }])

    const database = new Database(source)
    const broken = database
      .prepare('SELECT id FROM face_encodings WHERE length(embedding) <> 2048')
      .pluck()
      .all()
    for (const id of broken) {
      database
        .prepare('UPDATE face_encodings SET embedding = ? WHERE id = ?')
        .run(bytesOf(unitVector(random)), id)
    }
    database.close()
    const only = ['--only-rejected', String(first?.run)]
    const mended = await visor(data, 'import', 'run', source, '--all', ...only)
    expect(mended).toMatchObject({ code: 0, answers: [{ read: 3, imported: 3, rejected: 0 }] })
    const { answers } = await visor(data, 'persons', 'list')
    expect(answers).toHaveLength(10)
    expect(answers.map(({ faces }) => faces)).toEqual(Array(10).fill(3))

    const page = join(folder, 'report.html')
    await visor(data, 'import', 'report', String(first?.run), '--to', page)
    expect(readFileSync(page, 'utf8')).toContain('30 read = 27 imported + 0 already there + 3 rejected')
    expect(readFileSync(page, 'utf8')).toContain('face_encodings 15')
    const table = join(folder, 'report.csv')
    await visor(data, 'import', 'report', String(first?.run), '--to', table)
    expect(readFileSync(table, 'utf8').trim().split('\n')).toHaveLength(4)
  })

  it('is taken back as a whole', async () => {
    for (const { run } of (await visor(data, 'import', 'list')).answers) {
      const { code } = await visor(data, 'import', 'undo', String(run))
      expect([0, 2]).toContain(code)
    }
    expect((await visor(data, 'persons', 'list')).answers).toEqual([])
  })

  it('says what is missing', async () => {
    const gone = await visor(data, 'import', 'run', join(folder, 'nothing.pkl'), '--domain', 'x')
    expect(gone).toMatchObject({ code: 2, answers: [{ error: { code: 'file-missing' } }] })
    const unknown = await visor(data, 'import', 'resume', join(folder, 'nothing.pkl'))
    expect(unknown).toMatchObject({ code: 2, answers: [{ error: { code: 'not-found' } }] })
  })
})

describe('a folder of folders of photos', () => {
  it('is looked at photo by photo, once', async () => {
    const folder = newFolder()
    const data = newFolder()
    for (const name of ['Ana', 'Bor', 'Cene']) mkdirSync(join(folder, name))
    copyFileSync(join(root, 'test/fixtures/face.heic'), join(folder, 'Ana', 'face.heic'))
    copyFileSync(sample1, join(folder, 'Bor', 'three.jpg'))
    writeFileSync(join(folder, 'Cene', 'broken.jpg'), 'no picture')
    const run = await visor(data, 'import', 'run', folder, '--domain', 'old')
    expect(run).toMatchObject({ code: 3, answers: [{ read: 3, imported: 1, already_there: 0, rejected: 2 }] })
    expect(run.answers[0]?.rejects).toMatchObject([
      { key: join('Bor', 'three.jpg'), reason: 'several-faces' },
      { key: join('Cene', 'broken.jpg'), reason: 'photo-missing' },
    ])
    expect((await visor(data, 'persons', 'list')).answers).toMatchObject([{ name: 'Ana', faces: 1 }])
    const again = await visor(data, 'import', 'run', folder, '--domain', 'old')
    expect(again.answers).toMatchObject([{ imported: 0, already_there: 1, rejected: 2 }])
    expect(await visor(data, 'import', 'validate', folder)).toMatchObject({
      code: 0,
      answers: [{ rows: { read: 3, kept: 1, rejected: 2, missing: 0 } }],
    })
  }, 120_000)
})

describe('photos that were imported unseen', () => {
  it('are looked for, measured and embedded', async () => {
    const folder = newFolder()
    const data = newFolder()
    const source = legacyFile(folder)
    mkdirSync(join(folder, 'found'))
    // The photo of the first face of the first person.
    copyFileSync(join(root, 'test/fixtures/face.heic'), join(folder, 'found', '3.jpg'))
    const photos = ['--photos', join(folder, 'found')]
    // The source itself has that of the second face, which is the same person's.
    const database = new Database(source)
    database.exec('ALTER TABLE face_encodings ADD COLUMN image_data BLOB')
    database
      .prepare('UPDATE face_encodings SET image_data = ? WHERE id = 4')
      .run(readFileSync(join(root, 'test/fixtures/face.heic')))
    database.close()
    const inspected = await visor(data, 'import', 'inspect', source, '--check-model', ...photos)
    expect(inspected.answers[1]).toMatchObject({ compared: 2, verdict: 'another' })
    await visor(data, 'import', 'run', source, '--all')
    const looked = await visor(data, 'import', 'look', source, ...photos)
    expect(looked).toMatchObject({
      code: 3,
      answers: [{ seen: 1, joined: 1, unfound: 25, waiting: { photos: 25, faces: 25 } }],
    })
    expect(looked.stderr).toContain('Faces that wait for their photos to be looked at: 27, of 27 photos.')
    const report = await visor(data, 'import', 'report', source)
    expect(report.answers[0]?.unfound).toHaveLength(25)
    expect(await visor(data, 'import', 'validate', source)).toMatchObject({ code: 0 })
    expect(await visor(data, 'import', 'undo', source)).toMatchObject({ code: 0 })
  }, 120_000)
})

describe('a run that is killed', () => {
  it('goes on to exactly what it would have been', async () => {
    const seed = Date.now()
    const chance = randomNumbers(seed)
    const folder = newFolder()
    const source = join(folder, 'ds_model_arcface_detector_retinaface.pkl')
    const rows = Array.from({ length: 6000 }, (_, index) => ({
      identity: `faces/Person ${index % 700}/${index}.jpg`,
      // One in a hundred is of no length.
      embedding: index % 100 === 7 ? new Float32Array(512) : unitVector(random),
    }))
    writeFileSync(source, pickled(rows, { protocol: 4 }))
    const whole = newFolder()
    await visor(whole, 'import', 'run', source, '--domain', 'old')
    const facesOf = async (data: string) =>
      (await visor(data, 'persons', 'list')).answers.map(({ id, name, faces }) => ({ id, name, faces }))

    const data = newFolder()
    const args = (...command: string[]) => [
      join(root, 'out/main/cli.js'),
      '--json',
      '--data',
      data,
      ...command,
    ]
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    let killed = 0
    for (let attempt = 0; ; attempt++) {
      const command =
        (await visor(data, 'import', 'list')).answers.length === 0
          ? ['import', 'run', source, '--domain', 'old']
          : ['import', 'resume', source]
      const child = spawn(process.execPath, args(...command), { env, stdio: 'ignore' })
      const ended = once(child, 'exit')
      const delayMs = attempt < 6 ? 300 + Math.floor(chance() * 1200) : 120_000
      const first = await Promise.race([ended, sleep(delayMs)])
      if (first === undefined) {
        killed += 1
        child.kill('SIGKILL')
        await ended
        continue
      }
      break
    }
    const [run] = (await visor(data, 'import', 'list')).answers
    expect(run, `seed ${seed}, killed ${killed} times`).toMatchObject({
      state: 'done',
      read: 6000,
      imported: 5940,
      already_there: 0,
      rejected: 60,
    })
    expect(await facesOf(data)).toEqual(await facesOf(whole))
    expect(await visor(data, 'import', 'validate', source)).toMatchObject({
      code: 0,
      answers: [{ rows: { read: 6000, equal: 5940, rejected: 60, missing: 0, different: 0 } }],
    })
    expect((await visor(data, 'ledger', 'verify')).code).toBe(0)
  }, 300_000)
})
