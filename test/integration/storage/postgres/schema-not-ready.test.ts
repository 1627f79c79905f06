/** What a server lacks before it can be migrated is said, with what mends it, and nothing is touched: on a real PostgreSQL. */
import { afterEach, describe, expect, it } from 'vitest'
import { checkSchema, postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import { migrateUp, schemaPlan, schemaStatus } from '../../../../src-main/storage/schema/migrate'
import { hasServer } from '../../../postgres/databases'
import { DatabaseToMigrate, errorOf, first } from './database-to-migrate'

let target: DatabaseToMigrate

describe.skipIf(!hasServer())('a server that is not ready', () => {
  afterEach(() => target.drop())

  it('without the extension: a superuser is asked for it, with the statement; then it goes on', async () => {
    target = await DatabaseToMigrate.make({ extension: false })
    const schema = await target.schemaOf()
    expect((await schemaPlan(schema)).preparation).toContain('CREATE EXTENSION vector SCHEMA public;')
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.code).toBe('rights-missing')
    expect(error.remedy).toContain('CREATE EXTENSION vector;')
    expect(error.remedy).toContain(target.database.database)
    expect(await target.schemaIsThere()).toBe(false)
    await target.client.query('CREATE EXTENSION vector')
    await migrateUp(schema, {})
    await checkSchema(target.client)
  })

  it('without the extension, as a superuser: it is created', async () => {
    target = await DatabaseToMigrate.make({ extension: false })
    await migrateUp(await target.schemaOf(postgresMigrations, target.database.superuserUrl), {})
    await checkSchema(target.client)
  })

  it('with an extension that is too old: said so, nothing touched', async () => {
    target = await DatabaseToMigrate.make({ extension: true })
    await target.client.query("UPDATE pg_extension SET extversion = '0.6.2' WHERE extname = 'vector'")
    const error = await errorOf(migrateUp(await target.schemaOf(), {}))
    expect(error).toMatchObject({ code: 'server-unfit' })
    expect(error.message).toContain('0.6.2')
    expect(await target.schemaIsThere()).toBe(false)
  })

  it('without the right to make a schema: the grant is named; with it, it goes on', async () => {
    target = await DatabaseToMigrate.make({ extension: true })
    const { name, url } = await target.guest()
    const schema = await target.schemaOf(first, url)
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.code).toBe('rights-missing')
    expect(error.remedy).toContain(`GRANT CREATE ON DATABASE ${target.database.database} TO ${name};`)
    expect(await target.schemaIsThere()).toBe(false)
    await target.client.query(`GRANT CREATE ON DATABASE ${target.database.database} TO ${name}`)
    await migrateUp(schema, {})
    expect(await target.things()).toEqual(['one'])
    await target.dismiss(name, schema)
  })

  it('whose schema is somebody else’s: refused, until one is a member', async () => {
    target = await DatabaseToMigrate.make({ extension: true })
    await migrateUp(await target.schemaOf(first), {})
    const { name, url } = await target.guest()
    const further = { ...first, '0020-second.sql': 'CREATE TABLE two ();' }
    await target.client.query(
      `GRANT USAGE ON SCHEMA visor TO ${name}; GRANT SELECT ON visor.schema_migrations TO ${name}`,
    )
    const schema = await target.schemaOf(further, url)
    expect((await schemaStatus(schema)).state).toBe('older')
    for (const work of [() => schemaPlan(schema), () => migrateUp(schema, {})]) {
      expect((await errorOf(work())).remedy).toContain(`GRANT ${target.database.user} TO ${name};`)
    }
    await target.client.query(`GRANT ${target.database.user} TO ${name}`)
    await migrateUp(schema, {})
    expect(await target.things()).toEqual(['one', 'two'])
    await target.dismiss(name, schema)
  })
})
