/** Who may do what is the server's business: each act is tried with each role, in SQL, on a real PostgreSQL. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenStore } from '../../../../src-main/storage/open-store'
import { resolveServer } from '../../../../src-main/storage/postgres/conninfo'
import {
  addMember,
  everyClient,
  listMembers,
  removeMember,
} from '../../../../src-main/storage/postgres/members'
import { PostgresSchema } from '../../../../src-main/storage/postgres/postgres-schema'
import { migrateUp } from '../../../../src-main/storage/schema/migrate'
import { openServerStore } from '../../../../src-main/storage/threads/server-store'
import { VisorError } from '../../../../src-shared/errors'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { madeFace, madePhoto, randomNumbers, unitVector } from '../../../contract/made-faces'
import { hasServer, privateServer, serverAt, testDatabase } from '../../../postgres/databases'
import { type GroupRole, type Login, makeLogin } from '../../../postgres/logins'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { rowsOfClient } from '../../../postgres/two-clients'

const refused = { code: '42501' }
const roles = ['visor_analyst', 'visor_curator', 'visor_admin'] as const

let database: MigratedDatabase
const logins: Login[] = []
const clients: pg.Client[] = []
/** As each role, bound to the client `own`; `other` is somebody else's. */
const as = new Map<GroupRole, pg.Client>()
let superuser: pg.Client

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('SET search_path = visor, public')
  clients.push(client)
  return client
}

async function login(role: readonly GroupRole[], bound: readonly string[]): Promise<pg.Client> {
  const made = await makeLogin(database, role, bound)
  logins.push(made)
  return connect(made.url)
}

beforeAll(async () => {
  if (!hasServer()) return
  database = await migratedDatabase()
  superuser = await connect(database.superuserUrl)
  for (const [index, client] of ['own', 'other'].entries()) {
    await superuser.query(`BEGIN; ${rowsOfClient(client, index + 1)} COMMIT`)
  }
  for (const role of roles) as.set(role, await login([role], ['own']))
})
afterAll(async () => {
  if (!hasServer()) return
  for (const client of clients) await client.end()
  await database.drop()
  for (const made of logins) await made.drop()
})

/** Runs statements in a transaction that is taken back; the last one's rows and count. */
async function tryOut(client: pg.Client, ...statements: readonly string[]): Promise<pg.QueryResult> {
  await client.query('BEGIN')
  try {
    let result: pg.QueryResult | undefined
    for (const statement of statements) result = await client.query(statement)
    return result!
  } finally {
    await client.query('ROLLBACK')
  }
}

interface Table {
  readonly name: string
  readonly column: string
}

/** Tables that have no client's rows, or whose rows each login has for itself, and why. */
const ofNoClient: Readonly<Record<string, string>> = {
  models: 'embedders are the same for all',
  schema_migrations: 'of the schema, not of a client',
  server_identity: 'of the server, not of a client',
  health_progress: 'each login has its own',
  members: 'admins only',
}

/** From the catalogue, so that none is forgotten: each table and the column that says whose its rows are. */
async function tables(): Promise<Table[]> {
  const { rows } = await superuser.query<{ name: string; columns: string[] }>(
    `SELECT relname AS name, array_agg(attname::text) AS columns FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = 'visor'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 GROUP BY relname ORDER BY relname`,
  )
  return rows
    .filter(({ name }) => !(name in ofNoClient))
    .map(({ name, columns }) => {
      const column =
        name === 'clients' ? 'id' : ['of_client', 'client_id'].find((wanted) => columns.includes(wanted))
      if (column === undefined) throw new Error(`Whose are the rows of ${name}?`)
      return { name, column }
    })
}

