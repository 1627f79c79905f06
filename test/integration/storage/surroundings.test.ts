/** What the local store says when its surroundings fail it: disk, rights, damage, another Visor's schema, a dead worker. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databaseFile } from '../../../src-main/storage/sqlite/open-database'
import { type LocalStoreOptions, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { clientIdSchema, domainSchema, itemIdSchema, modelIdSchema } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'

const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('slovenia')
const modelId = modelIdSchema.parse('pack/embedder')
const context = { actor: 'tester', summary: 'a test' }

let built: BuiltStore
let folder: string
beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-surroundings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(options: Partial<LocalStoreOptions> = {}) {
  return openLocalStore({ folder, builtFolder: built.folder, threads: 2, ...options })
}

async function enrolOne(seed: number): Promise<void> {
  const store = await open()
  try {
    const assignments = [madeAssignment(`Person ${seed}`, unitVector(randomNumbers(seed)))]
    await store.gallery.assignFaces(clientId, domain, modelId, assignments, context)
  } finally {
    await store.close()
  }
}

const deathChannel = 'visor-test-death'

/** The real threads, but for an ear through which the store's can be told to die on the spot. */
function mortalStore(): string {
  const mortal = join(built.folder, 'mortal')
  mkdirSync(mortal, { recursive: true })
  writeFileSync(join(mortal, 'scan.js'), "import '../scan.js'\n")
  writeFileSync(
    join(mortal, 'store.js'),
    `import '../store.js'
const channel = new BroadcastChannel('${deathChannel}')
channel.onmessage = () => process.exit(9)
channel.unref()
`,
  )
  return mortal
}

/** Whether this machine lets tests mount a file system of their own; says so where it does not. */
const canMount = (() => {
  const place = mkdtempSync(join(tmpdir(), 'visor-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', place], { stdio: 'pipe' })
    execFileSync('umount', [place])
    return true
  } catch (error) {
    console.info(
      `no file system can be mounted here, so the full and the read-only disk are skipped: ${error}`,
    )
    return false
  } finally {
    rmSync(place, { recursive: true })
  }
})()

describe.skipIf(!canMount)('on a file system of its own', () => {
  function mount(size: string): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder])
  }
  afterEach(() => {
    execFileSync('umount', [folder])
  })

  test('a full disk: what was asked is not done, what was there stays, and room makes it work again', async () => {
    mount('3m')
    const store = await open()
    try {
      const random = randomNumbers(1)
      let stored = 0
      let refusal: unknown
      while (refusal === undefined && stored < 1000) {
        const name = `Person ${stored}`
        await store.gallery
          .assignFaces(clientId, domain, modelId, [madeAssignment(name, unitVector(random))], context)
          .then(
            () => stored++,
            (error: unknown) => {
              refusal = error
            },
          )
      }
      expect(refusal).toMatchObject({ code: 'disk-full' })
      const persons = () =>
        store.gallery.persons({
          clientId,
          domain: null,
          text: '',
          sort: 'name',
          flags: [],
          tag: null,
          offset: 0,
          limit: 1,
        })
      expect((await persons()).total).toBe(stored)
      expect(await store.gallery.gallerySize(clientId, 'all', modelId)).toMatchObject({ embeddings: stored })
      execFileSync('mount', ['-o', 'remount,size=20m', folder])
      const more = [madeAssignment('One more', unitVector(random))]
      await store.gallery.assignFaces(clientId, domain, modelId, more, context)
      expect((await persons()).total).toBe(stored + 1)
    } finally {
      await store.close()
    }
  })

  test('a disk too full to clear the file after an erasure: it stays due, and is done once there is room', async () => {
    mount('12m')
    const random = randomNumbers(1)
    const people = Array.from({ length: 500 }, (_, index) =>
      madeAssignment(`Person ${index}`, unitVector(random)),
    )
    const filling = await open()
    const { value } = await filling.gallery.assignFaces(clientId, domain, modelId, people, context)
    await filling.close()
    const { bavail, bsize } = statfsSync(folder)
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, new Uint8Array(bavail * bsize - 700_000))
    const store = await open()
    try {
      const target = { personIds: [value[0]!.personId] }
      await store.erasure.erase({ target, possible: new Map() }, { ...context, reason: 'case 17' })
      await expect(store.erasure.scrub({})).rejects.toMatchObject({
        code: 'disk-full',
        consequence: expect.stringContaining('stays due') as string,
      })
      expect(await store.erasure.due()).toHaveLength(1)
      expect(await store.gallery.gallerySize(clientId, 'all', modelId)).toMatchObject({ persons: 499 })
      rmSync(ballast)
      await store.erasure.scrub({})
      expect(await store.erasure.due()).toEqual([])
      expect(await store.erasure.unreported()).toHaveLength(1)
      expect(await store.gallery.gallerySize(clientId, 'all', modelId)).toMatchObject({ persons: 499 })
    } finally {
      await store.close()
    }
  })

  test('a disk that is full before it begins', async () => {
    mount('16k')
    writeFileSync(join(folder, 'filler'), Buffer.alloc(8192))
    await expect(open()).rejects.toMatchObject({ code: 'disk-full' })
  })

  test('a read-only folder, with and without a database in it', async () => {
    mount('20m')
    execFileSync('mount', ['-o', 'remount,ro', folder])
    await expect(open()).rejects.toMatchObject({ code: 'read-only' })
    execFileSync('mount', ['-o', 'remount,rw', folder])
    await enrolOne(1)
    execFileSync('mount', ['-o', 'remount,ro', folder])
    await expect(open()).rejects.toMatchObject({ code: 'read-only' })
  })
})

