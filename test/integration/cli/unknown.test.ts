/** `visor unknown` on faces that are made: listed in groups, named, taken back, ignored. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { personNameSchema } from '../../../src-shared/ids'
import { keepMadeFaces, scope } from '../../fixtures/made-unknown'
import { newFolder, runVisor, visor } from './visor'

interface Group {
  readonly group: number
  readonly domain: string
  readonly faces: number
  readonly photos: number
  readonly some_faces: readonly string[]
}

const builtFolder = join(import.meta.dirname, '../../../out/main')

describe('unknown', () => {
  const data = newFolder()
  const unknown = async (...args: readonly string[]) => visor(data, 'unknown', ...args)
  const list = async (...args: readonly string[]) => {
    const { code, answers, stderr } = await unknown('list', ...args)
    expect([code, stderr]).toEqual([0, expect.any(String)])
    return answers as unknown as Group[]
  }
  beforeAll(async () => {
    const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
    try {
      await keepMadeFaces(store, 400, 1)
    } finally {
      await store.close()
    }
  })

  it('lists groups largest first, of one domain or of all', async () => {
    const groups = await list()
    expect(groups.length).toBeGreaterThan(10)
    expect(groups.map(({ faces }) => faces)).toEqual(groups.map(({ faces }) => faces).sort((a, b) => b - a))
    expect(groups[0]).toMatchObject({ domain: scope.domain, photos: groups[0]!.faces })
    expect(groups[0]!.some_faces.length).toBeGreaterThan(1)
    expect(await list('--domain', scope.domain)).toEqual(groups)
    expect(await list('--domain', 'nowhere')).toEqual([])
  })

  it('names a group, and the ledger takes it back', async () => {
    const before = await list()
    const { group, faces } = before[0]!
    const named = await unknown('name', String(group), 'Ana Novak', '--domain', scope.domain)
    expect(named.code).toBe(0)
    expect(named.answers).toEqual([
      {
        ledger_id: expect.any(String),
        person_id: expect.any(String),
        name: 'Ana Novak',
        faces,
        left_out: 0,
      },
    ])
    const person = await visor(data, 'persons', 'show', 'Ana Novak', '--domain', scope.domain)
    expect(person.answers[0]).toMatchObject({ faces })
    expect((await list()).map((one) => one.group)).toEqual(before.slice(1).map((one) => one.group))
    const undone = await visor(data, 'ledger', 'undo', String(named.answers[0]!.ledger_id))
    expect(undone.code).toBe(0)
    expect(await list()).toEqual(before)
  })

  it('ignores a group and brings it back', async () => {
    const before = await list()
    const { group, faces } = before[1]!
    expect((await unknown('ignore', String(group))).answers).toEqual([{ group, ignored: true, faces }])
    expect(await list()).toEqual(before.filter((one) => one.group !== group))
    expect((await list('--ignored')).map((one) => one.group)).toEqual([group])
    await unknown('ignore', String(group), '--undo')
    expect(await list()).toEqual(before)
  })

  it('lists who may be somebody, once they were enrolled', async () => {
    expect((await unknown('suggestions')).answers).toEqual([])
    const [largest] = await list()
    const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
    try {
      // One face of the group, as an enrolment of another photo would bring it.
      const whole = await store.unknown.faces(scope.clientId, largest!.group, 0, 500)
      const { faceId } = whole.faces[0]!
      const context = { actor: 'tester', summary: 'a test' }
      await store.gallery.moveFaces([faceId], scope.domain, { name: personNameSchema.parse('Eva') }, context)
    } finally {
      await store.close()
    }
    const { answers } = await unknown('suggestions')
    expect(answers.length).toBeGreaterThan(largest!.faces / 2)
    expect(answers[0]).toMatchObject({ name: 'Eva', domain: scope.domain, distance: expect.any(Number) })
  })

  it('keeps nothing until it is told to', async () => {
    expect((await unknown('keep')).answers).toEqual([{ keep: false, retention_days: 30 }])
    expect((await unknown('keep', 'on', '--days', '7')).answers).toEqual([{ keep: true, retention_days: 7 }])
    expect((await unknown('keep')).answers).toEqual([{ keep: true, retention_days: 7 }])
  })

  it.each([
    [['name', 'x', 'Ana', '--domain', 'street'], 'invalid-argument'],
    [['name', '999999', 'Ana', '--domain', 'street'], 'not-found'],
    [['name', '1', ' ', '--domain', 'street'], 'invalid-argument'],
    [['ignore', '999999'], 'not-found'],
    [['keep', 'maybe'], 'invalid-argument'],
  ])('%j ends with 2 and %s', async (args, code) => {
    const ended = await unknown(...args)
    expect([ended.code, ended.answers]).toMatchObject([2, [{ error: { code } }]])
  })

  it('speaks plainly without --json', async () => {
    const { stdout, code } = await runVisor(['--data', data, 'unknown', 'list'])
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toMatch(/^\d+ {2}street {2}\d+ faces in \d+ photos, newest \S+$/)
  })

  it('forgets all of them where it is told so twice', async () => {
    const before = await list()
    expect(await unknown('forget')).toMatchObject({
      code: 2,
      answers: [{ error: { code: 'invalid-argument' } }],
    })
    expect(await list()).toEqual(before)
    expect((await unknown('forget', '--yes')).answers).toMatchObject([{ faces: expect.any(Number) }])
    expect(await list()).toEqual([])
  })
})
