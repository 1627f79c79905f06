/** A gallery that leaves as a folder and comes back, on the real store: nothing is lost, nothing hostile gets in. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ExportOptions, exportGallery } from '../../../src-main/services/exchange/export-gallery'
import { importGallery } from '../../../src-main/services/exchange/import-gallery'
import { embeddingText, manifestName, personFileName } from '../../../src-main/services/exchange/manifest'
import { writeWholeFolder } from '../../../src-main/services/exchange/whole-folder'
import type { PhotoRecord, WholeFace } from '../../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../../src-main/storage/gallery-store'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import {
  clientIdSchema,
  type Domain,
  domainSchema,
  modelIdSchema,
  sha256Schema,
} from '../../../src-shared/ids'
import { perceptualHashSchema } from '../../../src-shared/perceptual-hash'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { madeFace, randomNumbers, unitVector } from '../../contract/made-faces'

const client = clientIdSchema.parse('default')
const home = domainSchema.parse('home')
const away = domainSchema.parse('away')
const model = modelIdSchema.parse('pack/embedder@1')
const older = modelIdSchema.parse('pack/embedder@0')
const context = { actor: 'tester', summary: 'a test' }
const importOptions = { clientId: client, domain: away, actor: 'tester', modelId: model }
const everything: ExportOptions = {
  clientId: client,
  domain: home,
  personIds: null,
  photos: 'copy',
  names: 'none',
  replace: false,
}

let built: BuiltStore
beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())

let root: string
let store: LocalStore
let gallery: GalleryStore
let random: () => number
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'visor-exchange-'))
  store = await openLocalStore({ folder: join(root, 'data'), builtFolder: built.folder, threads: 1 })
  gallery = store.gallery
  random = randomNumbers(7)
  mkdirSync(join(root, 'photos'))
})
afterEach(async () => {
  await store.close()
  rmSync(root, { recursive: true })
})

/** A file that is there, with bytes of its own. */
function photo(name: string): PhotoRecord {
  const path = join(root, 'photos', name)
  writeFileSync(path, `photo ${name}`)
  const sha256 = sha256Schema.parse(createHash('sha256').update(`photo ${name}`).digest('hex'))
  const perceptualHash = perceptualHashSchema.parse(sha256.slice(0, 16))
  return { sha256, path, format: 'jpeg', width: 1200, height: 800, perceptualHash }
}

async function enrol(
  name: string,
  where: PhotoRecord,
  x = 100,
  modelId = model,
  source: WholeFace['source'] = 'enrolled',
) {
  const box = { x: x + random() / 3, y: 80 + random() / 3, w: 120 + random() / 3, h: 150 + random() / 3 }
  const face = madeFace(unitVector(random), box, 0.5 + random() / 3)
  const assignment = { person: { name }, photo: where, face, source }
  const { value } = await gallery.assignFaces(client, home, modelId, [assignment], context)
  return { ...value[0]!, face, photo: where }
}

const someEmbedding = embeddingText(unitVector(randomNumbers(1)))
const hardNames = ['CON', 'con', 'a/b', '../../up', 'Ana.', '\u202eanA', 'x'.repeat(200), 'Ана', manifestName]

/** People with everything that a gallery keeps. */
async function fill(): Promise<void> {
  const shared = photo('shared.jpg')
  const ana = await enrol('Ana', shared)
  const best = await enrol('Ana', photo('ana.png'))
  const again = { ...best.face, embedding: unitVector(random) }
  await gallery.assignFaces(
    client,
    home,
    older,
    [{ person: { name: 'Ana' }, photo: best.photo, face: again, source: 'enrolled' }],
    context,
  )
  await enrol('Ana', photo('ana.jpg'), 100, model, 'manual')
  const bor = await enrol('Bor', shared, 400, model, 'confirmed')
  const twin = await enrol('Ana the Elder', photo('Ana.JPG'), 300)
  await gallery.mergePersons(ana.personId, [twin.personId], context)
  const patch = {
    wikidataId: 'Q42',
    occupation: 'painter',
    description: 'Of Ptuj,\nand “Celje”.',
    tags: ['Staff', 'ž'],
  }
  await gallery.updatePerson(ana.personId, patch, context)
  await gallery.tellApart(ana.personId, bor.personId, true, context)
  await gallery.setRepeatsPeople(client, best.photo.sha256, true, context)
  await gallery.setCover(ana.personId, ana.faceId, context)
  await gallery.rejectFace(client, model, { photo: shared, face: bor.face, personId: ana.personId }, context)
  const taken = await enrol('Bor', photo('not bor.jpg'), 500)
  const olderFace = { ...taken.face, embedding: unitVector(random) }
  const assignment = {
    person: { name: 'Bor' },
    photo: taken.photo,
    face: olderFace,
    source: 'enrolled',
  } as const
  await gallery.assignFaces(client, home, older, [assignment], context)
  await gallery.takeFaces([taken.faceId], { reject: true }, context)
  await gallery.addPerson(client, home, 'Nobody yet', { aliases: ['N. Y.'], tags: ['new'] }, context)
  for (const [index, name] of hardNames.entries()) await enrol(name, photo(`${index}.jpg`))
}

