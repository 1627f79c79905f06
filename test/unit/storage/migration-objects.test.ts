/** What a database must have, read from the migrations that were applied: also triggers that a block makes table by table. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectedObjects } from '../../../src-main/storage/diagnostics/migration-objects'

const folder = join(import.meta.dirname, '../../../migrations/postgres')
const migrations = readdirSync(folder)
  .sort()
  .map((name) => ({ sql: readFileSync(join(folder, name), 'utf8') }))

it('knows the triggers that a loop makes, on each of its tables', () => {
  const [one, ...others] = expectedObjects([
    {
      sql: `CREATE TABLE a (id int);
        DO $$ DECLARE fed record; BEGIN
          FOR fed IN SELECT * FROM (VALUES
            ('a', 'kind', 'id'),
            ('b', 'kind', 'id')
          ) AS fed (of_table, kind, id_column) LOOP
            EXECUTE format('CREATE TRIGGER feed AFTER INSERT ON %I REFERENCING NEW TABLE AS changed', fed.of_table);
          END LOOP;
        END $$;
        DROP TRIGGER feed ON b;`.replaceAll(/^ {8}/gm, ''),
    },
  ]).triggers
  expect([one, others]).toEqual([{ name: 'feed', table: 'a' }, []])
})

it('expects those of the change feed', () => {
  const { triggers } = expectedObjects(migrations)
  const on = (table: string) => triggers.filter((trigger) => trigger.table === table).map(({ name }) => name)
  expect(on('persons')).toEqual(expect.arrayContaining(['feed_insert', 'feed_update', 'feed_delete']))
  expect(on('ledger')).toEqual(expect.arrayContaining(['feed_insert', 'feed_update', 'feed_delete']))
  expect(new Set(triggers.map(({ name, table }) => `${table} ${name}`)).size).toBe(triggers.length)
})
