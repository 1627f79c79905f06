/** Recognising analysed photos: whose model and thresholds count. The gallery is a stand-in that finds whoever it is asked for. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { recognise } from '../../../src-main/services/recognition'
import { recognitionJson } from '../../../src-main/services/recognition-json'
import type { KnownFace } from '../../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../../src-main/storage/gallery-store'
import type { StoredAnalysis } from '../../../src-main/storage/queue-store'
import type { AnswerSide, SearchQuery } from '../../../src-main/storage/search-records'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
} from '../../../src-shared/ids'
import { manifestSchema, modelIdOf } from '../../../src-shared/model-pack'
import { recognitionJsonSchema } from '../../../src-shared/recognition'
import { madeFace, madePhoto, madeSha256, randomNumbers, unitVector } from '../../contract/made-faces'

const { packs } = manifestSchema.parse(JSON.parse(readFileSync('models/manifest.json', 'utf8')))
const pack = packs[0]!
const domain = domainSchema.parse('team')
const request = {
  clientId: clientIdSchema.parse('default'),
  domains: [domain],
  topK: 5,
  domainThresholds: [],
  matchDistance: null,
  possibleDistance: null,
}
const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

function photo(name: string, model: string): StoredAnalysis {
  return {
    ...madePhoto(name),
    bytes: 1,
    modelId: modelIdSchema.parse(model),
    faces: [madeFace(unitVector(randomNumbers(1)))],
    timings: { read: 0, decode: 0, detect: 0, align: 0, embed: 0, total: 0 },
  }
}

function gallery(known: readonly KnownFace[] = [], side?: AnswerSide) {
  const searches: SearchQuery[] = []
  const store = {
    gallerySize: async () => ({ persons: 1, embeddings: 1, ...(side === undefined ? {} : { side }) }),
    knownFaces: async (_client, photos) => new Map(photos.map((sha256) => [sha256, known])),
    search: async (query) => {
      searches.push(query)
      const found = {
        personId: personIdSchema.parse(idOf(1)),
        name: 'Ada',
        domain,
        distance: 0.1,
        nearestFaceId: faceIdSchema.parse(idOf(2)),
        nearestPhotoSha256: madeSha256('other'),
        occurrences: 1,
        bestDistances: [0.1],
      }
      return {
        probes: query.probes.map(() => ({ persons: [found], faces: [] })),
        galleryPersons: 1,
        galleryEmbeddings: 1,
        method: 'float32' as const,
        elapsedMs: 0,
        ...(side === undefined ? {} : { side }),
      }
    },
  } satisfies Pick<GalleryStore, 'gallerySize' | 'knownFaces' | 'search'>
  return { store: store as unknown as GalleryStore, searches }
}

it("names nobody in a photo of another pack's model: its distances mean something else", async () => {
  const { store, searches } = gallery()
  const photos = [photo('old', 'other-pack/embedder@1'), photo('new', modelIdOf(pack))]
  const [old, now] = await recognise(store, pack, photos, request)
  expect(old!.faces.map(({ decision, candidates }) => [decision, candidates.length])).toEqual([
    ['unknown', 0],
  ])
  expect(now!.faces.map(({ decision }) => decision)).toEqual(['match'])
  expect(searches.map(({ modelId, probes }) => [modelId, probes.length])).toEqual([[modelIdOf(pack), 1]])
})

it('looks across domains only when asked, also for whom people confirmed', async () => {
  const face = madeFace(unitVector(randomNumbers(1)))
  const elsewhere = {
    personId: personIdSchema.parse(idOf(3)),
    name: 'Bela',
    domain: domainSchema.parse('other'),
  }
  const { store } = gallery([
    {
      faceId: faceIdSchema.parse(idOf(4)),
      photoId: photoIdSchema.parse(idOf(5)),
      box: face.box,
      person: elsewhere,
      source: 'confirmed',
      rejected: [],
      photoRepeats: false,
    },
  ])
  const [here] = await recognise(store, pack, [photo('a', modelIdOf(pack))], request)
  expect(here!.faces[0]).toMatchObject({ confirmed: false, person: { name: 'Ada' } })
  const [everywhere] = await recognise(store, pack, [photo('a', modelIdOf(pack))], {
    ...request,
    domains: 'all',
  })
  expect(everywhere!.faces[0]).toMatchObject({ confirmed: true, person: { name: 'Bela' } })
})

it('says which database answered, also for a photo without a face, and since when it may be behind', async () => {
  const side = { mode: 'cache', asOf: Date.UTC(2026, 10, 20, 14, 32) } as const
  const { store } = gallery([], side)
  const photos = [photo('a', modelIdOf(pack)), { ...photo('b', modelIdOf(pack)), faces: [] }]
  for (const recognition of await recognise(store, pack, photos, request)) {
    expect(recognitionJsonSchema.parse(recognitionJson(recognition))).toMatchObject({
      mode: 'cache',
      as_of: '2026-11-20T14:32:00.000Z',
    })
  }
  const [current] = await recognise(gallery([], { mode: 'cache' }).store, pack, photos, request)
  expect(recognitionJson(current!)).toMatchObject({ mode: 'cache' })
  expect(recognitionJson(current!)).not.toHaveProperty('as_of')
  const [local] = await recognise(gallery().store, pack, photos, request)
  expect(recognitionJson(local!).mode).toBe('local')
})
