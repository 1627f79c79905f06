/** What is asked again, and what never: on real conflicts and a wire that is cut. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { poolFor, type ServerPool } from '../../../../src-main/storage/postgres/connect'
import { retrying } from '../../../../src-main/storage/postgres/retry'
import { hasServer, type TestDatabase, testDatabase } from '../../../postgres/databases'
import { untilItRuns } from '../../../postgres/running'
import { failureOf, targetOf } from './target'
import { startWire, type Wire } from './wire'

describe.skipIf(!hasServer())('asking again', () => {
  let database: TestDatabase
  let wire: Wire
  let pool: ServerPool

  beforeAll(async () => {
    database = await testDatabase({ extension: true })
    wire = await startWire(database.host, database.port)
    const { user, password, database: name } = database
    pool = poolFor(await targetOf(`postgresql://${user}:${password}@127.0.0.1:${wire.port}/${name}`))
    await pool.query('CREATE TABLE public.counters (id int PRIMARY KEY, count int NOT NULL)')
    await pool.query('INSERT INTO public.counters VALUES (1, 0)')
  })
  afterAll(async () => {
    await pool.end()
    await wire.close()
    await database.drop()
  })

  const count = async () =>
    (await pool.query<{ count: number }>('SELECT count FROM public.counters')).rows[0]?.count

  const addOne = async () => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE')
      const { rows } = await client.query<{ count: number }>('SELECT count FROM public.counters')
      await sleep(5)
      await client.query('UPDATE public.counters SET count = $1', [(rows[0]?.count ?? 0) + 1])
      await client.query('COMMIT')
      client.release()
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  it('lets those through that were in each other’s way, each once', async () => {
    await Promise.all(Array.from({ length: 3 }, () => retrying(addOne, { repeatable: false })))
    expect(await count()).toBe(3)
  })

  it('repeats a read on a wire that was cut, and no write whose end nobody saw', async () => {
    let asked = 0
    const read = retrying(
      async () => {
        asked += 1
        return (
          await pool.query<{ asked: number }>(`SELECT $1::int AS asked, pg_sleep($2) /* read */`, [
            asked,
            asked === 1 ? 5 : 0,
          ])
        ).rows[0]?.asked
      },
      { repeatable: true },
    )
    await untilItRuns(database.superuserUrl, '/* read */')
    wire.strike('reset')
    expect(await read).toBe(2)

    let written = 0
    const write = failureOf(
      retrying(
        () => {
          written += 1
          return pool.query('SELECT pg_sleep(5) /* write */')
        },
        { repeatable: false },
      ),
    )
    await untilItRuns(database.superuserUrl, '/* write */')
    wire.strike('reset')
    expect(await write).toMatchObject({ kind: 'unreachable', retry: 'unknown' })
    expect(written).toBe(1)
  })

  it('does not repeat what would fail again, and gives up in the end', async () => {
    let times = 0
    const failing = (statement: string) =>
      failureOf(
        retrying(
          () => {
            times += 1
            return pool.query(statement)
          },
          { repeatable: true },
        ),
      )
    expect(await failing('INSERT INTO public.counters VALUES (1, 0)')).toMatchObject({ kind: 'constraint' })
    expect(times).toBe(1)
    times = 0
    expect(await failing("DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$")).toMatchObject({
      kind: 'serialization',
    })
    expect(times).toBe(5)
  })

  it('stops when nobody waits any more', async () => {
    const signal = AbortSignal.timeout(1)
    await sleep(5)
    await expect(retrying(() => pool.query('SELECT 1'), { repeatable: true, signal })).rejects.toBe(
      signal.reason,
    )
  })
})
