/** `visor diagnose` on real stores. Electron's Node. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checksOf } from '../../../src-shared/diagnosis'
import { enrolMadeGallery } from '../../fixtures/made-gallery'
import { hasServer } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { newFolder, runHere, runVisor, visor, visorProcess } from './visor'

describe('this machine', () => {
  test('an empty gallery passes, one answer a check', async () => {
    const data = newFolder()
    await visor(data, 'stats')
    const { code, answers } = await visor(data, 'diagnose')
    expect(code).toBe(0)
    expect(answers.at(-1)).toMatchObject({ diagnosed: 'local', place: data, cancelled: false })
    expect(answers.find(({ check }) => check === 'vectors')).toMatchObject({
      state: 'pass',
      figure: '0 vectors',
      group: 'integrity',
    })
  })
})

describe('isolation', () => {
  test('each step an answer, nothing died, and the killed process came back', async () => {
    const data = newFolder()
    await enrolMadeGallery(data, { domain: 'slovenia', persons: 3, photosEach: 1, spread: 0.3, seed: 1 })
    const { code, answers } = await visorProcess(data, 'diagnose', '--isolation', '--rounds', '10')
    expect(code).toBe(0)
    expect(answers.map(({ check }) => check)).toEqual([...checksOf('isolation'), undefined])
    expect(answers.find(({ check }) => check === 'crashes')).toMatchObject({ state: 'pass', figure: '0' })
    expect(answers.at(-1)).toMatchObject({ diagnosed: 'isolation', place: data, state: 'pass' })
  })

  test('what it is not made for is refused', async () => {
    expect((await visor(newFolder(), 'diagnose', '--rounds', '10')).code).toBe(2)
    expect((await visor(newFolder(), 'diagnose', '--isolation', '--rounds', '3')).code).toBe(2)
  })
})

describe.runIf(hasServer())('a server', () => {
  let database: MigratedDatabase
  let url: string
  beforeAll(async () => {
    database = await migratedDatabase()
    url = database.url.replace(`:${database.password}@`, '@')
    process.env.PGPASSWORD = database.password
  })
  afterAll(async () => {
    delete process.env.PGPASSWORD
    await database.drop()
  })
  const diagnose = () => ['--data', newFolder(), '--postgres', url, 'diagnose']

  test('passes with exit code 0, and prints a report to send', async () => {
    const { code, stdout } = await runVisor([...diagnose(), '--markdown'])
    expect(code).toBe(0)
    expect(stdout).toContain('# Diagnosis of the server')
    expect(stdout).toContain('**A face finds itself: not checked**')
    expect(stdout).not.toContain(database.password)
  })

  test('fails with exit code 1 where a check fails, and says what to run', async () => {
    await database.query('DROP INDEX faces_person')
    const { code, stdout } = await runHere(diagnose())
    expect(code).toBe(1)
    expect(stdout).toContain('✗ Indexes')
    expect(stdout).toContain('CREATE INDEX faces_person ON faces')
  })

  test('a server that is not there is a failed check, and no crash', async () => {
    const { code, answers } = await visor(
      newFolder(),
      '--postgres',
      'postgresql://nobody@127.0.0.1:1/none',
      'diagnose',
    )
    expect(code).toBe(1)
    expect(answers[0]).toMatchObject({ check: 'connection', state: 'fail' })
    expect(answers.at(-1)).toMatchObject({ diagnosed: 'server', place: '127.0.0.1:1/none', state: 'fail' })
  })
})