describe('a database that does not fit', () => {
  test('of a newer Visor is refused and left alone', async () => {
    await enrolOne(1)
    const database = new Database(databaseFile(folder))
    database.exec("INSERT INTO schema_migrations VALUES (9990, 'later', printf('%064d', 0), 0, 0)")
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
    const before = readFileSync(databaseFile(folder))
    await expect(open()).rejects.toMatchObject({ code: 'database-newer' })
    expect(readFileSync(databaseFile(folder)).equals(before)).toBe(true)
  })

  test('whose migration was changed is refused', async () => {
    await enrolOne(1)
    const database = new Database(databaseFile(folder))
    database.exec("UPDATE schema_migrations SET checksum = printf('%064d', 0) WHERE version = 10")
    database.close()
    await expect(open()).rejects.toMatchObject({ code: 'migration-tampered' })
  })

  test('that is no database at all is called damaged', async () => {
    writeFileSync(
      databaseFile(folder),
      'Once upon a time there was a file that nobody had checked.'.repeat(100),
    )
    await expect(open()).rejects.toMatchObject({ code: 'database-corrupt' })
  })

  test('whose pages are damaged is called so when they are read', async () => {
    await enrolOne(1)
    const file = databaseFile(folder)
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0xa5, 8192))
    const opened = open().then(async (store) => {
      try {
        return await store.gallery.clients()
      } finally {
        await store.close()
      }
    })
    await expect(opened).rejects.toMatchObject({ code: 'database-corrupt' })
  })

  test('opens again untouched once migrated', async () => {
    await enrolOne(1)
    await enrolOne(2)
    const database = new Database(databaseFile(folder), { readonly: true })
    const applied = database
      .prepare('SELECT version, name, length(checksum) AS digits FROM schema_migrations')
      .all()
    database.close()
    const shipped = readdirSync(join(import.meta.dirname, '../../../migrations/sqlite'))
      .sort()
      .map((file) => ({
        version: Number.parseInt(file, 10),
        name: file.slice(5, -'.sql'.length),
        digits: 64,
      }))
    expect(applied).toEqual(shipped)
  })
})

describe('the worker', () => {
  test('whose death rejects all that it owed, once and for all', async () => {
    const failures: unknown[] = []
    const store = await open({ builtFolder: mortalStore(), onFailure: (error) => failures.push(error) })
    const random = randomNumbers(3)
    let asked = 0
    const enrol = () => {
      const assignments = Array.from({ length: 40 }, (_, face) =>
        madeAssignment(`P ${asked} ${face}`, unitVector(random)),
      )
      asked++
      return store.gallery.assignFaces(clientId, domain, modelId, assignments, context)
    }
    await enrol()
    const death = new BroadcastChannel(deathChannel)
    death.postMessage('now')
    const rejected: unknown[] = []
    while (rejected.length === 0) {
      // Several are owed at once.
      for (const outcome of await Promise.allSettled([enrol(), enrol(), enrol(), enrol()])) {
        if (outcome.status === 'rejected') rejected.push(outcome.reason)
      }
    }
    death.close()
    for (const reason of rejected) expect(reason).toMatchObject({ code: 'store-unavailable' })
    await expect(store.gallery.clients()).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(failures).toHaveLength(1)
    await store.close()
    // The folder is free and holds whole transactions: at least those that were acknowledged.
    const again = await open()
    const { total } = await again.gallery.persons({
      clientId,
      domain: null,
      text: '',
      sort: 'name',
      flags: [],
      tag: null,
      offset: 0,
      limit: 1,
    })
    await again.close()
    expect(total % 40).toBe(0)
    expect(total).toBeGreaterThanOrEqual((asked - rejected.length) * 40)
  })

  test('that is closed answers what it was asked before, and nothing after', async () => {
    const store = await open()
    const itemId = itemIdSchema.parse('00000000-0000-7000-8000-000000000001')
    const appended = store.queue.append([{ itemId, position: 1, path: '/a.jpg' }])
    const closed = store.close()
    await expect(store.queue.load()).rejects.toMatchObject({ code: 'store-unavailable' })
    await appended
    await closed
    const again = await open()
    expect(await again.queue.load()).toMatchObject([{ itemId }])
    await again.close()
  })
})