/** All that is kept of a domain but ids, times and places. */
async function contents(domain: Domain) {
  const { persons } = await gallery.persons({
    clientId: client,
    domain,
    text: '',
    sort: 'name',
    flags: [],
    tag: null,
    offset: 0,
    limit: 500,
  })
  const plain = async ({
    faceId,
    photo: { path: _, ...where },
    embeddings,
    hasCrop,
    ...face
  }: WholeFace) => ({
    ...face,
    photo: where,
    crop: hasCrop ? Buffer.from(await gallery.crop(faceId)).toString('hex') : null,
    embeddings: [...embeddings].map(([id, vector]) => [id, Buffer.from(vector.buffer).toString('hex')]),
  })
  const nameOf = new Map(persons.map(({ personId, name }) => [personId, name]))
  return Promise.all(
    persons.map(async ({ personId }) => {
      const { detail, faces, rejects, apart } = await gallery.wholePerson(personId)
      const { name, aliases, tags, wikidataId, occupation, description, flags } = detail
      return {
        ...{ name, aliases, tags, wikidataId, occupation, description, flags },
        cover: detail.chosenCover ? faces.findIndex(({ faceId }) => faceId === detail.coverFaceId) : null,
        apart: apart.flatMap((other) => nameOf.get(other) ?? []),
        faces: await Promise.all(faces.map(plain)),
        rejects: (await Promise.all(rejects.map(plain))).sort((a, b) =>
          a.photo.sha256.localeCompare(b.photo.sha256),
        ),
      }
    }),
  )
}

const entries = async () => (await gallery.ledger({ clientId: client, limit: 500 })).length

