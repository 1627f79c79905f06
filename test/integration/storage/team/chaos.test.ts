/** Whatever fails, and whenever: no acknowledged edit is lost, none is carried out twice, and both sides are equal at the end. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runChaos } from '../../../chaos/chaos'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { hasServer } from '../../../postgres/databases'

const rounds = Number(process.env.VISOR_CHAOS_ROUNDS ?? 6)
const seed = Number(process.env.VISOR_CHAOS_SEED ?? Date.now() >>> 0)

/** Of a long run, as it goes. */
const tell =
  process.env.VISOR_CHAOS_ROUNDS === undefined ? () => undefined : (fault: string) => console.info(fault)

let built: BuiltStore
beforeAll(async () => {
  built = await buildStore({ child: 'test/chaos/console-child.ts' })
})
afterAll(() => built.remove())

test.skipIf(!hasServer())(`${rounds} rounds of chaos`, { timeout: 240_000 + rounds * 20_000 }, async () => {
  console.info(`chaos: npm run chaos -- --rounds ${rounds} --seed ${seed}`)
  const outcome = await runChaos(built.folder, rounds, seed, tell)
  const { faults, acknowledged, waiting } = outcome
  console.info(
    `chaos: ${acknowledged.length} edits acknowledged, ${waiting.length} wait for a decision; ${faults.join(', ')}`,
  )
  expect(outcome.failures).toEqual([])
  expect(outcome.lost).toEqual([])
  expect(outcome.twice).toBe(0)
  expect(outcome.differences).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(0)
})
