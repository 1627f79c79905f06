/** A curator on the command line: faces ruled out, bad names in and out of a gallery, a window that has the folder, a full disk. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { newFolder, visor, visorProcess } from './visor'

const root = join(import.meta.dirname, '../../..')
const builtFolder = join(root, 'out/main')
const sample1 = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg')
const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('made')

/** People of these names, with a face each. */
async function enrol(data: string, names: readonly string[]): Promise<void> {
  const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
  const random = randomNumbers(9)
  const assignments = names.map((name, index) => madeAssignment(name, unitVector(random), `${index}`))
  const context = { actor: 'tester', summary: 'a test' }
  await store.gallery.assignFaces(clientId, domain, modelIdSchema.parse('pack/x'), assignments, context)
  await store.close()
}

const listed = async (data: string) =>
  (await visor(data, 'persons', 'list', '--domain', 'made')).answers.map(({ name }) => name)

describe('faces reject', () => {
  const data = newFolder()
  beforeAll(async () => {
    await visor(data, 'sample')
  })

  it('rules a person out for a face, until that is undone', async () => {
    const scope = ['--domain', 'sample']
    const names = async () => {
      const { answers } = await visor(data, 'recognize', sample1, ...scope)
      const { recognized_persons: found } = answers[0] as { recognized_persons: { name: string }[] }
      return found.map(({ name }) => name)
    }
    const before = await names()
    const shown = await visor(data, 'recognize', sample1, ...scope)
    const { faces } = shown.answers[0] as { faces: { candidates: { name: string }[] }[] }
    const [first] = faces[0]!.candidates
    const which = await visor(data, 'faces', 'reject', sample1, first!.name, ...scope)
    expect(which).toMatchObject({ code: 2, answers: [{ error: { code: 'several-faces' } }] })
    const none = await visor(data, 'faces', 'reject', sample1, first!.name, '--face', '99', ...scope)
    expect(none).toMatchObject({ code: 2, answers: [{ error: { code: 'not-found' } }] })
    const rejected = await visor(data, 'faces', 'reject', sample1, first!.name, '--face', '1', ...scope)
    expect(rejected).toMatchObject({
      code: 0,
      answers: [{ changed: true, summary: `Ruled out ${first!.name}` }],
    })
    expect(await names()).not.toContain(first!.name)
    const again = await visor(data, 'faces', 'reject', sample1, first!.name, '--face', '1', ...scope)
    expect(again.answers).toMatchObject([{ changed: false }])
    await visor(data, 'ledger', 'undo', String(rejected.answers[0]!.ledger_id))
    expect(await names()).toEqual(before)
  })
})

describe('names', () => {
  const data = newFolder()
  const hard = [
    'שרה לינא',
    'CON',
    'con',
    'aux.jpg',
    '../../up',
    'a\\b:c*?"<>|',
    'Ana. .x',
    '👩‍🎤 Ana 🇸🇮',
    'Z̈̈̈algo',
    'می‌خواهم',
    '字'.repeat(200),
    '.hidden',
    '--domain',
  ]
  beforeAll(() => enrol(data, hard))

  it('that are hard on files leave in an export and come back as they were', async () => {
    const folder = join(newFolder(), 'export')
    const exported = await visor(data, 'export', folder, '--domain', 'made', '--photos', 'none')
    expect(exported).toMatchObject({ code: 0, answers: [{ persons: hard.length }] })
    const names = readdirSync(folder)
    expect(names).toHaveLength(hard.length + 1)
    for (const name of names) expect(name).not.toMatch(/^(con|aux)(\.|$)|[<>:"|?*\\]|[. ]$/i)
    const other = newFolder()
    const imported = await visor(other, 'import', folder, '--domain', 'made')
    expect(imported).toMatchObject({ code: 0, answers: [{ persons: hard.length, faces: hard.length }] })
    expect((await listed(other)).toSorted()).toEqual((await listed(data)).toSorted())
    expect((await listed(other)).toSorted()).toEqual(hard.map((name) => name.normalize('NFC')).toSorted())
  })

  it.each([
    ['', 'A name is needed.'],
    ['x'.repeat(300), 'A name has at most 200 characters.'],
    ['a\u0007b', 'A name has no control characters.'],
    ['\u200b', 'A name needs a character that can be seen.'],
  ])('%j is refused, and nothing is changed', async (name, message) => {
    const before = await listed(data)
    const { code, answers } = await visor(data, 'persons', 'rename', '.hidden', name, '--domain', 'made')
    expect([code, answers]).toMatchObject([2, [{ error: { code: 'invalid-argument', message } }]])
    expect(await listed(data)).toEqual(before)
  })
})

describe('surroundings', () => {
  const data = newFolder()
  beforeAll(() => enrol(data, ['Ana', 'Bor']))

  it('beside a window that has the data folder it changes nothing and says who has it', async () => {
    const window = await openLocalStore({ folder: data, builtFolder, threads: 1 })
    try {
      const rename = ['persons', 'rename', 'Ana', 'Anna', '--domain', 'made']
      const { code, answers } = await visorProcess(data, ...rename)
      expect(code).toBe(2)
      expect(answers).toMatchObject([
        {
          error: {
            code: 'data-folder-in-use',
            message: `Another Visor (process ${process.pid}) is using this data folder.`,
          },
        },
      ])
      const page = { sort: 'name', flags: [], tag: null, offset: 0, limit: 9 } as const
      const { persons } = await window.gallery.persons({ clientId, domain, text: '', ...page })
      expect(persons.map(({ name }) => name)).toEqual(['Ana', 'Bor'])
    } finally {
      await window.close()
    }
    expect((await visor(data, 'persons', 'rename', 'Ana', 'Anna', '--domain', 'made')).code).toBe(0)
    expect(await listed(data)).toEqual(['Anna', 'Bor'])
  })

  it.skipIf(process.platform !== 'linux')(
    'an export that meets a limit on the size of files leaves nothing half there, and works once it is gone',
    async () => {
      const work = newFolder()
      mkdirSync(join(work, 'to'))
      const folder = join(work, 'to', 'export')
      const run = (limitKiB: string) =>
        new Promise<number | null>((resolve) => {
          const command = `ulimit -f ${limitKiB}; exec "$@"`
          const args = [join(builtFolder, 'cli.js'), '--data', data, 'export', folder, '--domain', 'made']
          const child = spawn('bash', ['-c', command, 'bash', process.execPath, ...args], {
            env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
            stdio: 'ignore',
          })
          child.on('close', resolve)
        })
      // A person's file is larger than that, the database's log is not yet.
      expect(await run('2')).not.toBe(0)
      expect(readdirSync(join(work, 'to')).filter((name) => !name.endsWith('.visor-part'))).toEqual([])
      expect(await run('unlimited')).toBe(0)
      expect(readdirSync(join(work, 'to'))).toEqual(['export'])
      expect(existsSync(join(folder, 'visor-manifest.json'))).toBe(true)
    },
  )
})