describe.runIf(hasServer())('another client', () => {
  it('has rows in each table of the test', async () => {
    for (const { name, column } of await tables()) {
      const { rows } = await superuser.query(`SELECT DISTINCT ${column} AS client FROM ${name} ORDER BY 1`)
      expect(rows, `${name}: add a row to two-clients.ts`).toEqual([{ client: 'other' }, { client: 'own' }])
    }
  })

  it.each(roles)('is invisible to %s in every table', async (role) => {
    for (const { name, column } of await tables()) {
      const { rows } = await as.get(role)!.query(`SELECT DISTINCT ${column} AS client FROM ${name}`)
      expect(rows, name).toEqual([{ client: 'own' }])
    }
  })

  it('is out of reach of an update or a delete that has no filter', async () => {
    const admin = as.get('visor_admin')!
    for (const { name, column } of await tables()) {
      const own = await superuser.query(`SELECT FROM ${name} WHERE ${column} = 'own'`)
      // What the ledger's triggers refuse is refused for its own rows alone.
      if (name !== 'ledger') {
        const updated = await tryOut(admin, `UPDATE ${name} SET ${column} = ${column}`)
        expect(updated.rowCount, name).toBe(own.rowCount)
      }
      for (const act of [`UPDATE ${name} SET ${column} = 'own'`, `DELETE FROM ${name}`]) {
        const theirs = await tryOut(admin, `${act} WHERE ${column} = 'other'`)
        expect(theirs.rowCount, `${act} on ${name}`).toBe(0)
      }
    }
  })

  it('gets no row from somebody else, neither new nor given away', async () => {
    const admin = as.get('visor_admin')!
    for (const { name, column } of await tables()) {
      const { rows } = await superuser.query(
        `SELECT row_to_json(t)::text AS row FROM ${name} t WHERE ${column} = 'other' LIMIT 1`,
      )
      const row = pg.escapeLiteral(rows[0].row)
      const insert = `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_record(NULL::${name}, ${row})`
      // The ledger's trigger comes first, and finds no such chain.
      await expect(tryOut(admin, insert), name).rejects.toMatchObject(
        name === 'ledger' ? { code: '23001' } : refused,
      )
      const give = `UPDATE ${name} SET ${column} = 'other'`
      await expect(tryOut(admin, give), name).rejects.toMatchObject(
        name === 'ledger' ? { code: '23001' } : refused,
      )
    }
  })

  it('is bound by policies that no other policy can loosen', async () => {
    const { rows } = await superuser.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
       WHERE relnamespace = 'visor'::regnamespace AND relrowsecurity AND relforcerowsecurity
         AND polname = 'by_client' AND NOT polpermissive AND polcmd = '*' AND polroles = '{0}' ORDER BY relname`,
    )
    expect(rows.map(({ name }) => name)).toEqual((await tables()).map(({ name }) => name))
  })

  it('is seen by whoever is bound to it, through a group, or to all', async () => {
    const seen = async (client: pg.Client) =>
      (await client.query<{ id: string }>('SELECT id FROM clients ORDER BY id')).rows.map(({ id }) => id)
    expect(await seen(await login(['visor_analyst'], ['own', 'other']))).toEqual(['other', 'own'])
    expect(await seen(await login(['visor_analyst'], ['*']))).toEqual(['other', 'own'])
    expect(await seen(await login(['visor_analyst'], []))).toEqual([])
    const group = logins.at(-1)!.name
    const member = await login([], [])
    await superuser.query(
      `GRANT ${group} TO ${logins.at(-1)!.name}; INSERT INTO members VALUES ('${group}', 'other')`,
    )
    expect(await seen(member)).toEqual(['other'])
  })
})

/** Acts of one statement on rows of `own`; `may`: whose they are. What nobody may do is nobody's. */
const acts: readonly {
  readonly act: string
  readonly sql: readonly string[]
  readonly may: readonly GroupRole[]
}[] = [
  {
    act: 'search',
    sql: [
      'SELECT vector <=> vector AS distance, faces.person_id FROM embeddings JOIN faces ON faces.id = face_id',
    ],
    may: roles,
  },
  {
    act: 'read people, photos and pictures',
    sql: ['SELECT FROM persons, photos, crops, person_tags'],
    may: roles,
  },
  {
    act: 'read the history',
    sql: ['SELECT summary FROM ledger JOIN ledger_persons USING (sequence)'],
    may: roles,
  },
  {
    act: 'read which models and migrations there are',
    sql: ['SELECT FROM models, schema_migrations'],
    may: roles,
  },
  { act: 'follow changes', sql: ['LISTEN visor_changes', 'SELECT ids FROM changes'], may: roles },
  { act: 'begin a write', sql: ["SELECT write_for('own')"], may: roles },
  {
    act: 'leave an unknown face',
    sql: [
      "SELECT write_for('own')",
      "INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, created_at) VALUES ('10000009-0000-7000-8000-000000000001', 'own', 'all', repeat('9', 64), '/c.jpg', 'jpeg', 9, 9, 1)",
      `INSERT INTO faces SELECT (json_populate_record(f, '{"id":"10000009-0000-7000-8000-000000000002","photo_id":"10000009-0000-7000-8000-000000000001"}')).* FROM faces f WHERE person_id IS NULL`,
      "INSERT INTO models (id, created_at) VALUES ('another', 1) ON CONFLICT DO NOTHING",
      "INSERT INTO embeddings (face_id, model_id, client_id, vector) SELECT '10000009-0000-7000-8000-000000000002', 'another', 'own', vector FROM embeddings LIMIT 1",
      "INSERT INTO crops (face_id, jpeg) VALUES ('10000009-0000-7000-8000-000000000002', 'x')",
      "INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at) SELECT id, face_id, client_id, model_id, 1 FROM embeddings WHERE model_id = 'another'",
      "INSERT INTO suggestion_marks (client_id, model_id, updated_at, person_id) VALUES ('own', 'another', 1, '00000000-0000-0000-0000-000000000000')",
      "UPDATE photos SET path = '/d.jpg' WHERE id = '10000009-0000-7000-8000-000000000001'",
    ],
    may: roles,
  },
  {
    act: 'leave a face of a person',
    sql: [
      `INSERT INTO faces SELECT (json_populate_record(f, '{"id":"10000009-0000-7000-8000-000000000003"}')).* FROM faces f WHERE person_id IS NOT NULL`,
    ],
    may: ['visor_curator', 'visor_admin'],
  },
  {
    act: 'give a person’s face another embedding',
    sql: [
      "INSERT INTO models (id, created_at) VALUES ('another', 1)",
      `INSERT INTO embeddings (face_id, model_id, client_id, vector)
       SELECT face_id, 'another', faces.client_id, vector FROM embeddings JOIN faces ON faces.id = face_id
       WHERE faces.person_id IS NOT NULL`,
    ],
    may: ['visor_curator', 'visor_admin'],
  },
  {
    act: 'give a person’s face a picture',
    sql: [
      "INSERT INTO crops (face_id, client_id, jpeg) SELECT id, client_id, 'y' FROM faces WHERE person_id IS NOT NULL ON CONFLICT DO NOTHING",
    ],
    may: ['visor_curator', 'visor_admin'],
  },
  {
    act: 'enrol',
    sql: [
      "INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at) VALUES ('10000009-0000-7000-8000-000000000009', 'own', 'all', 'x', 'x', 1, 1)",
    ],
    may: ['visor_curator', 'visor_admin'],
  },
  ...[
    "UPDATE persons SET name = 'x' WHERE name = 'one'",
    'UPDATE faces SET person_id = NULL',
    'UPDATE photos SET repeats_people = true',
    'UPDATE unknown_faces SET group_id = 102, ignored = true',
    'UPDATE enrolment_reviews SET settled_by = (SELECT id FROM ledger)',
    "UPDATE findings SET state = 'dismissed'",
    'DELETE FROM rejections',
    'DELETE FROM told_apart',
    'DELETE FROM suggestions',
    'DELETE FROM people_apart',
    'DELETE FROM person_tags',
    'DELETE FROM enrolment_reviews',
    'DELETE FROM unknown_faces',
    'DELETE FROM faces WHERE person_id IS NULL',
    'DELETE FROM photos',
    "DELETE FROM persons WHERE name = 'two'",
    "INSERT INTO domains (client_id, name, sample, created_at) VALUES ('own', 'another', false, 1)",
    "INSERT INTO name_keys (person_id, client_id, key) SELECT id, client_id, 'x' FROM persons WHERE name = 'two'",
    "INSERT INTO health_progress (one, rules, looked, seen_sequence, seen_person) VALUES (1, '', 0, 0, gen_random_uuid())",
    'UPDATE ledger SET undone_by = id',
    'UPDATE ledger SET closed_by = id',
    'SELECT next_sequence()',
  ].map((sql) => ({ act: sql, sql: [sql], may: ['visor_curator', 'visor_admin'] as const })),
  {
    act: 'append to the ledger',
    sql: [
      `INSERT INTO ledger SELECT (json_populate_record(l, json_build_object('sequence', next_sequence(), 'id', gen_random_uuid()))).* FROM ledger l`,
    ],
    may: ['visor_curator', 'visor_admin'],
  },
  {
    act: 'say that something was erased',
    sql: [
      `INSERT INTO ledger SELECT (json_populate_record(l, json_build_object('sequence', next_sequence(), 'id', gen_random_uuid(), 'action', 'erase'))).* FROM ledger l`,
    ],
    may: ['visor_admin'],
  },
  ...[
    "UPDATE ledger SET salt = NULL, summary = '', reason = NULL, details = 'null', closed_by = id",
    "INSERT INTO erasures (ledger_id, of_client, report, stage) VALUES (gen_random_uuid(), 'own', '{}', 'scrub-due')",
    "UPDATE erasures SET stage = 'report-due'",
    'DELETE FROM ledger_persons',
    "DELETE FROM clients WHERE id = 'nobody'",
    'DELETE FROM changes',
    'SELECT role_name FROM members',
    "INSERT INTO members (role_name, client_id) VALUES (session_user, '*')",
    'DELETE FROM members',
    'CREATE INDEX ON persons (name)',
    'DROP INDEX persons_folded',
    'CREATE TABLE more (x integer)',
    'ALTER TABLE persons ADD COLUMN more text',
    'ALTER TABLE persons DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE ledger DISABLE TRIGGER ledger_stays',
    'DROP POLICY by_client ON persons',
    "CREATE FUNCTION more() RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
    'DELETE FROM schema_migrations',
    'UPDATE models SET created_at = 0',
    "SELECT setval('ledger_sequence', 1)",
    "SELECT record_change('own', 'person', '{}')",
    "SELECT bind_to_clients('models', 'id')",
  ].map((sql) => ({ act: sql, sql: [sql], may: ['visor_admin'] as const })),
  ...[
    'CREATE ROLE more',
    'SET ROLE postgres',
    'SET SESSION AUTHORIZATION postgres',
    `GRANT visor_admin TO CURRENT_USER`,
    "SELECT write_for('other')",
    "SELECT write_for('another client')",
    'SET LOCAL row_security = off; SELECT FROM persons',
  ].map((sql) => ({ act: sql, sql: [sql], may: [] as const })),
]

describe.runIf(hasServer()).each(roles)('%s', (role) => {
  it.each(acts.map((act) => ({ ...act, verb: act.may.some((one) => one === role) ? 'may' : 'may not' })))(
    '$verb: $act',
    async ({ verb, sql }) => {
      const outcome = tryOut(as.get(role)!, ...sql)
      if (verb === 'may') await expect(outcome).resolves.toBeDefined()
      else await expect(outcome).rejects.toMatchObject(refused)
    },
  )
})

describe.runIf(hasServer())('the members', () => {
  it('are listed and changed by admins alone', async () => {
    const admin = as.get('visor_admin')!
    const { name } = logins[0]!
    const bound = (client: string) => ({ role: name, client, exists: true, may: ['visor_analyst'] })
    const theirs = async () => (await listMembers(admin)).filter(({ role }) => role === name)
    expect(await theirs()).toEqual([bound('own')])
    expect(await addMember(admin, name, everyClient)).toBe(true)
    expect(await addMember(admin, name, everyClient)).toBe(false)
    expect(await theirs()).toEqual([bound('*'), bound('own')])
    expect(await removeMember(admin, name, everyClient)).toBe(true)
    expect(await removeMember(admin, name, everyClient)).toBe(false)
    expect(await theirs()).toEqual([bound('own')])
    await expect(addMember(admin, 'nobody of this name', everyClient)).rejects.toMatchObject({
      code: 'not-found',
    })
    const curator = as.get('visor_curator')!
    await expect(listMembers(curator)).rejects.toMatchObject({ code: 'rights-missing' })
    await expect(addMember(curator, name, everyClient)).rejects.toMatchObject({ code: 'rights-missing' })
    await expect(removeMember(curator, name, everyClient)).rejects.toMatchObject({ code: 'rights-missing' })
  })

  it('whose login is gone are listed as such', async () => {
    await superuser.query("INSERT INTO members VALUES ('visor_test_gone', 'own')")
    const found = (await listMembers(as.get('visor_admin')!)).find(({ role }) => role === 'visor_test_gone')
    expect(found).toEqual({ role: 'visor_test_gone', client: 'own', exists: false, may: [] })
    await superuser.query("DELETE FROM members WHERE role_name = 'visor_test_gone'")
  })
})

describe.runIf(hasServer())('a trick', () => {
  it('with the setting of the writing client gives a row to nobody else', async () => {
    const insert = `INSERT INTO people_apart (person_id, other_id, created_at)
      VALUES ('20000001-0000-7000-8000-000000000001', '20000001-0000-7000-8000-000000000002', 1)`
    const setting = "SELECT set_config('visor.client', 'other', true)"
    await expect(tryOut(as.get('visor_curator')!, setting, insert)).rejects.toMatchObject(refused)
  })

  it('with tables of the same name, first on the path, deceives nobody', async () => {
    const curator = as.get('visor_curator')!
    const { rows } = await tryOut(
      curator,
      'CREATE TEMP TABLE members (role_name text, client_id text)',
      "INSERT INTO pg_temp.members VALUES (session_user, '*')",
      'CREATE TEMP TABLE changes (LIKE visor.changes)',
      'CREATE TEMP TABLE clients (LIKE visor.clients)',
      'SET LOCAL search_path = pg_temp, visor, public',
      "UPDATE visor.persons SET name = 'x' WHERE name = 'one'",
      `SELECT (SELECT count(*) FROM visor.clients)::int AS clients, (SELECT count(*) FROM pg_temp.changes)::int AS strayed,
         (SELECT kind FROM visor.changes ORDER BY revision DESC, part DESC LIMIT 1) AS last`,
    )
    expect(rows).toEqual([{ clients: 1, strayed: 0, last: 'person' }])
  })

  it('with a condition that tells what it is given is given no row of others', async () => {
    await superuser.query('CREATE SCHEMA leak; GRANT ALL ON SCHEMA leak TO PUBLIC')
    const curator = await login(['visor_curator'], ['own'])
    const told: string[] = []
    curator.on('notice', ({ message }) => told.push(message ?? ''))
    await curator.query(`CREATE FUNCTION leak.tells(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001
      AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'`)
    await curator.query('SELECT FROM persons WHERE leak.tells(client_id)')
    expect(new Set(told)).toEqual(new Set(['own']))
    await superuser.query('DROP SCHEMA leak CASCADE')
  })

  it('with a listener tells no client’s name', async () => {
    const listener = await login(['visor_analyst'], [])
    const heard: string[] = []
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await listener.query('LISTEN visor_changes')
    await superuser.query("UPDATE persons SET updated_at = 2 WHERE client_id = 'other' AND name = 'one'")
    await expect.poll(() => heard).toEqual([''])
  })

  it('finds no function that runs as its owner on the path of whoever asks', async () => {
    const { rows } = await superuser.query<{
      name: string
      definer: boolean
      config: string[] | null
      open: boolean
    }>(
      `SELECT proname AS name, prosecdef AS definer, proconfig AS config,
         has_function_privilege('visor_analyst', oid, 'EXECUTE') AS open
       FROM pg_proc WHERE pronamespace = 'visor'::regnamespace AND (prosecdef OR prorettype = 'trigger'::regtype) ORDER BY proname`,
    )
    const fixed = 'search_path=pg_catalog, visor, pg_temp'
    // Settings that a function has beside its path.
    const further: Readonly<Record<string, readonly string[]>> = {
      keep_statistics: ['default_statistics_target=10'],
    }
    const settings = Object.fromEntries(rows.map(({ name, config }) => [name, config]))
    const expected = Object.fromEntries(rows.map(({ name }) => [name, [fixed, ...(further[name] ?? [])]]))
    expect(settings).toEqual(expected)
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(further)))
    // Triggers cannot be called. What else is here tells of, and writes for, the clients of the login alone.
    const callable = rows.filter(({ definer, open }) => definer && open).map(({ name }) => name)
    const triggers = await superuser.query<{ name: string }>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'visor'::regnamespace AND prorettype = 'trigger'::regtype`,
    )
    const isTrigger = new Set(triggers.rows.map(({ name }) => name))
    expect(callable.filter((name) => !isTrigger.has(name))).toEqual([
      'forget_acts',
      'has_every_client',
      'keep_statistics',
      'my_clients',
      'write_for',
    ])
  })

  it('finds everything owned by the admins', async () => {
    const { rows } = await superuser.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'visor'::regnamespace AND relowner <> 'visor_admin'::regrole
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'visor'::regnamespace AND proowner <> 'visor_admin'::regrole`,
    )
    expect(rows).toEqual([])
  })
})

