/** What happens to a run of an import when the ground gives way: a server's line, its disk, the disk here, the source. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Imports } from '../../../src-main/services/import/imports'
import type { OpenStore } from '../../../src-main/storage/open-store'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import { VisorError } from '../../../src-shared/errors'
import { FaultyLine } from '../../chaos/faulty-line'
import { client, slovenia } from '../../contract/curated-store'
import { randomNumbers, unitVector } from '../../contract/made-faces'
import { warmThreads } from '../../contract/warm-threads'
import { MadeSource, madeRow, noPhotos, plainOptions } from '../../fixtures/made-source'
import { hasServer, serverAt } from '../../postgres/databases'
import { migratedDatabase } from '../../postgres/migrated'

const threads = warmThreads()
const random = randomNumbers(21)
const rows = Array.from({ length: 1200 }, (_, index) =>
  madeRow(
    {
      name: `Person ${index % 130}`,
      photoPath: `/legacy/${index}.jpg`,
      embedding: index % 50 === 9 ? new Float32Array(512) : unitVector(random),
    },
    index,
  ),
)
const whole = { state: 'done', read: 1200, imported: 1176, alreadyThere: 0, rejected: 24, position: 1200 }

/** `before`: called before each portion of the second reading, which is the one that is brought. */
function importsInto(target: Pick<OpenStore, 'imports' | 'gallery'>, before: (from: number) => void) {
  return new Imports({
    target,
    openSource: async () => new MadeSource(rows, { kind: 'deepface-pkl', rowsInPortion: 100, before }),
    openGallery: () => Promise.reject(new Error('There is none.')),
    openLooker: noPhotos,
    actor: 'tester',
    // As many writes as portions, each of which may go wrong.
    mostRowsInWrite: 100,
  })
}
const wanted = {
  clientId: client,
  place: { at: 'path', path: '/legacy.pkl' },
  kind: 'deepface-pkl',
  options: { ...plainOptions, domain: slovenia },
} as const

/** The run is what it would have been, and what is there is what the source has. */
async function expectWhole(imports: Imports, runId: Awaited<ReturnType<Imports['begin']>>['runId']) {
  expect(await imports.resume(runId)).toMatchObject(whole)
  const { state, validation } = await imports.validate(runId)
  expect(state).toBe('validated')
  expect(validation?.rows).toMatchObject({ read: 1200, equal: 1176, rejected: 24, missing: 0, different: 0 })
}

test('a source that vanishes and comes back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-faults-'))
  const store = await openLocalStore({ folder, ...threads(), threads: 1 })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  let isThere = true
  const imports = importsInto(store, (from) => {
    if (from >= 700 && !isThere) throw new VisorError('file-missing', 'The source is not there any more.')
  })
  const { runId } = await imports.begin(wanted)
  isThere = false
  await expect(imports.resume(runId)).rejects.toMatchObject({ code: 'file-missing' })
  expect(await store.imports.run(runId)).toMatchObject({
    state: 'failed',
    position: 700,
    error: { code: 'file-missing' },
  })
  isThere = true
  await expectWhole(imports, runId)
})

describe.skipIf(!hasServer())('a server', () => {
  test('whose line is cut in the middle of a run, again and again', async () => {
    const database = await migratedDatabase()
    const line = await FaultyLine.to(database)
    const store = await openServerStore({ ...serverAt(line.through(database.url)), ...threads(), threads: 1 })
    onTestFinished(async () => {
      line.heal()
      await store.close()
      await line.close()
      await database.drop()
    })
    let cutAt = -1
    const imports = importsInto(store, (from) => {
      if (from === cutAt) line.cut()
    })
    const { runId } = await imports.begin(wanted)
    for (const at of [200, 500, 1100]) {
      cutAt = at
      await expect(imports.resume(runId)).rejects.toBeInstanceOf(VisorError)
      cutAt = -1
      line.heal()
      await store.renew()
    }
    await expectWhole(imports, runId)
  })

  test('that carries out a portion whose answer is lost', async () => {
    const database = await migratedDatabase()
    const line = await FaultyLine.to(database)
    const store = await openServerStore({ ...serverAt(line.through(database.url)), ...threads(), threads: 1 })
    onTestFinished(async () => {
      line.heal()
      await store.close()
      await line.close()
      await database.drop()
    })
    let mutedAt = 600
    const imports = importsInto(store, (from) => {
      if (from !== mutedAt) return
      mutedAt = -1
      line.muteAt('COMMIT')
    })
    const { runId } = await imports.begin(wanted)
    // Either the store asks the ledger and goes on, or the run ends there: in no case is the portion brought twice.
    const ended = await imports.resume(runId).catch((error: unknown) => error)
    line.heal()
    await store.renew()
    if (ended instanceof VisorError) await expectWhole(imports, runId)
    else expect(ended).toMatchObject(whole)
    expect(await store.imports.run(runId)).toMatchObject({ read: 1200, imported: 1176 })
    expect(await store.imports.entries(runId)).toHaveLength(12)
  })

  test('whose disk is full', async () => {
    const database = await migratedDatabase()
    const store = await openServerStore({ ...serverAt(database.url), ...threads(), threads: 1 })
    onTestFinished(async () => {
      await store.close()
      await database.drop()
    })
    await database.query(`
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (SELECT count(*) FROM visor.faces) > 500 THEN
          RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full';
        END IF;
        RETURN NULL;
      END $$`)
    await database.query(`
      CREATE TRIGGER full_disk AFTER INSERT ON visor.faces FOR EACH STATEMENT EXECUTE FUNCTION full_disk()`)
    const imports = importsInto(store, () => undefined)
    const { runId } = await imports.begin(wanted)
    await expect(imports.resume(runId)).rejects.toMatchObject({ code: 'disk-full' })
    expect(await store.imports.run(runId)).toMatchObject({ state: 'failed', error: { code: 'disk-full' } })
    await database.query('DROP TRIGGER full_disk ON visor.faces')
    await expectWhole(imports, runId)
  })
})

/** Whether this machine lets a test mount a small disk. */
function mayMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'visor-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', place], { stdio: 'pipe' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  } finally {
    rmSync(place, { recursive: true })
  }
}

test.skipIf(!mayMount())('a disk here that is full, and has room again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-full-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'none', folder])
  const store = await openLocalStore({ folder, ...threads(), threads: 1 })
  onTestFinished(async () => {
    await store.close()
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  const ballast = join(folder, 'ballast')
  const imports = importsInto(store, (from) => {
    if (from !== 300 || isFilled) return
    isFilled = true
    expect(() => {
      for (;;) appendFileSync(ballast, Buffer.alloc(64 * 1024))
    }).toThrow('ENOSPC')
  })
  let isFilled = false
  const { runId } = await imports.begin(wanted)
  await expect(imports.resume(runId)).rejects.toMatchObject({ code: 'disk-full' })
  rmSync(ballast)
  await expectWhole(imports, runId)
})
