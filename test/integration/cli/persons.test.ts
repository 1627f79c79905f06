/** `visor persons` and `visor ledger` on people who are made: moved, merged, deleted, restored; each act is undone; tampering shows. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { newFolder, runHere, visor, visorProcess } from './visor'

const builtFolder = join(import.meta.dirname, '../../../out/main')
const clientId = clientIdSchema.parse('default')

let data: string
beforeEach(async () => {
  data = newFolder()
  const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
  const random = randomNumbers(4)
  const context = { actor: 'tester', summary: 'Enrolled people' }
  const people = { home: ['Ana', 'Bor', 'Čita'], away: ['Bor'] }
  for (const [domain, names] of Object.entries(people)) {
    const faces = names.map((name) => madeAssignment(name, unitVector(random), `${domain} ${name}`))
    const modelId = modelIdSchema.parse('pack/x')
    await store.gallery.assignFaces(clientId, domainSchema.parse(domain), modelId, faces, context)
  }
  await store.close()
})

/** Past the triggers that keep the ledger from being changed. */
function tamper(file: string, sql: string): void {
  const database = new Database(file)
  const triggers = database
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'ledger'",
    )
    .all()
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`)
  expect(database.prepare(sql).run().changes).toBe(1)
  for (const trigger of triggers) database.exec(trigger.sql)
  database.close()
}

const persons = (...args: readonly string[]) => visor(data, 'persons', ...args)
const names = async (domain: string) =>
  (await persons('list', '--domain', domain)).answers.map(({ name, faces }) => `${name} ${faces}`)
/** Everybody, as they were before anything was done. */
const atFirst = { home: ['Ana 1', 'Bor 1', 'Čita 1'], away: ['Bor 1'] }
const all = async () => ({ home: await names('home'), away: await names('away') })
const undo = async (entry: unknown) => {
  const { code, answers } = await visor(data, 'ledger', 'undo', String(entry))
  expect([code, answers]).toEqual([0, [{ undone: entry, summary: expect.any(String) }]])
}

describe('persons', () => {
  it('are listed and shown by name, whatever its accents and case', async () => {
    const { code, answers } = await persons('list', 'cita')
    expect(code).toBe(0)
    expect(answers).toEqual([
      {
        person_id: expect.any(String),
        domain: 'home',
        name: 'Čita',
        photos: 1,
        faces: 1,
        tags: [],
        flags: [],
      },
    ])
    const shown = await persons('show', 'Čita')
    expect(shown.answers).toMatchObject([
      { person_id: answers[0]!.person_id, faces_list: [{ photo_path: '/photos/home Čita.jpg' }] },
    ])
    const which = await persons('show', 'Bor')
    expect([which.code, which.answers]).toMatchObject([2, [{ error: { code: 'invalid-argument' } }]])
    expect(which.stderr).toContain('--domain')
  })

  it('move to another domain, and back', async () => {
    const moved = await persons('move', 'Ana', 'Čita', '--domain', 'home', '--to', 'away')
    expect([moved.code, moved.answers]).toEqual([
      0,
      [{ changed: true, ledger_id: expect.any(String), summary: 'Moved 2 people to away' }],
    ])
    expect(await all()).toEqual({ home: ['Bor 1'], away: ['Ana 1', 'Bor 1', 'Čita 1'] })
    await undo(moved.answers[0]!.ledger_id)
    expect(await all()).toEqual(atFirst)
  })

  it('with a namesake there nobody moves, unless both are said to be one', async () => {
    const move = ['move', 'Ana', 'Bor', '--domain', 'home', '--to', 'away']
    const refused = await persons(...move)
    expect([refused.code, refused.answers]).toMatchObject([2, [{ error: { code: 'conflict' } }]])
    expect(await all()).toEqual(atFirst)
    const merged = await persons(...move, '--merge')
    expect(merged.code).toBe(0)
    expect(await all()).toEqual({ home: ['Čita 1'], away: ['Ana 1', 'Bor 2'] })
    await undo(merged.answers[0]!.ledger_id)
    expect(await all()).toEqual(atFirst)
  })

  it('are merged into one who keeps the other names, and are several again', async () => {
    const merged = await persons('merge', 'Ana', 'Bor', 'Čita', '--domain', 'home')
    expect(merged.answers).toMatchObject([{ changed: true, summary: 'Merged 3 people into Ana' }])
    expect(await names('home')).toEqual(['Ana 3'])
    const { answers } = await persons('show', 'Ana', '--domain', 'home')
    expect(answers).toMatchObject([{ aliases: ['Bor', 'Čita'] }])
    await undo(merged.answers[0]!.ledger_id)
    expect(await all()).toEqual(atFirst)
  })

  it('wait in the bin when they are deleted, until they are restored', async () => {
    const deleted = await persons('delete', 'Ana', 'Bor', '--domain', 'home')
    expect(deleted.answers).toMatchObject([{ changed: true, summary: 'Deleted 2 people' }])
    expect(await names('home')).toEqual(['Čita 1'])
    const entry = deleted.answers[0]!.ledger_id
    const bin = await persons('bin')
    expect(bin.answers).toMatchObject([{ ledger_id: entry, persons: 2, faces: 2, names: ['Ana', 'Bor'] }])
    const days = ({ at, expires_at }: Record<string, unknown>) =>
      (Date.parse(String(expires_at)) - Date.parse(String(at))) / (24 * 60 * 60 * 1000)
    expect(days(bin.answers[0]!)).toBe(30)
    expect((await persons('bin', '--days', '7')).answers.map(days)).toEqual([7])
    expect((await persons('bin')).answers.map(days)).toEqual([7])
    expect((await persons('bin', '--days', '0')).code).toBe(2)
    const restored = await persons('restore', String(entry))
    expect([restored.code, restored.answers]).toEqual([0, [{ undone: entry, summary: 'Deleted 2 people' }]])
    expect([await all(), (await persons('bin')).answers]).toEqual([atFirst, []])
    const again = await persons('restore', String(entry))
    expect([again.code, again.answers]).toMatchObject([2, [{ error: { code: 'conflict' } }]])
  })

  it.each([
    [['merge', 'Ana', 'Ana'], 'invalid-argument'],
    [['delete', 'Nobody'], 'not-found'],
    [['restore', '00000000-0000-7000-8000-000000000000'], 'not-found'],
    [['restore', 'nonsense'], 'invalid-argument'],
  ])('%j ends with 2 and %s, and changes nothing', async (args, code) => {
    const ended = await persons(...args)
    expect([ended.code, ended.answers]).toMatchObject([2, [{ error: { code } }]])
    expect(await all()).toEqual(atFirst)
  })

  it('answer as a process of its own, too', async () => {
    const { code, answers } = await visorProcess(data, 'persons', 'rename', 'Ana', 'Ana Novak')
    expect([code, answers]).toMatchObject([0, [{ changed: true, summary: 'Renamed Ana to Ana Novak' }]])
    const same = await persons('rename', 'Ana Novak', 'Ana Novak')
    expect([same.code, same.answers]).toEqual([0, [{ changed: false }]])
  })
})

describe('ledger', () => {
  it('lists who did what, newest first, and says which later change an undo would touch', async () => {
    const merged = await persons('merge', 'Ana', 'Čita', '--domain', 'home')
    const deleted = await persons('delete', 'Ana', '--domain', 'home')
    const { answers } = await visor(data, 'ledger', 'list', '--limit', '2')
    expect(answers).toMatchObject([
      {
        ledger_id: deleted.answers[0]!.ledger_id,
        action: 'delete-persons',
        summary: 'Deleted Ana',
        undoable: true,
      },
      { ledger_id: merged.answers[0]!.ledger_id, action: 'merge-persons', actor: expect.any(String) },
    ])
    const refused = await visor(data, 'ledger', 'undo', String(merged.answers[0]!.ledger_id))
    expect([refused.code, refused.answers]).toMatchObject([2, [{ error: { code: 'conflict' } }]])
    expect(refused.stderr).toContain('Undo the later changes first: “Deleted Ana”.')
    const text = await runHere(['--data', data, 'ledger', 'list', '--limit', '1'])
    expect(text.stdout).toMatch(/ {2}Deleted Ana\n$/)
  })

  it('is intact until somebody changes the database', async () => {
    await persons('rename', 'Ana', 'Anja')
    const intact = await visor(data, 'ledger', 'verify')
    expect([intact.code, intact.answers]).toEqual([0, [{ entries: 3, intact: true }]])
    tamper(join(data, 'visor.sqlite'), "UPDATE ledger SET actor = 'somebody else' WHERE sequence = 2")
    const { code, answers, stderr } = await visor(data, 'ledger', 'verify')
    expect([code, answers]).toMatchObject([1, [{ error: { code: 'database-corrupt' } }]])
    expect(stderr).toContain('Entry 2 of the ledger is not as it was written.')
  })
})