describe('a round trip', () => {
  test('loses nothing, is done once, and can be undone', async () => {
    await fill()
    const folder = join(root, 'export')
    const report = await exportGallery(folder, gallery, everything)
    expect(report).toMatchObject({ persons: 3 + hardNames.length, skipped: [] })
    expect(readdirSync(root).sort()).toEqual(['data', 'export', 'photos'])
    expect(existsSync(join(folder, 'Ana', 'shared.jpg'))).toBe(true)
    expect(
      existsSync(join(folder, 'Ana', 'Ana (2).JPG')) || existsSync(join(folder, 'Ana', 'ana (2).jpg')),
    ).toBe(true)

    const before = await contents(home)
    const written = await entries()
    const { report: first, toEmbed } = await importGallery(folder, gallery, importOptions)
    expect(first).toMatchObject({
      persons: report.persons,
      faces: report.faces,
      rejects: 2,
      alreadyThere: 0,
      skipped: [],
    })
    expect(toEmbed).toEqual([])
    expect(await contents(away)).toEqual(before)
    expect(before.find(({ name }) => name === 'Ana')).toMatchObject({
      aliases: ['Ana the Elder'],
      apart: ['Bor'],
      faces: expect.arrayContaining([
        expect.objectContaining({ photo: expect.objectContaining({ repeatsPeople: true }) }),
      ]),
      rejects: [{ source: 'confirmed' }],
    })
    const imported = await entries()

    const { report: second } = await importGallery(folder, gallery, importOptions)
    expect(second).toMatchObject({ faces: 0, rejects: 0, alreadyThere: report.faces + 2, skipped: [] })
    expect(await entries()).toBe(imported)

    const history = await gallery.ledger({ clientId: client, limit: 500 })
    for (const { ledgerId } of history.slice(0, imported - written)) await gallery.undo(ledgerId, context)
    expect(await contents(away)).toEqual([])
    expect(await contents(home)).toEqual(before)
  })

  test('without photos, faces and embeddings are the same', async () => {
    await fill()
    const folder = join(root, 'export')
    await exportGallery(folder, gallery, { ...everything, photos: 'none' })
    expect(readdirSync(join(folder, 'Bor')).sort()).toEqual(['crops', personFileName])
    await importGallery(folder, gallery, importOptions)
    expect(await contents(away)).toEqual(await contents(home))
  })

  test('faces of another model only are named, with their photo, to be analysed again', async () => {
    await enrol('Ana', photo('ana.jpg'), 100, older)
    const folder = join(root, 'export')
    await exportGallery(folder, gallery, everything)
    const { toEmbed } = await importGallery(folder, gallery, importOptions)
    expect(toEmbed).toMatchObject([{ photo: { path: join(folder, 'Ana', 'ana.jpg') } }])
  })

  test('what the gallery decided since stays', async () => {
    const shared = photo('shared.jpg')
    const ana = await enrol('Ana', shared)
    const bor = await enrol('Bor', photo('bor.jpg'), 300)
    const folder = join(root, 'export')
    await exportGallery(folder, gallery, everything)
    await gallery.moveFaces([ana.faceId], home, { name: 'Cene' }, context)
    await gallery.takeFaces([bor.faceId], { reject: true }, context)
    const { report } = await importGallery(folder, gallery, { ...importOptions, domain: home })
    expect(report).toMatchObject({ faces: 0, skipped: [{ code: 'conflict' }, { code: 'conflict' }] })
    expect(report.skipped[0]?.reason).toContain('Cene')
  })
})

describe('an export', () => {
  test('lists photos that are missing or changed, and exports the rest', async () => {
    const gone = await enrol('Ana', photo('gone.jpg'))
    const changed = await enrol('Ana', photo('changed.jpg'))
    await enrol('Ana', photo('there.jpg'))
    rmSync(gone.photo.path)
    writeFileSync(changed.photo.path, 'another photo')
    const folder = join(root, 'export')
    const { skipped, faces } = await exportGallery(folder, gallery, everything)
    expect(faces).toBe(3)
    expect(skipped.map(({ path, code }) => [path, code]).sort()).toEqual([
      [changed.photo.path, 'image-corrupt'],
      [gone.photo.path, 'file-missing'],
    ])
    expect(JSON.parse(readFileSync(join(folder, manifestName), 'utf8')).missing).toHaveLength(2)
    await importGallery(folder, gallery, importOptions)
    expect(await contents(away)).toEqual(await contents(home))
  })

  test('never touches a folder that is not empty, and replaces only an export', async () => {
    await enrol('Ana', photo('ana.jpg'))
    const folder = join(root, 'export')
    mkdirSync(folder)
    await exportGallery(folder, gallery, everything)
    const again = exportGallery(folder, gallery, everything)
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    await enrol('Bor', photo('bor.jpg'))
    await exportGallery(folder, gallery, { ...everything, replace: true })
    expect(readdirSync(folder).sort()).toEqual(['Ana', 'Bor', manifestName])
    const forced = exportGallery(join(root, 'photos'), gallery, { ...everything, replace: true })
    await expect(forced).rejects.toMatchObject({ code: 'conflict' })
    expect(readdirSync(join(root, 'photos')).sort()).toEqual(['ana.jpg', 'bor.jpg'])
    expect(readdirSync(root).sort()).toEqual(['data', 'export', 'photos'])
  })

  test('cancelled, it leaves nothing; what a killed one left is cleared away, somebody else’s folder is not', async () => {
    await fill()
    const folder = join(root, 'export')
    const cancel = new AbortController()
    const onProgress = ({ done }: { done: number }) => done === 2 && cancel.abort(new Error('enough'))
    const cancelled = exportGallery(folder, gallery, {
      ...everything,
      signal: cancel.signal,
      onProgress: (step) => void onProgress(step),
    })
    await expect(cancelled).rejects.toThrow('enough')
    expect(readdirSync(root).sort()).toEqual(['data', 'photos'])

    mkdirSync(`${folder}.visor-part`)
    writeFileSync(join(`${folder}.visor-part`, 'mine.txt'), 'mine')
    await expect(exportGallery(folder, gallery, everything)).rejects.toMatchObject({ code: 'conflict' })
    expect(readdirSync(`${folder}.visor-part`)).toEqual(['mine.txt'])
    writeFileSync(join(`${folder}.visor-part`, 'visor-export-in-progress'), '')
    await exportGallery(folder, gallery, everything)
    expect(readdirSync(root).sort()).toEqual(['data', 'export', 'photos'])
  })

  test('killed while it takes the place of an older one, it is made whole by the next run', async () => {
    await enrol('Ana', photo('ana.jpg'))
    const folder = join(root, 'export')
    await exportGallery(folder, gallery, everything)
    // As it is between the two renames: the older one moved aside, the new one complete and not in its place.
    cpSync(folder, `${folder}.visor-part`, { recursive: true })
    renameSync(folder, `${folder}.visor-before`)
    await exportGallery(folder, gallery, everything)
    expect(readdirSync(root).sort()).toEqual(['data', 'export', 'photos'])
    expect(readdirSync(folder).sort()).toEqual(['Ana', manifestName])
  })

  test('refuses to export nobody, and people of another client', async () => {
    const folder = join(root, 'export')
    await expect(exportGallery(folder, gallery, everything)).rejects.toMatchObject({ code: 'not-found' })
    const { personId } = await enrol('Ana', photo('ana.jpg'))
    const clientId = clientIdSchema.parse('museum')
    const foreign = exportGallery(folder, gallery, { ...everything, clientId, personIds: [personId] })
    await expect(foreign).rejects.toMatchObject({ code: 'not-found' })
    expect(existsSync(folder)).toBe(false)
  })
})

