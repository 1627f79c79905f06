/** Gallery health on a gallery with known faults: what is found of them, what else, and how the looking goes on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GalleryHealth, type HealthNews } from '../../../src-main/services/health/gallery-health'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import type { Finding, FindingKind } from '../../../src-shared/health'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { modelIdOf } from '../../../src-shared/model-pack'
import { defaultSettings } from '../../../src-shared/settings'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { pack } from '../../fixtures/made-unknown'
import { enrolPlantedGallery, type PlantedTruth, pairOf } from '../../fixtures/planted-gallery'

const clientId = clientIdSchema.parse('default')
const scope = {
  clientId,
  domain: domainSchema.parse('planted'),
  modelId: modelIdSchema.parse(modelIdOf(pack)),
}
const planted = { wrongOfOther: 25, wrongOfStranger: 25, doubles: 20, copies: 20 }

let built: BuiltStore
let folder: string
let store: LocalStore
let truth: PlantedTruth
beforeAll(async () => {
  built = await buildStore()
  folder = mkdtempSync(join(tmpdir(), 'visor-health-'))
  store = await openLocalStore({ folder, builtFolder: built.folder, threads: 2 })
  truth = await enrolPlantedGallery(store.gallery, scope, 400, planted, 12)
})
afterAll(async () => {
  await store.close()
  built.remove()
  rmSync(folder, { recursive: true })
})

function background(settings = { thresholds: defaultSettings.thresholds, healthPaused: false }) {
  const errors: unknown[] = []
  const looking = new GalleryHealth({
    health: store.health,
    gallery: store.gallery,
    pack: () => pack,
    settings: () => settings,
    onError: (error) => errors.push(error),
  })
  return { looking, errors, settings }
}

async function findings(kind: FindingKind): Promise<readonly Finding[]> {
  const query = { clientId, domain: null, kind, dismissed: false, offset: 0, limit: 500 }
  return (await store.health.findings(query)).findings
}

/** Resolves with the news that nothing is left, and all that changed until then. */
function finished(looking: GalleryHealth): Promise<HealthNews> {
  const changed = new Set<HealthNews['changed'][number]>()
  return new Promise((resolve) => {
    const remove = looking.news.add((news) => {
      for (const client of news.changed) changed.add(client)
      if (!news.state.finished) return
      remove()
      resolve({ ...news, changed: [...changed] })
    })
  })
}

/** Share of the planted that were found, and of the found that were planted. */
function score(found: readonly string[], plantedOnes: ReadonlySet<string>) {
  const right = found.filter((one) => plantedOnes.has(one)).length
  return { recall: right / plantedOnes.size, precision: right / Math.max(1, found.length) }
}

describe('a gallery with known faults', () => {
  test('is looked through in the background, and the faults are found and little else', async () => {
    const { looking, errors } = background()
    const end = finished(looking)
    looking.wake()
    const news = await end
    await looking.stop()
    expect(errors).toEqual([])
    expect(news.state).toMatchObject({ finished: true, paused: false, looked: news.state.persons })

    const outliers = (await findings('outlier')).flatMap(({ evidence }) =>
      evidence.kind === 'outlier' ? [evidence.faceId] : [],
    )
    const wrong = score(outliers, truth.wrongFaces)
    expect(wrong.recall).toBeGreaterThanOrEqual(0.95)
    expect(wrong.precision).toBeGreaterThanOrEqual(0.9)

    const alike = (await findings('look-alike')).map(({ person, other }) =>
      pairOf(person.personId, other!.personId),
    )
    const doubles = score(alike, truth.doubles)
    expect(doubles.recall).toBeGreaterThanOrEqual(0.9)
    expect(doubles.precision).toBe(1)

    const copies = (await findings('near-duplicate')).flatMap(({ evidence }) =>
      evidence.kind === 'near-duplicate' ? [evidence.otherFaceId] : [],
    )
    expect(score(copies, truth.copies)).toEqual({ recall: 1, precision: 1 })
    expect(await findings('twice-in-photo')).toEqual([])
    expect(await findings('same-name')).toEqual([])
  })

  test('a change is followed by itself, and what was put right is no finding', async () => {
    const { looking } = background()
    const [finding] = await findings('near-duplicate')
    if (finding?.evidence.kind !== 'near-duplicate') throw new Error('No copy was found.')
    const { otherFaceId } = finding.evidence
    await store.gallery.takeFaces([otherFaceId], { reject: false }, { actor: 'tester', summary: 'test' })
    const end = finished(looking)
    looking.wake()
    expect((await end).changed).toContain(clientId)
    await looking.stop()
    const left = (await findings('near-duplicate')).map(({ findingId }) => findingId)
    expect(left).not.toContain(finding.findingId)
    expect(left).toHaveLength(planted.copies - 1)
  })

  test('rests while it is paused, and goes on where it was', async () => {
    await store.health.lookAnew()
    const { looking, settings } = background({ thresholds: defaultSettings.thresholds, healthPaused: true })
    const told: HealthNews[] = []
    looking.news.add((news) => told.push(news))
    looking.wake()
    looking.pauseChanged()
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(told.map(({ state }) => state.paused)).toEqual([true])
    settings.healthPaused = false
    const end = finished(looking)
    looking.pauseChanged()
    const { state } = await end
    expect(state.looked).toBe(state.persons)
    await looking.stop()
    // Nothing is left for the next: it looks at nobody.
    const portion = await store.health.look({
      modelId: scope.modelId,
      verifyDistance: pack.thresholds.verify,
      matchDistances: [],
      persons: 8,
    })
    expect(portion).toMatchObject({ looked: 0, finished: true })
  })

  test('is left alone where it is stopped in the middle', async () => {
    await store.health.lookAnew()
    const { looking, errors } = background()
    const first = new Promise<void>((resolve) => {
      looking.news.add(({ state }) => {
        if (state.looked > 0) resolve()
      })
    })
    looking.wake()
    await first
    await looking.stop()
    expect(errors).toEqual([])
    expect(looking.state.finished).toBe(false)
    const { looking: next } = background()
    const { looked, persons } = await next.lookThrough(new AbortController().signal)
    expect(looked).toBe(persons)
  })
})
