/** A diagnosis of a real server: in order, and broken in every way that it looks for. Electron's Node. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serverToDiagnose } from '../../../src-main/diagnosed-stores'
import { diagnose } from '../../../src-main/services/diagnostics/diagnose'
import type { DatabaseCheckId } from '../../../src-main/storage/diagnostics-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import { type CheckFinding, checksOf, type Diagnosis } from '../../../src-shared/diagnosis'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { hasServer, serverAt, testDatabase } from '../../postgres/databases'
import { makeLogin } from '../../postgres/logins'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'

const builtFolder = join(import.meta.dirname, '../../../out/main')
const persons = 12

function at(url: string) {
  const { connection, password } = serverAt(url)
  return serverToDiagnose({ connection, password, place: 'the test', builtFolder })
}

const diagnosed = (url: string) =>
  diagnose(at(url), { version: 'test', signal: new AbortController().signal })

const checkOf = ({ checks }: Diagnosis, id: string) => checks.find((check) => check.id === id)!

/** One check of the database alone. */
async function checked(url: string, id: DatabaseCheckId): Promise<CheckFinding> {
  const { database } = at(url)
  try {
    return await database.check(id, new AbortController().signal)
  } finally {
    await database.close()
  }
}

/** Runs statements one after the other; the rows of the last. */
async function rowsOf(url: string, ...statements: string[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    let rows: readonly Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

const asSuperuser = (database: MigratedDatabase, ...statements: string[]) =>
  rowsOf(database.superuserUrl, 'SET search_path = visor, public', ...statements)

/** A database with a small gallery in it. */
async function withGallery(): Promise<MigratedDatabase> {
  const database = await migratedDatabase()
  const store = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  const random = randomNumbers(1)
  try {
    await store.gallery.assignFaces(
      clientIdSchema.parse('default'),
      domainSchema.parse('slovenia'),
      modelIdSchema.parse('test/model'),
      Array.from({ length: persons }, (_, person) =>
        madeAssignment(`Person ${person}`, unitVector(random), `photo ${person}`),
      ),
      { actor: 'tester', summary: 'Made a gallery' },
    )
  } finally {
    await store.close()
  }
  return database
}

/** The same again, to break; nobody may be connected to the first. */
async function copyOf(whole: MigratedDatabase): Promise<MigratedDatabase> {
  const copy = await testDatabase({ copyOf: whole.database })
  return { ...copy, query: (text) => rowsOf(copy.url, 'SET search_path = visor, public', text) }
}

describe.runIf(hasServer())('a server in order', () => {
  let database: MigratedDatabase
  let whole: Diagnosis
  const progress: (readonly [number, string | null])[] = []
  beforeAll(async () => {
    database = await withGallery()
    whole = await diagnose(at(database.url), {
      version: '1.2.3',
      signal: new AbortController().signal,
      onProgress: ({ checks }, next) => progress.push([checks.length, next]),
    })
  })
  afterAll(() => database.drop())

  test('every check is made, in order, and told of as it is made', () => {
    expect(whole.checks.map(({ id }) => id)).toEqual(checksOf('server'))
    expect(progress).toEqual([...checksOf('server'), null].map((id, index) => [index, id]))
    expect(whole).toMatchObject({
      diagnosed: 'server',
      place: 'the test',
      version: '1.2.3',
      cancelled: false,
    })
  })

  test('none fails, and each says a sentence', () => {
    const failing = whole.checks.filter(({ state }) => state === 'fail')
    expect(failing).toEqual([])
    for (const { sentence } of whole.checks) expect(sentence).toMatch(/\.$/)
  })

  test('the figures are those of the gallery', () => {
    expect(checkOf(whole, 'counts')).toMatchObject({
      state: 'pass',
      figure: `${persons} faces`,
      table: { rows: [['default', 'slovenia', '12', '12', '12', '0', '12']] },
    })
    expect(checkOf(whole, 'vectors')).toMatchObject({ state: 'pass', figure: `${persons} vectors` })
    expect(checkOf(whole, 'self')).toMatchObject({ state: 'pass', figure: `${persons} of ${persons}` })
    expect(checkOf(whole, 'ledger')).toMatchObject({ state: 'pass', figure: '1 entry' })
    expect(checkOf(whole, 'version').figure).toMatch(/^\d+.*, pgvector 0\.\d/)
    expect(checkOf(whole, 'latency').figure).toMatch(/ms, 95th .* ms$/)
  })

  test('all that the migrations make is looked for', () => {
    const amount = (id: string) => Number(/\d+/.exec(checkOf(whole, id).figure ?? '')?.[0])
    expect(amount('indexes')).toBeGreaterThan(40)
    expect(amount('foreign-keys')).toBeGreaterThan(20)
    expect(amount('orphans')).toBeGreaterThanOrEqual(amount('foreign-keys'))
  })

  test('it leaves nothing, and the change feed as it was', async () => {
    const before = await database.query(
      'SELECT (SELECT sum(revision) FROM clients) AS revision, (SELECT count(*) FROM changes) AS changes, (SELECT count(*) FROM persons) AS persons',
    )
    const finding = await checked(database.url, 'write')
    expect(finding).toMatchObject({ state: 'pass' })
    expect(finding.table?.rows.map(([step]) => step)).toContain('Read them')
    const after = await database.query(
      'SELECT (SELECT sum(revision) FROM clients) AS revision, (SELECT count(*) FROM changes) AS changes, (SELECT count(*) FROM persons) AS persons',
    )
    expect(after).toEqual(before)
  })

  test('a console that writes is not waited for long, and is no failure', async () => {
    const other = new pg.Client(database.url)
    await other.connect()
    try {
      await other.query("BEGIN; SET LOCAL search_path = visor, public; SELECT write_for('default')")
      expect(await checked(database.url, 'write')).toMatchObject({
        state: 'unchecked',
        sentence: expect.stringContaining('Another console is writing'),
      })
    } finally {
      await other.end()
    }
  })

  test('cancelled, it ends with what was found', async () => {
    const cancel = new AbortController()
    const found = await diagnose(at(database.url), {
      version: 'test',
      signal: cancel.signal,
      onProgress: (_, next) => {
        if (next === 'clock') cancel.abort(new Error('enough'))
      },
    })
    expect(found).toMatchObject({ cancelled: true, checks: [{ id: 'connection' }, { id: 'round-trip' }] })
    expect(found.endedAt).not.toBeNull()
  })

  test('a check that takes too long is ended, the next is made', async () => {
    const blocker = new pg.Client(database.superuserUrl)
    await blocker.connect()
    try {
      await blocker.query('BEGIN; LOCK TABLE visor.rejections IN ACCESS EXCLUSIVE MODE')
      const found = await diagnose(at(database.url), {
        version: 'test',
        signal: new AbortController().signal,
        limits: { shortMs: 3000, longMs: 3000 },
        onProgress: (_, next) => {
          if (next === 'uniqueness') void blocker.query('ROLLBACK')
        },
      })
      expect(checkOf(found, 'orphans')).toMatchObject({
        state: 'warn',
        sentence: expect.stringContaining('not through in time'),
        figure: '3 s',
      })
      expect(checkOf(found, 'uniqueness').state).toBe('pass')
    } finally {
      await blocker.end()
    }
  })
})

describe.runIf(hasServer())('a server that is broken', () => {
  let whole: MigratedDatabase
  let database: MigratedDatabase
  beforeAll(async () => {
    whole = await withGallery()
    return () => whole.drop()
  })
  beforeEach(async () => {
    database = await copyOf(whole)
    return () => database.drop()
  })

  test('an index that is missing, one that is half-built, and a trigger that is off', async () => {
    await asSuperuser(
      database,
      'DROP INDEX persons_name',
      'ALTER TABLE ledger DISABLE TRIGGER ledger_appends',
    )
    await asSuperuser(
      database,
      `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
       SELECT gen_random_uuid(), client_id, domain, name, folded, created_at, updated_at FROM persons LIMIT 1`,
    )
    // Interrupted by the duplicate that is there.
    await expect(
      asSuperuser(database, 'CREATE UNIQUE INDEX CONCURRENTLY half_built ON persons (client_id, name)'),
    ).rejects.toThrow(/could not create unique index/)
    const finding = await checked(database.url, 'indexes')
    expect(finding).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('1 index is not valid, 1 index is missing, 1 trigger is turned off'),
      table: {
        rows: [
          ['index', 'half_built', 'persons', 'not valid: building it was interrupted'],
          ['index', 'persons_name', 'persons', 'missing'],
          ['trigger', 'ledger_appends', 'ledger', 'turned off'],
        ],
      },
    })
    // What stands in the next step mends it, once the duplicate is gone.
    await asSuperuser(
      database,
      'DELETE FROM persons WHERE id NOT IN (SELECT person_id FROM faces)',
      ...finding.next!.copy!.split('\n'),
    )
    expect(await checked(database.url, 'indexes')).toMatchObject({ state: 'pass' })
  })

  test('a trigger of the change feed is missing', async () => {
    await asSuperuser(database, 'DROP TRIGGER feed_update ON photos')
    expect(await checked(database.url, 'indexes')).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('1 trigger is missing'),
      table: { rows: [['trigger', 'feed_update', 'photos', 'missing']] },
    })
    await asSuperuser(
      database,
      `CREATE TRIGGER feed_update AFTER UPDATE ON photos REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION feed('photo', 'id')`,
    )
    expect(await checked(database.url, 'indexes')).toMatchObject({ state: 'pass' })
  })

  test('a person who is there twice', async () => {
    await asSuperuser(
      database,
      'DROP INDEX persons_name',
      `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
       SELECT gen_random_uuid(), client_id, domain, name, folded, created_at, updated_at FROM persons LIMIT 1`,
    )
    expect(await checked(database.url, 'uniqueness')).toMatchObject({
      state: 'fail',
      figure: '1 twice',
      table: { rows: [['people of one name in one domain', '1']] },
    })
  })

  test('an orphan, and a foreign key that is not checked', async () => {
    await asSuperuser(
      database,
      "SET session_replication_role = 'replica'",
      `DELETE FROM photos WHERE id = (SELECT min(id::text)::uuid FROM photos)`,
    )
    const finding = await checked(database.url, 'orphans')
    expect(finding).toMatchObject({
      state: 'fail',
      figure: '1 row',
      table: { rows: [['faces without their photos (photo_id, client_id)', '1']] },
    })
    const rows = await database.query(finding.next!.copy!)
    expect(rows).toHaveLength(1)
    await asSuperuser(
      database,
      'ALTER TABLE faces DROP CONSTRAINT faces_photo_id_client_id_fkey',
      'ALTER TABLE embeddings DROP CONSTRAINT embeddings_face_id_client_id_fkey',
      'ALTER TABLE embeddings ADD FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) NOT VALID',
    )
    const keys = await checked(database.url, 'foreign-keys')
    expect(keys).toMatchObject({
      state: 'fail',
      table: {
        rows: [
          ['faces (photo_id, client_id) → photos', 'missing'],
          ['embeddings (face_id, client_id) → faces', 'not validated'],
        ],
      },
    })
    // Also where the key itself is gone.
    expect(await checked(database.url, 'orphans')).toMatchObject({ state: 'fail', figure: '1 row' })
    await asSuperuser(
      database,
      'DELETE FROM embeddings WHERE face_id IN (SELECT id FROM faces WHERE photo_id NOT IN (SELECT id FROM photos))',
      'DELETE FROM faces WHERE photo_id NOT IN (SELECT id FROM photos)',
      ...keys.next!.copy!.split('\n'),
    )
    expect(await checked(database.url, 'foreign-keys')).toMatchObject({ state: 'pass' })
  })

  test('a face in another domain than its photo, and one of a person who was removed', async () => {
    await asSuperuser(
      database,
      "INSERT INTO domains (client_id, name, sample, created_at) VALUES ('default', 'serbia', false, 1)",
      "UPDATE faces SET domain = 'serbia' WHERE id = (SELECT min(id::text)::uuid FROM faces)",
      'UPDATE persons SET removed_by = (SELECT id FROM ledger) WHERE id = (SELECT max(id::text)::uuid FROM persons)',
    )
    expect((await checked(database.url, 'orphans')).table?.rows).toEqual([
      ['faces in another domain than their photo', '1'],
      ['faces in another domain than their person', '1'],
      ['faces still there of people who were removed', '1'],
    ])
  })

  test('a vector that is not of length 1, and one of another dimension', async () => {
    await asSuperuser(
      database,
      'UPDATE embeddings SET vector = vector + vector WHERE id = (SELECT min(id) FROM embeddings)',
    )
    const finding = await checked(database.url, 'vectors')
    expect(finding).toMatchObject({ state: 'fail', figure: '1 wrong' })
    expect(await database.query(finding.next!.copy!)).toHaveLength(1)
    await asSuperuser(
      database,
      'ALTER TABLE embeddings ALTER COLUMN vector TYPE vector',
      "UPDATE embeddings SET vector = '[1,0,0]' WHERE id = (SELECT max(id) FROM embeddings)",
    )
    expect((await checked(database.url, 'vectors')).table?.rows).toContainEqual([
      'with other than 512 numbers',
      '1',
    ])
  })

  test('a ledger that was changed by hand', async () => {
    await asSuperuser(
      database,
      'ALTER TABLE ledger DISABLE TRIGGER ALL',
      "UPDATE ledger SET actor = 'somebody else'",
    )
    expect(checkOf(await diagnosed(database.url), 'ledger')).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('broken at entry 1'),
    })
  })

  test('a face that is not found any more', async () => {
    // Whose the face is, the search knows from the person that is not there.
    await asSuperuser(
      database,
      "SET session_replication_role = 'replica'",
      'DELETE FROM persons WHERE id = (SELECT min(id::text)::uuid FROM persons)',
    )
    expect(checkOf(await diagnosed(database.url), 'self').state).toBe('fail')
  })

  test('settings that are too small for what is in the database', async () => {
    expect(await checked(database.url, 'settings')).not.toMatchObject({
      figure: expect.stringContaining('maintenance_work_mem'),
    })
    // What ANALYZE would write of a million faces.
    await asSuperuser(
      database,
      "UPDATE pg_class SET reltuples = 1e6 WHERE oid = 'visor.embeddings'::regclass",
    )
    expect(await checked(database.url, 'settings')).toMatchObject({
      state: 'warn',
      figure: expect.stringContaining('maintenance_work_mem'),
      next: { copy: expect.stringContaining("ALTER SYSTEM SET maintenance_work_mem = '4096MB'") },
    })
  })

  test('an older schema: what can be looked at is, what cannot says why', async () => {
    await asSuperuser(
      database,
      'DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)',
    )
    const found = await diagnosed(database.url)
    expect(checkOf(found, 'schema')).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('older Visor'),
      next: { copy: 'visor schema up' },
    })
    for (const id of ['write', 'self', 'latency', 'ledger']) {
      expect(checkOf(found, id)).toMatchObject({
        state: 'unchecked',
        sentence: expect.stringContaining('see Schema'),
      })
    }
    for (const id of ['orphans', 'uniqueness', 'vectors', 'counts'])
      expect(checkOf(found, id).state).toBe('pass')
  })
})