describe.runIf(hasServer())('a client that is not there yet', () => {
  it('is made by a curator of it, not by an analyst', async () => {
    const made = `SELECT write_for('new') IS NOT NULL AS made`
    const curator = await login(['visor_curator'], ['new'])
    expect((await tryOut(curator, made)).rows).toEqual([{ made: true }])
    const analyst = await login(['visor_analyst'], ['new'])
    expect((await tryOut(analyst, made)).rows).toEqual([{ made: false }])
  })
})

it.runIf(hasServer())('a user who may not make the roles is told what a superuser runs first', async () => {
  const server = await privateServer()
  try {
    const bare = await testDatabase({ server, extension: true })
    const user = 'plain_user'
    const asPlain = new URL(bare.url)
    asPlain.username = user
    await server.asSuperuser(async (client) => {
      await client.query(`CREATE ROLE ${user} LOGIN PASSWORD '${server.password}'`)
      await client.query(`ALTER DATABASE ${bare.database} OWNER TO ${user}`)
    })
    const migrate = async () => {
      const { connection, password } = serverAt(asPlain.href)
      const schema = await PostgresSchema.connect(await resolveServer(connection, password))
      try {
        await migrateUp(schema, {})
      } finally {
        await schema.close()
      }
    }
    const failure = await migrate().catch((error: unknown) => error)
    if (!(failure instanceof VisorError)) throw failure
    expect(failure.code).toBe('rights-missing')
    const first = `CREATE ROLE visor_analyst NOLOGIN; CREATE ROLE visor_curator NOLOGIN; CREATE ROLE visor_admin NOLOGIN; GRANT visor_admin TO ${user};`
    expect(failure.detail).toContain(first)
    await server.asSuperuser((client) => client.query(first))
    await migrate()
  } finally {
    await server.close()
  }
})

