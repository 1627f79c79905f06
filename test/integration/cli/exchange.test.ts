/** `visor export` and `visor import` with the real models and the sample photos, and with processes that are killed. */
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { withJpegXmp } from '../../../src-main/services/exchange/xmp/photo-metadata'
import { withNames } from '../../../src-main/services/exchange/xmp/photo-names'
import { sharp } from '../../../src-main/vision/native/sharp'
import type { Box } from '../../../src-shared/geometry'
import { enrolMadeGallery } from '../../fixtures/made-gallery'
import { newFolder, visor } from './visor'

const root = join(import.meta.dirname, '../../..')
const sample1 = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg')

/** A sidecar as Windows Photo Gallery's data look: corner and size in shares. */
function microsoftRegions(rectangles: Record<string, readonly number[]>): string {
  const items = Object.entries(rectangles).map(
    ([name, numbers]) =>
      `<rdf:li><rdf:Description MPReg:PersonDisplayName="${name}" MPReg:Rectangle="${numbers.join(', ')}"/></rdf:li>`,
  )
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:MP="http://ns.microsoft.com/photo/1.2/"
      xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#" xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">
      <MP:RegionInfo><rdf:Description><MPRI:Regions><rdf:Bag>${items.join('')}</rdf:Bag></MPRI:Regions></rdf:Description>
      </MP:RegionInfo></rdf:Description></rdf:RDF></x:xmpmeta>`
}

interface Listed {
  readonly name: string
  readonly faces: number
}
const people = async (data: string, domain: string) =>
  ((await visor(data, 'persons', 'list', '--domain', domain)).answers as unknown as Listed[]).map(
    ({ name, faces }) => ({ name, faces }),
  )

describe('the sample gallery', () => {
  const data = newFolder()
  const work = newFolder()
  const exported = join(work, 'export')
  beforeAll(async () => {
    await visor(data, 'sample')
    const ended = await visor(data, 'export', exported, '--domain', 'sample', '--xmp')
    expect(ended).toMatchObject({ code: 0, answers: [{ persons: 10, faces: 10, skipped: [] }] })
  })

  it('comes back from its export, once', async () => {
    const other = newFolder()
    const first = await visor(other, 'import', exported, '--domain', 'copy')
    expect(first).toMatchObject({
      code: 0,
      answers: [{ persons: 10, faces: 10, already_there: 0, skipped: [] }],
    })
    const second = await visor(other, 'import', exported, '--domain', 'copy')
    expect(second.answers).toMatchObject([{ faces: 0, already_there: 10 }])
    expect(await people(other, 'copy')).toEqual(await people(data, 'sample'))
    const photo = join(exported, 'Ada Sample', 'sample1.jpg')
    const { answers } = await visor(other, 'recognize', photo, '--domain', 'copy')
    expect(answers[0]).toMatchObject({ best_match: { distance: expect.closeTo(0, 3) } })
  })

  it('is one in the history, and goes as a whole', async () => {
    const other = newFolder()
    await visor(other, 'import', exported, '--domain', 'copy')
    const history = async () => (await visor(other, 'ledger', 'list')).answers
    const steps = (await history()).filter(({ part_of }) => part_of !== undefined)
    expect(steps.length).toBeGreaterThanOrEqual(10)
    expect(new Set(steps.map(({ part_of }) => JSON.stringify(part_of))).size).toBe(1)
    const [newest] = steps
    expect(newest!.part_of).toMatchObject({ title: 'Imported people into copy' })
    const undone = await visor(other, 'ledger', 'undo', String(steps.at(-1)!.ledger_id), '--whole')
    expect([undone.code, undone.answers]).toMatchObject([0, [{ summary: 'Imported people into copy' }]])
    expect(await people(other, 'copy')).toEqual([])
    const again = await visor(other, 'ledger', 'undo', String(newest!.ledger_id), '--whole')
    expect([again.code, again.answers]).toMatchObject([2, [{ error: { code: 'not-found' } }]])
    expect((await visor(other, 'ledger', 'verify')).answers).toMatchObject([{ intact: true }])
  })

  it('is found again from the names in its photos alone, once', async () => {
    const photos = join(work, 'photos')
    mkdirSync(photos)
    for (const name of readdirSync(exported, { recursive: true, encoding: 'utf8' })) {
      const found = /sample\d\.jpg$/.exec(name)?.[0]
      if (found !== undefined) copyFileSync(join(exported, name), join(photos, found))
    }
    const sample = readFileSync(join(photos, 'sample1.jpg'))
    writeFileSync(join(photos, 'broken.jpg'), withJpegXmp(sample, '<x:xmpmeta broken')!)
    const other = newFolder()
    const first = await visor(other, 'import', photos, '--domain', 'names')
    expect(first.answers).toMatchObject([{ persons: 10, faces: 10, already_there: 0 }])
    expect(first.answers[0]?.skipped).toEqual([
      {
        path: join(photos, 'broken.jpg'),
        code: 'image-corrupt',
        reason: 'The XMP of the photo is broken: it is not well-formed.',
      },
    ])
    expect(await people(other, 'names')).toEqual(await people(data, 'sample'))
    const second = await visor(other, 'import', photos, '--domain', 'names')
    expect(second.answers).toMatchObject([{ faces: 0, already_there: 10 }])
  })

  it('other programs’ names are read: of a photo on its side, and Microsoft’s in a sidecar', async () => {
    const photos = join(work, 'others')
    mkdirSync(photos)
    const { answers } = await visor(data, 'faces', sample1)
    const { width, height, faces } = answers[0] as unknown as {
      width: number
      height: number
      faces: { box: Box }[]
    }
    // Stored on its side, and upright again by its orientation.
    const turned = await sharp(readFileSync(sample1))
      .rotate(270)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const named = faces.map(({ box }, index) => ({ name: `Turned ${index}`, box }))
    writeFileSync(join(photos, 'turned.jpg'), withNames(turned, { width, height }, named, false).copy.bytes)

    copyFileSync(sample1, join(photos, 'microsoft.jpg'))
    const [first] = faces
    const { x, y, w, h } = first!.box
    writeFileSync(
      join(photos, 'microsoft.xmp'),
      microsoftRegions({
        Known: [x / width, y / height, w / width, h / height],
        // No detector sees a face there; somebody named one.
        'Seen by nobody else': [0.01, 0.9, 0.05, 0.05],
        'Known twice': [x / width, (y - 0.1 * h) / height, w / width, (1.2 * h) / height],
        Dot: [0.5, 0.5, 0.001, 0.001],
        ['x'.repeat(300)]: [x / width, y / height, w / width, h / height],
      }),
    )
    const other = newFolder()
    const imported = await visor(other, 'import', photos, '--domain', 'others')
    expect(imported).toMatchObject({
      code: 0,
      answers: [{ persons: faces.length + 2, faces: faces.length + 2, by_box: 1 }],
    })
    expect(imported.answers[0]?.skipped).toMatchObject([
      { code: 'conflict' },
      { code: 'invalid-argument' },
      { code: 'invalid-argument' },
    ])
    const shown = await visor(other, 'persons', 'show', 'Seen by nobody else', '--domain', 'others')
    const { faces_list } = shown.answers[0] as { faces_list: { box: Box; manual: boolean; source: string }[] }
    expect(faces_list).toMatchObject([{ box: { x: 0.01 * width }, manual: true, source: 'imported' }])
    const turnedFaces = await visor(other, 'recognize', join(photos, 'turned.jpg'), '--domain', 'others')
    const { recognized_persons: found } = turnedFaces.answers[0] as { recognized_persons: { name: string }[] }
    expect(found.map(({ name }) => name).sort()).toEqual(named.map(({ name }) => name).sort())
  })

  it('faces of another model are embedded again from their photos', async () => {
    const folder = join(work, 'older')
    await visor(data, 'export', folder, '--domain', 'sample')
    const file = join(folder, 'Ada Sample', 'visor-person.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"[^"]+"(?=: "[\w+/]{2700})/, '"older/model@1"'))
    const other = newFolder()
    const { answers } = await visor(other, 'import', folder, '--domain', 'older')
    expect(answers).toMatchObject([{ persons: 10, faces: 10, skipped: [] }])
    const shown = await visor(other, 'persons', 'show', 'Ada Sample', '--domain', 'older')
    const { faces_list } = shown.answers[0] as { faces_list: { models: string[] }[] }
    expect(faces_list.map(({ models }) => models.length)).toEqual([2])
    const photo = join(folder, 'Ada Sample', 'sample1.jpg')
    const recognised = await visor(other, 'recognize', photo, '--domain', 'older')
    expect(recognised.answers[0]).toMatchObject({ best_match: { distance: expect.closeTo(0, 3) } })
  })

  it('is exported in part, and never over something else', async () => {
    const part = join(work, 'part')
    const two = ['--person', 'Ada Sample', 'Bela Sample', '--domain', 'sample', '--photos', 'none']
    expect((await visor(data, 'export', part, ...two)).answers).toMatchObject([{ persons: 2 }])
    expect(readdirSync(part).sort()).toEqual(['Ada Sample', 'Bela Sample', 'visor-manifest.json'])
    expect(await visor(data, 'export', part, ...two)).toMatchObject({
      code: 2,
      answers: [{ error: { code: 'conflict' } }],
    })
    expect((await visor(data, 'export', part, ...two, '--force')).code).toBe(0)
    expect((await visor(data, 'export', root, '--force')).answers).toMatchObject([
      { error: { code: 'conflict' } },
    ])
  })

  it('a folder without names or manifest is refused', async () => {
    const { code, answers } = await visor(data, 'import', newFolder(), '--domain', 'copy')
    expect([code, answers]).toMatchObject([2, [{ error: { code: 'invalid-argument' } }]])
    const nowhere = await visor(data, 'import', join(newFolder(), 'nowhere'), '--domain', 'mistyped')
    expect([nowhere.code, nowhere.answers]).toMatchObject([2, [{ error: { code: 'file-missing' } }]])
    const { answers: domains } = await visor(data, 'stats')
    expect(domains).not.toContainEqual(expect.objectContaining({ domain: 'mistyped' }))
  })
})

describe('a process that is killed', () => {
  const data = newFolder()
  const work = newFolder()
  const persons = 150
  beforeAll(() => enrolMadeGallery(data, { domain: 'made', persons, photosEach: 3, spread: 0.3, seed: 5 }))

  /** Starts a command and kills it once it has begun to write. */
  async function kill(folder: string, args: readonly string[], begun: () => boolean): Promise<void> {
    const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), '--data', folder, ...args], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: 'ignore',
    })
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.on('close', (_, signal) => resolve(signal)),
    )
    while (!begun() && child.exitCode === null) await sleep(2)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
  }

  it('leaves no half export, and half an import is made whole by the next', async () => {
    const exported = join(work, 'export')
    const part = `${exported}.visor-part`
    const export_ = ['export', exported, '--domain', 'made']
    await kill(data, export_, () => existsSync(part) && readdirSync(part).length > 20)
    expect([existsSync(part), existsSync(exported)]).toEqual([true, false])
    expect((await visor(data, ...export_)).answers).toMatchObject([{ persons, faces: persons * 3 }])
    expect(existsSync(part)).toBe(false)

    const other = newFolder()
    const import_ = ['import', exported, '--domain', 'made']
    // What is in its journal then is what was imported, and not its schema.
    await visor(other, 'persons', 'list')
    const journal = join(other, 'visor.sqlite-wal')
    await kill(other, import_, () => existsSync(journal) && readFileSync(journal).length > 1_500_000)
    const { code, answers } = await visor(other, ...import_)
    expect(code).toBe(0)
    expect(answers).toMatchObject([{ persons, skipped: [] }])
    expect(answers[0]?.faces).toBeLessThan(persons * 3)
    expect(await people(other, 'made')).toEqual(await people(data, 'made'))
  })
})