describe.runIf(hasServer())('each role', () => {
  let database: MigratedDatabase
  beforeAll(async () => {
    database = await withGallery()
    return () => database.drop()
  })

  test.each([
    ['visor_analyst', ['default'], 'analyst', { write: 'unchecked', logins: 'unchecked' }],
    ['visor_curator', ['default'], 'curator', { write: 'pass', logins: 'unchecked' }],
    ['visor_admin', ['*'], 'admin', { write: 'pass', logins: 'pass' }],
  ] as const)('%s: what it may not check is no failure', async (role, clients, figure, states) => {
    const login = await makeLogin(database, [role], clients)
    const found = await diagnosed(login.url)
    expect(found.checks.filter(({ state }) => state === 'fail')).toEqual([])
    expect(checkOf(found, 'rights')).toMatchObject({ state: 'pass', figure })
    for (const [id, state] of Object.entries(states)) expect(checkOf(found, id).state, id).toBe(state)
    expect(checkOf(found, 'vectors')).toMatchObject({ state: 'pass', figure: `${persons} vectors` })
    expect(checkOf(found, 'self')).toMatchObject({ state: 'pass' })
    expect(checkOf(found, 'counts').sentence.includes('that this login works for')).toBe(
      role !== 'visor_admin',
    )
  })

  test('a login of another client sees nothing of the first; one of none is told', async () => {
    const other = await makeLogin(database, ['visor_curator'], ['other'])
    const none = await makeLogin(database, ['visor_analyst'], [])
    expect(await checked(other.url, 'counts')).toMatchObject({ state: 'pass', figure: '0 faces' })
    expect(await checked(other.url, 'write')).toMatchObject({ state: 'pass' })
    expect(await checked(none.url, 'rights')).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('works for no client'),
    })
    const admin = await makeLogin(database, ['visor_admin'], ['*'])
    const logins = await checked(admin.url, 'logins')
    expect(logins).toMatchObject({ state: 'warn', sentence: expect.stringContaining(none.name) })
    expect(logins.table?.rows).toContainEqual([other.name, 'curator', 'other'])
  })
})

