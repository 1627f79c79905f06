/** Faces that nobody is named for are kept by the running program where the settings say so, and by no other. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { domainSchema } from '../../src-shared/ids'
import { scope } from '../fixtures/made-unknown'
import { queueItems } from './asking'
import { newDataFolder, openVisor } from './visor-window'

const builtFolder = join(import.meta.dirname, '../../out/main')

/** Recognises the sample photos; gives how many faces nobody was named for, and how many of them are kept. */
async function recogniseSamples(keepUnknown: boolean): Promise<{ unknown: number; kept: number }> {
  const data = newDataFolder()
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ keepUnknown }))
  const visor = await openVisor({ data })
  await visor.page.getByRole('button', { name: 'Try the sample gallery' }).click()
  const done = async () => (await queueItems(visor.page)).filter(({ state }) => state === 'done')
  await expect.poll(async () => (await done()).length, { timeout: 60_000 }).toBe(6)
  const unknown = (await done()).reduce((sum, item) => sum + item.unknowns, 0)
  await visor.close()
  const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
  try {
    const ids = await store.unknown.ids({ ...scope, domain: domainSchema.parse('sample') }, 0)
    return { unknown, kept: ids.length }
  } finally {
    await store.close()
  }
}

it('keeps the strangers of the sample photos', async () => {
  const { unknown, kept } = await recogniseSamples(true)
  expect(unknown).toBeGreaterThan(5)
  expect(kept).toBeGreaterThan(unknown / 2)
  expect(kept).toBeLessThanOrEqual(unknown)
})

it('keeps nobody unless it was told to', async () => {
  const { unknown, kept } = await recogniseSamples(false)
  expect(unknown).toBeGreaterThan(5)
  expect(kept).toBe(0)
})
