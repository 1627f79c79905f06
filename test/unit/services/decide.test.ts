/** Decisions: levels, one person per photo, what people said before. */
import { describe, expect, it } from 'vitest'
import { decideFaces, type ProbeAnswer, weightedScoreOf } from '../../../src-main/services/decide'
import { recognitionJson } from '../../../src-main/services/recognition-json'
import type { KnownFace } from '../../../src-main/storage/gallery-records'
import type { PersonHit } from '../../../src-main/storage/search-records'
import {
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../src-shared/ids'
import {
  type Recognition,
  recognitionJsonSchema,
  type ThresholdsInForce,
} from '../../../src-shared/recognition'

const domain = domainSchema.parse('test')
const photo = sha256Schema.parse('a'.repeat(64))
const otherPhoto = sha256Schema.parse('b'.repeat(64))
const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const photoId = photoIdSchema.parse(idOf(40))
const [ada, bela, cleo] = [1, 2, 3].map((number) => personIdSchema.parse(idOf(number))) as [
  never,
  never,
  never,
]
const names = new Map<string, string>([
  [ada, 'Ada'],
  [bela, 'Bela'],
  [cleo, 'Cleo'],
])
const thresholds: ThresholdsInForce = {
  match: 0.4,
  possible: 0.6,
  matchSource: 'gallery-size',
  possibleSource: 'gallery-size',
  comparisons: 3,
}

function hit(personId: typeof ada, distance: number): PersonHit {
  const within = distance <= thresholds.possible
  return {
    personId,
    name: names.get(personId)!,
    domain,
    distance,
    nearestFaceId: faceIdSchema.parse(idOf(90)),
    nearestPhotoSha256: otherPhoto,
    occurrences: within ? 1 : 0,
    bestDistances: within ? [distance] : [],
  }
}

function probe(x: number, ...persons: PersonHit[]): ProbeAnswer {
  const point = { x, y: 10 }
  const quality = {
    value: 1,
    size: 1,
    sharpness: 1,
    pose: 1,
    exposure: 1,
    sizePx: 90,
    yawDegrees: 0,
    rollDegrees: 0,
  }
  return {
    face: {
      box: { x, y: 0, w: 100, h: 100 },
      landmarks: [point, point, point, point, point],
      score: 0.9,
      quality,
      embedding: new Float32Array(512) as never,
    },
    persons,
  }
}

describe('decideFaces', () => {
  it('names a match, asks at a possible, and names nobody beyond', () => {
    const faces = decideFaces(
      photo,
      [probe(0, hit(ada, 0.3)), probe(200, hit(bela, 0.5)), probe(400, hit(cleo, 0.7))],
      [],
      thresholds,
      5,
    )
    expect(faces.map(({ decision, person }) => [decision, person?.name])).toEqual([
      ['match', 'Ada'],
      ['possible', 'Bela'],
      ['unknown', undefined],
    ])
    expect(faces[2]!.candidates[0]).toMatchObject({ name: 'Cleo', decision: 'unknown' })
  })

  it('takes the thresholds themselves as within', () => {
    const faces = decideFaces(photo, [probe(0, hit(ada, 0.4)), probe(200, hit(bela, 0.6))], [], thresholds, 5)
    expect(faces.map(({ decision }) => decision)).toEqual(['match', 'possible'])
  })

  it('puts a person in a photo once: the nearer face has them, the other its next, and says so', () => {
    const faces = decideFaces(
      photo,
      [probe(0, hit(ada, 0.35), hit(bela, 0.55)), probe(200, hit(ada, 0.2)), probe(400, hit(ada, 0.39))],
      [],
      thresholds,
      5,
    )
    expect(faces.map(({ decision, person }) => [decision, person?.name])).toEqual([
      ['possible', 'Bela'],
      ['match', 'Ada'],
      ['unknown', undefined],
    ])
    expect(faces[0]!.conflict).toMatchObject({ name: 'Ada', takenByFace: 1 })
    expect(faces[2]!.conflict).toMatchObject({ name: 'Ada', takenByFace: 1 })
    expect(faces[1]!.conflict).toBeUndefined()
  })

  it('puts a person into a mirror or a collage as often as they look like it', () => {
    const known: KnownFace[] = [
      {
        faceId: faceIdSchema.parse(idOf(50)),
        photoId,
        box: { x: 0, y: 0, w: 100, h: 100 },
        person: { personId: ada, name: 'Ada', domain },
        source: 'confirmed',
        rejected: [],
        photoRepeats: true,
      },
    ]
    const probes = [probe(0, hit(ada, 0.1)), probe(200, hit(ada, 0.2)), probe(400, hit(bela, 0.3))]
    const faces = decideFaces(photo, probes, known, thresholds, 5)
    expect(faces.map(({ person, conflict }) => [person?.name, conflict])).toEqual([
      ['Ada', undefined],
      ['Ada', undefined],
      ['Bela', undefined],
    ])
  })

  it('keeps what people said: a confirmed face has its person, a rejected person is no answer', () => {
    const known: KnownFace[] = [
      {
        faceId: faceIdSchema.parse(idOf(50)),
        photoId,
        box: { x: 5, y: 5, w: 100, h: 100 },
        person: { personId: bela, name: 'Bela', domain },
        source: 'confirmed',
        rejected: [ada],
        photoRepeats: false,
      },
    ]
    const [confirmed, other] = decideFaces(
      photo,
      [probe(0, hit(ada, 0.1), hit(bela, 0.9)), probe(200, hit(bela, 0.2))],
      known,
      thresholds,
      1,
    )
    expect(confirmed).toMatchObject({ decision: 'match', confirmed: true, person: { name: 'Bela' } })
    expect(confirmed!.candidates.map(({ name, rejected }) => [name, rejected])).toEqual([
      ['Ada', true],
      ['Bela', false],
    ])
    expect(other).toMatchObject({ decision: 'unknown', conflict: { name: 'Bela', takenByFace: 0 } })
  })

  it('offers nobody again who was ruled out in one domain, whatever was said of the face in another', () => {
    const box = { x: 0, y: 0, w: 100, h: 100 }
    const known: KnownFace[] = [
      {
        faceId: faceIdSchema.parse(idOf(50)),
        photoId,
        box,
        source: 'manual',
        rejected: [ada],
        photoRepeats: false,
      },
      {
        faceId: faceIdSchema.parse(idOf(51)),
        photoId,
        box,
        source: 'manual',
        rejected: [cleo],
        photoRepeats: false,
      },
    ]
    const [face] = decideFaces(photo, [probe(0, hit(ada, 0.1), hit(cleo, 0.2))], known, thresholds, 5)
    expect(face).toMatchObject({ decision: 'unknown', confirmed: false })
    expect(face!.candidates.map(({ rejected }) => rejected)).toEqual([true, true])
  })

  it('leaves what was said of another face of the photo alone', () => {
    const known: KnownFace[] = [
      {
        faceId: faceIdSchema.parse(idOf(50)),
        photoId,
        box: { x: 60, y: 0, w: 100, h: 100 },
        source: 'confirmed',
        rejected: [ada],
        photoRepeats: false,
      },
    ]
    const [face] = decideFaces(photo, [probe(0, hit(ada, 0.1))], known, thresholds, 5)
    expect(face).toMatchObject({ decision: 'match', confirmed: false, person: { name: 'Ada' } })
  })
})

describe('recognitionJson', () => {
  it('keeps the shape that consumers read', () => {
    const faces = decideFaces(
      photo,
      [probe(0, hit(ada, 0.145), hit(bela, 0.5)), probe(200, hit(bela, 0.45), hit(ada, 0.58))],
      [],
      thresholds,
      5,
    )
    const stages = { read: 1, decode: 1, detect: 1, align: 1, embed: 1, total: 100, search: 20 }
    const recognition: Recognition = {
      sha256: photo,
      format: 'jpeg',
      width: 640,
      height: 480,
      faces,
      repeatsPeople: false,
      model: modelIdSchema.parse('pack/embedder'),
      domains: [domain],
      thresholds,
      topK: 5,
      mode: 'local',
      timings: stages,
    }
    const json = recognitionJsonSchema.parse(recognitionJson(recognition, 'a.jpg'))
    expect(json.recognized_persons).toEqual([
      { name: 'Ada', face_coordinates: { x: 0, y: 0, w: 100, h: 100 } },
    ])
    expect(json.all_detected_matches).toEqual([
      {
        person_name: 'Ada',
        metrics: { confidence_percentage: 85.5, occurrences: 1, min_distance: 0.145, weighted_score: 85.5 },
      },
      {
        person_name: 'Bela',
        metrics: { confidence_percentage: 55, occurrences: 1, min_distance: 0.45, weighted_score: 55 },
      },
    ])
    expect(json.best_match).toEqual({ person_name: 'Ada', distance: 0.145, confidence: 85.5 })
    expect(json.elapsed_time).toBe(0.12)
    expect(json.domain).toBe('test')
  })
})

describe('weightedScoreOf', () => {
  it('is the mean confidence of the best, and nothing for nobody', () => {
    expect(weightedScoreOf([0.1, 0.2, 0.3])).toBeCloseTo(80, 10)
    expect(weightedScoreOf([])).toBe(0)
  })
})
