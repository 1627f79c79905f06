/** In a database where everybody may create beside pgvector, nothing that others make there is called by Visor. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveServer } from '../../../../src-main/storage/postgres/conninfo'
import { PostgresSchema } from '../../../../src-main/storage/postgres/postgres-schema'
import { migrateUp } from '../../../../src-main/storage/schema/migrate'
import { openServerStore, type ServerStore } from '../../../../src-main/storage/threads/server-store'
import { defaultIndexParameters } from '../../../../src-shared/search-index'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeFace, madePhoto, randomNumbers, unitVector } from '../../../contract/made-faces'
import { hasServer, serverAt, type TestDatabase, testDatabase } from '../../../postgres/databases'

/** For each pair of types for which PostgreSQL has no operator of its own, one that fits better than what it takes, and tells. */
const tricks = `
  DO $tricks$
  DECLARE
    types text[] := ARRAY['text', 'varchar', 'name', 'uuid', 'integer', 'bigint', 'float8', 'numeric', 'boolean', 'bytea'];
    made record;
  BEGIN
    FOR made IN SELECT * FROM unnest(types) AS one CROSS JOIN unnest(types) AS other LOOP
      EXECUTE format('CREATE FUNCTION public.trick(%s, %s) RETURNS boolean LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION ''tricked''; END $$', made.one, made.other);
    END LOOP;
    FOR made IN
      SELECT * FROM unnest(types) AS one CROSS JOIN unnest(types) AS other
      CROSS JOIN unnest(ARRAY['=', '<>', '<', '<=', '>', '>=', '+', '-', '||']) AS operator
      WHERE NOT EXISTS (
        SELECT FROM pg_operator WHERE oprname = operator AND oprleft = one::regtype AND oprright = other::regtype)
    LOOP
      EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.trick)',
        made.operator, made.one, made.other);
    END LOOP;
  END $tricks$`

describe.skipIf(!hasServer())('where everybody may create beside pgvector', () => {
  let built: BuiltStore
  let database: TestDatabase
  let store: ServerStore
  let superuser: pg.Client
  const random = randomNumbers(7)

  beforeAll(async () => {
    built = await buildStore()
    database = await testDatabase({ extension: true })
    superuser = new pg.Client(database.superuserUrl)
    await superuser.connect()
    // As in databases from before PostgreSQL 15.
    await superuser.query('GRANT CREATE ON SCHEMA public TO PUBLIC')
    await superuser.query(tricks)
    const { connection, password } = serverAt(database.url)
    const schema = await PostgresSchema.connect(await resolveServer(connection, password))
    await migrateUp(schema, {})
    await schema.close()
    store = await openServerStore({ connection, password, builtFolder: built.folder, threads: 1 })
  })
  afterAll(async () => {
    await store?.close()
    await superuser?.end()
    await database?.drop()
    built?.remove()
  })

  test('the tricks would be taken on a path that has that schema', async () => {
    await superuser.query('SET search_path = visor, public')
    await expect(superuser.query('SELECT 1::float8 >= 0')).rejects.toThrow('tricked')
    await superuser.query('RESET search_path')
  })

  test('the schema was made, and galleries are written and searched', async () => {
    const vector = unitVector(random)
    const assignment = {
      person: { name: 'Ana' },
      photo: madePhoto('Ana'),
      face: madeFace(vector),
      source: 'enrolled' as const,
    }
    const { gallery, index } = store
    const { ledgerId } = await gallery.assignFaces(client, slovenia, model, [assignment], context)
    const query = {
      clientId: client,
      domains: [slovenia],
      modelId: model,
      probes: [vector],
      topPersons: 3,
      topFaces: 3,
      withinDistance: 0.5,
    }
    for (const vectors of ['vector', 'halfvec'] as const) {
      expect((await gallery.search(query)).probes[0]?.persons.map(({ name }) => name)).toEqual(['Ana'])
      await index.rebuild({ ...defaultIndexParameters, modelId: model, vectors, memoryMiB: 64 })
    }
    await gallery.undo(ledgerId!, context)
    expect((await gallery.search(query)).probes[0]?.persons).toEqual([])
  })
})