describe.runIf(hasServer())('a console', () => {
  const own = clientIdSchema.parse('own')
  const everywhere = domainSchema.parse('all')
  const modelId = modelIdSchema.parse('model')
  let built: BuiltStore
  beforeAll(async () => {
    built = await buildStore()
  })
  afterAll(() => built.remove())

  async function opened<T>(
    role: GroupRole,
    bound: readonly string[],
    work: (store: OpenStore) => Promise<T>,
  ): Promise<T> {
    const made = await makeLogin(database, [role], bound)
    logins.push(made)
    const store = await openServerStore({
      ...serverAt(made.url),
      builtFolder: built.folder,
      threads: 1,
      int8FromRows: Number.MAX_SAFE_INTEGER,
    })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  it('of an analyst searches, keeps unknown faces, and is refused the rest with a sentence', () =>
    opened('visor_analyst', ['own'], async ({ gallery, unknown, erasure }) => {
      expect(await gallery.rights()).toEqual({
        search: true,
        curate: false,
        erase: false,
        administer: false,
        clients: ['own'],
      })
      const face = madeFace(unitVector(randomNumbers(1)))
      const photo = madePhoto('kept')
      expect(
        await unknown.keep({ clientId: own, domain: everywhere, modelId }, [{ photo, faces: [face] }]),
      ).toBe(1)
      // The same photo again, found elsewhere since.
      const moved = { photo: { ...photo, path: '/elsewhere.jpg' }, faces: [face] }
      expect(await unknown.keep({ clientId: own, domain: everywhere, modelId }, [moved])).toBe(0)
      expect((await gallery.clients()).map(({ clientId }) => clientId)).toEqual(['own'])
      expect(await erasure.due()).toEqual([])
      await expect(gallery.ensureDomain(own, domainSchema.parse('new'))).rejects.toMatchObject({
        code: 'rights-missing',
        message: 'The role that Visor logs in with may not do this.',
      })
    }))

  it('of a curator or an admin knows what they may do, and for whom', async () => {
    const rights = { search: true, curate: true, erase: false, administer: false }
    const of = (role: GroupRole, bound: readonly string[]) =>
      opened(role, bound, ({ gallery }) => gallery.rights())
    expect(await of('visor_curator', ['own', 'other'])).toEqual({ ...rights, clients: ['other', 'own'] })
    expect(await of('visor_admin', ['*'])).toEqual({
      ...rights,
      erase: true,
      administer: true,
      clients: 'all',
    })
  })
})