describe.skipIf(process.platform !== 'linux')('a folder that cannot be written', () => {
  test.each([
    ['full', 'disk-full', (folder: string) => writeFileSync('/dev/full', folder)],
    [
      'gone meanwhile',
      'file-missing',
      (folder: string) => {
        rmSync(folder, { recursive: true })
        writeFileSync(join(folder, 'a'), '')
      },
    ],
  ])('%s: %s, and nothing half is left', async (_, code, work) => {
    const target = join(root, 'export')
    const writing = writeWholeFolder(target, { replace: false }, async (folder) => work(folder))
    await expect(writing).rejects.toMatchObject({ code })
    expect(readdirSync(root).sort()).toEqual(['data', 'photos'])
  })

  test.each([
    ['/proc/visor-export', 'file-missing'],
    ['/sys/visor-export', 'read-only'],
    ['/nowhere/visor-export', 'file-missing'],
    ['/dev/null', 'conflict'],
  ])('%s: %s', async (target, code) => {
    const writing = writeWholeFolder(target, { replace: false }, async () => undefined)
    await expect(writing).rejects.toMatchObject({ code })
  })
})

describe('a hostile export', () => {
  let folder: string
  beforeEach(async () => {
    await enrol('Ana', photo('ana.jpg'))
    await enrol('Bor', photo('bor.jpg'))
    folder = join(root, 'export')
    await exportGallery(folder, gallery, everything)
    writeFileSync(join(root, 'secret.jpg'), readFileSync(join(root, 'photos', 'ana.jpg')))
  })
  type Json = Record<string, never> & { [key: string]: Json } & Json[]
  const edit = (path: string, change: (json: Json) => void) => {
    const json = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Json
    change(json)
    writeFileSync(join(folder, path), JSON.stringify(json))
  }
  const set = (json: Json, keys: (string | number)[], value: unknown) => {
    const last = keys.at(-1) as string
    const parent = keys.slice(0, -1).reduce((at, key) => at[key as string]!, json)
    ;(parent as Record<string, unknown>)[last] = value
  }

  test.each(['../secret', '/etc', '..', '.', '', 'Ana/../../photos', 'C:\\Windows', 'link', 'nowhere'])(
    'a person in the folder %j is skipped, the other is imported',
    async (path) => {
      symlinkSync(join(root, 'photos'), join(folder, 'link'))
      edit(manifestName, (json) => set(json, ['persons', 0, 'folder'], path))
      const importing = importGallery(folder, gallery, importOptions)
      if (path === '') await expect(importing).rejects.toMatchObject({ code: 'invalid-argument' })
      else {
        const { report } = await importing
        expect(report.persons).toBe(1)
        expect(report.skipped).toMatchObject([
          { code: path === 'nowhere' ? 'file-missing' : 'invalid-argument' },
        ])
      }
    },
  )

  test
    .skipIf(process.platform === 'win32')
    .each(['../../secret.jpg', '/etc/passwd', 'pipe', 'link.jpg', 'ana.jpg/../../Bor/bor.jpg', 'crops'])(
    'a photo and a crop at %j are left where they are',
    async (path) => {
      symlinkSync(join(root, 'secret.jpg'), join(folder, 'Ana', 'link.jpg'))
      if (path === 'pipe') execFileSync('mkfifo', [join(folder, 'Ana', path)])
      edit(`Ana/${personFileName}`, (json) => {
        set(json, ['photos', 0, 'file'], path)
        set(json, ['faces', 0, 'crop'], path)
        set(json, ['photos', 0, 'name'], path === 'pipe' ? '..' : '../../../etc/passwd')
      })
      const { report } = await importGallery(folder, gallery, importOptions)
      expect(report).toMatchObject({ persons: 2, faces: 2 })
      expect(report.skipped).toHaveLength(2)
      const [{ faces }] = [(await contents(away))[0]!]
      expect(faces[0]?.crop).toBeNull()
      const { persons } = await gallery.persons({
        clientId: client,
        domain: away,
        text: 'Ana',
        sort: 'name',
        flags: [],
        tag: null,
        offset: 0,
        limit: 1,
      })
      const detail = await gallery.person(persons[0]!.personId)
      expect(detail.facesList[0]?.photoPath.startsWith(join(folder, 'Ana', '_'))).toBe(true)
    },
  )

  test.each<[string, (string | number)[], unknown]>([
    ['an embedding that is too short', ['faces', 0, 'embeddings'], { [model]: 'AAAA' }],
    ['an embedding of zeros', ['faces', 0, 'embeddings'], { [model]: Buffer.alloc(2048).toString('base64') }],
    ['no embedding', ['faces', 0, 'embeddings'], {}],
    ['a model of 300 characters', ['faces', 0, 'embeddings'], { ['m'.repeat(300)]: someEmbedding }],
    ['a box of text', ['faces', 0, 'box', 'x'], '1; DROP TABLE persons'],
    ['a quality of 7', ['faces', 0, 'quality', 'value'], 7],
    ['a name with a control character', ['name'], 'A\u0007na'],
    ['somebody else’s name', ['name'], 'Zoran'],
    ['an alias of 300 characters', ['aliases'], ['x'.repeat(300)]],
    ['another version', ['version'], 2],
    ['a hash that is none', ['photos', 0, 'sha256'], '../../x'],
  ])('%s: the person is skipped', async (_, keys, value) => {
    edit(`Ana/${personFileName}`, (json) => set(json, keys, value))
    const { report } = await importGallery(folder, gallery, importOptions)
    expect(report).toMatchObject({ persons: 1, skipped: [{ code: 'invalid-argument' }] })
  })

  test.each(['', '{', 'null', '[]', '{"format":"visor-gallery","version":2}'])(
    'a manifest of %j is refused',
    async (text) => {
      writeFileSync(join(folder, manifestName), text)
      await expect(importGallery(folder, gallery, importOptions)).rejects.toMatchObject({
        code: 'invalid-argument',
      })
    },
  )

  test('a face of a photo that is not listed is skipped, and a cover that is not there', async () => {
    edit(`Ana/${personFileName}`, (json) => {
      set(json, ['photos'], [])
      set(json, ['cover'], 12)
    })
    const { report } = await importGallery(folder, gallery, importOptions)
    expect(report).toMatchObject({ persons: 2, faces: 1, skipped: [{ code: 'invalid-argument' }] })
  })
})
