/** A server whose disk is full: PostgreSQL itself cannot make a table longer. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PersonId } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { hasServer, privateServer } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { handOver } from '../../../postgres/program'
import type { PostgresServer } from '../../../postgres/server'
import { Console } from './console'

const diskBytes = 24 << 20
/** What edits may still take before it is full. */
const leftBytes = 64 << 10

/** A small disk of its own, in memory; none where this user may not mount one. Whoever made it removes it. */
function smallDisk(): { readonly folder: string; remove(): void } | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'visor-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    // A container may forbid it to root as well.
    rmSync(folder, { recursive: true })
    return undefined
  }
  let there = true
  const remove = () => {
    if (!there) return
    there = false
    execFileSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true })
  }
  process.once('exit', remove)
  return { folder, remove }
}

const disk = hasServer() ? smallDisk() : undefined
const title = 'a server whose disk is full'

describe.skipIf(disk === undefined)(
  disk === undefined ? `${title} (needs the right to mount one)` : title,
  () => {
    let built: BuiltStore
    let server: PostgresServer
    let database: MigratedDatabase
    let here: Console
    let folder: string
    beforeAll(async () => {
      built = await buildStore()
      server = await privateServer()
      database = await migratedDatabase({ server })
      folder = disk!.folder
      handOver(folder)
      chmodSync(folder, 0o700)
      await server.asSuperuser(async (superuser) => {
        await superuser.query(`CREATE TABLESPACE small LOCATION '${folder}'`)
        await superuser.query('ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE small')
      }, database.database)
      here = await Console.open(built.folder, database)
      await here.alone(() => here.enrol('Ana', 1))
    })
    // Of its own: it goes whatever becomes of the others.
    afterAll(() => disk!.remove())
    afterAll(async () => {
      await here.close()
      await server.close()
      built.remove()
    })

    const isFull = () => here.store.link.state === 'gone'

    test('the edit that does not fit is kept, the cache answers, and all is there once there is room', async () => {
      const filler = join(folder, 'filler')
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - leftBytes))
      const people: PersonId[] = []
      for (let seed = 2; !isFull() && seed < 200; seed++)
        people.push(await here.enrol(`Person ${seed}`, seed))

      expect(here.store.link).toMatchObject({
        why: {
          failure: { kind: 'disk-full', sqlState: '53100', outage: true },
          detail: expect.stringContaining('No space left on device'),
        },
      })
      expect((await here.search(1)).side).toEqual({ mode: 'cache', asOf: expect.any(Number) })
      expect(await here.store.gallery.person(people.at(-1)!)).toMatchObject({ faces: 1 })

      rmSync(filler)
      await here.until('up')
      expect(await here.store.outboxEntries()).toEqual([])
      const there = await here.store.gallery.personsById(people)
      expect(there.map(({ personId }) => personId).sort()).toEqual([...people].sort())
      expect((await here.search(1)).side).toEqual({ mode: 'server' })
    })
  },
)