describe.runIf(hasServer())('a server that is not there, or not set up', () => {
  test('nobody answers: one failure, and nothing else is said to be wrong', async () => {
    const found = await diagnosed('postgresql://nobody:secret-word@127.0.0.1:1/none')
    expect(checkOf(found, 'connection')).toMatchObject({ state: 'fail' })
    expect(found.checks.slice(1).every(({ state }) => state === 'unchecked')).toBe(true)
    expect(JSON.stringify(found)).not.toContain('secret-word')
  })

  test('a database without the extension, and one without the schema', async () => {
    const bare = await testDatabase()
    const ready = await testDatabase({ extension: true })
    try {
      expect(checkOf(await diagnosed(bare.url), 'version')).toMatchObject({
        state: 'fail',
        next: { copy: expect.stringContaining('vector') },
      })
      const found = await diagnosed(ready.url)
      expect(checkOf(found, 'schema')).toMatchObject({ state: 'fail', next: { copy: 'visor schema up' } })
      expect(checkOf(found, 'vectors').state).toBe('unchecked')
      expect(checkOf(found, 'self').state).toBe('unchecked')
    } finally {
      await bare.drop()
      await ready.drop()
    }
  })

  test('a login that may not look says so, and does not fail', async () => {
    const database = await withGallery()
    const login = `reader_${randomUUID().slice(0, 8)}`
    try {
      await asSuperuser(
        database,
        `CREATE ROLE ${login} LOGIN PASSWORD '${database.password}'`,
        `GRANT USAGE ON SCHEMA visor TO ${login}`,
        `GRANT SELECT ON schema_migrations TO ${login}`,
      )
      const url = new URL(database.url)
      url.username = login
      for (const id of ['vectors', 'uniqueness', 'counts', 'write'] as const) {
        expect(await checked(url.href, id)).toMatchObject({ state: 'unchecked' })
      }
    } finally {
      await asSuperuser(database, `DROP OWNED BY ${login}`, `DROP ROLE ${login}`)
      await database.drop()
    }
  })
})
