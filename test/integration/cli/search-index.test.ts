/** `visor index`, on a server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import * as gallery from '../../../scripts/bench/server-gallery'
import { randomNumbers } from '../../contract/made-faces'
import { hasServer } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { visor, visorProcess } from './visor'

const data = mkdtempSync(join(tmpdir(), 'visor-index-command-'))
afterAll(() => rmSync(data, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

test('a data folder has none, and is told what to name', async () => {
  const { code, stderr } = await visorProcess(data, 'index', 'status')
  expect(code).toBe(2)
  expect(stderr).toContain('--postgres')
})

describe.skipIf(!hasServer())('a server', () => {
  let database: MigratedDatabase
  const { modelId } = gallery
  beforeAll(async () => {
    database = await migratedDatabase()
    await gallery.fillServerGallery(database.superuserUrl, {
      faces: 300,
      probes: 0,
      random: randomNumbers(7),
    })
  })
  afterAll(() => database.drop())
  const index = (...args: readonly string[]) => {
    vi.stubEnv('VISOR_POSTGRES_URL', database.url)
    return visor(data, 'index', ...args)
  }

  test('is looked at, built, and checked', async () => {
    expect(await index('status')).toMatchObject({
      code: 0,
      answers: [
        {
          indexes: [],
          models: [{ model_id: modelId, embeddings: 300, pays_off: false }],
          pays_from_rows: 15_000,
          may_build: true,
        },
      ],
    })
    const built = await index('rebuild', '--vectors', 'halfvec', '--m', '8', '--ef-construction', '32')
    expect(built).toMatchObject({
      code: 0,
      answers: [{ model_id: modelId, vectors: 'halfvec', m: 8, ef_construction: 32, rows: 300 }],
    })
    expect((await index('status')).answers[0]).toMatchObject({ indexes: built.answers })
    const recall = await index('recall', '--client', gallery.clientId, '--searches', '10')
    // So few are compared one by one.
    expect(recall).toMatchObject({
      code: 0,
      answers: [{ searches: 10, by_index: 0, same_top_person: { value: 1, high: expect.closeTo(1) } }],
    })
  })

  test('refuses what makes no index, and who has no faces', async () => {
    expect((await index('rebuild', '--m', '60')).code).toBe(2)
    expect((await index('recall', '--client', 'nobody')).code).toBe(2)
  })
})
