/** `visor erase`: what would go, what went, what it refuses, and an erasure that was interrupted. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { erasureReportSchema } from '../../../src-shared/erasure'
import { clientIdSchema, domainSchema, modelIdSchema, type PersonId } from '../../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { newFolder, runVisor, visor } from './visor'

const builtFolder = join(import.meta.dirname, '../../../out/main')
const client = clientIdSchema.parse('default')
const museum = clientIdSchema.parse('museum')
const domain = domainSchema.parse('slovenia')
const model = modelIdSchema.parse('pack/embedder')
const why = ['--why', 'case 17'] as const

describe('erase', () => {
  const data = newFolder()
  const random = randomNumbers(3)
  const inStore = async <T>(work: (store: LocalStore) => Promise<T>): Promise<T> => {
    const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }
  const erase = (...args: readonly string[]) => visor(data, 'erase', ...args)
  const names = async (clientId: string) =>
    (await visor(data, 'persons', 'list', '--client', clientId)).answers.map(({ name }) => name)
  let eva: PersonId
  beforeAll(() =>
    inStore(async ({ gallery }) => {
      const context = { actor: 'test', summary: 'A test' }
      const all = ['Ana', 'Boris', 'Eva'].map((name) => madeAssignment(name, unitVector(random)))
      const { value } = await gallery.assignFaces(client, domain, model, all, context)
      eva = value[2]!.personId
      await gallery.assignFaces(
        museum,
        domain,
        model,
        [madeAssignment('Visitor', unitVector(random))],
        context,
      )
    }),
  )
  afterAll(async () => {
    expect((await visor(data, 'ledger', 'verify')).answers[0]).toMatchObject({ intact: true })
  })

  it('says what would go, and changes nothing', async () => {
    const { code, answers } = await erase('Ana', '--domain', 'slovenia', '--dry-run')
    expect(code).toBe(0)
    expect(answers).toMatchObject([
      { dry_run: true, people: 1, names: ['Ana'], photoFiles: 1, actsOfOthers: 1 },
    ])
    expect(answers[0]!.removed).toContainEqual({ place: 'faces', count: 1 })
    const text = await runVisor(['--data', data, 'erase', 'Ana', '--dry-run'])
    expect(text.stdout).toContain('These people go for good: Ana\n')
    expect(text.stdout).toContain('1 picture of a face\n')
    expect(text.stdout).toContain('can be undone no more: 1\n')
    expect(await names('default')).toEqual(['Ana', 'Boris', 'Eva'])
  })

  it('refuses without a reason, a word that it is meant, or anybody named', async () => {
    const refused = async (...args: readonly string[]) => {
      const { code, answers, stderr } = await erase(...args)
      expect(code).toBe(2)
      expect(answers.at(-1)).toMatchObject({
        error: { code: expect.stringMatching(/invalid|not-found/) as string },
      })
      return stderr
    }
    expect(await refused('Ana', '--yes')).toContain('--why')
    expect(await refused('Ana', ...why)).toContain('--yes')
    expect(await refused('Ana', '--yes', '--why', 'ANA asked for it')).toContain('without the name')
    expect(await refused('--yes', ...why)).toContain('--all')
    expect(await refused('Ana', '--all', '--yes', ...why)).toContain('--all')
    expect(await refused('Nobody', '--yes', ...why)).toContain('nobody called')
    expect(await refused('--all', '--client', 'nowhere', '--yes', ...why)).toContain('no such client')
    expect(await names('default')).toEqual(['Ana', 'Boris', 'Eva'])
  })

  it('erases people by name, and writes the report', async () => {
    const { code, answers } = await erase('Ana', '--domain', 'slovenia', '--yes', ...why)
    expect(code).toBe(0)
    const report = erasureReportSchema.parse(answers[0])
    expect(report).toMatchObject({ subject: { kind: 'people', people: 1 }, signedOff: { why: 'case 17' } })
    const [file] = readdirSync(join(data, 'erasures'))
    expect(JSON.parse(readFileSync(join(data, 'erasures', file!), 'utf8'))).toEqual(report)
    expect(await names('default')).toEqual(['Boris', 'Eva'])
    const history = (await visor(data, 'ledger', 'list')).answers
    expect(history).toMatchObject([
      { action: 'erase', summary: 'Erased 1 person', reason: 'case 17' },
      { summary: 'Content erased', erased_by: report.ledger.entry },
    ])
    const undone = await visor(data, 'ledger', 'undo', String(history[1]!.ledger_id))
    expect(undone.code).toBe(2)
    expect(undone.answers[0]).toMatchObject({ error: { code: 'conflict' } })
  })

  it('ends at the next command what was interrupted', async () => {
    await inStore(({ erasure }) =>
      erasure.erase(
        { target: { personIds: [eva] }, possible: new Map() },
        { actor: 'test', summary: 'Erased 1 person', reason: 'case 18' },
      ),
    )
    expect(readdirSync(join(data, 'erasures'))).toHaveLength(1)
    const { code, stderr } = await visor(data, 'stats')
    expect([code, stderr]).toEqual([0, 'An erasure was interrupted; it is ended first.\n'])
    expect(readdirSync(join(data, 'erasures'))).toHaveLength(2)
    expect((await visor(data, 'stats')).stderr).toBe('')
  })

  it('erases a client with all it has', async () => {
    const { code, answers } = await erase('--all', '--client', 'museum', '--yes', ...why)
    expect(code).toBe(0)
    expect(answers[0]).toMatchObject({ subject: { kind: 'client', people: 1 } })
    expect((await visor(data, 'stats')).answers.map((one) => one.client)).toEqual(['default'])
  })
})
