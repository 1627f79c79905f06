/** Queue items, people and faces for the tests of the window. */

import { type ItemId, itemIdSchema, type PersonId, personIdSchema } from '../../../src-shared/ids'
import { type QueueItem, type QueueProgress, queueItemSchema } from '../../../src-shared/queue'
import type { Candidate, RecognisedFace } from '../../../src-shared/recognition'
import { candidateSchema, recognisedFaceSchema } from '../../../src-shared/recognition'

const uuid = (kind: string, number: number) =>
  `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`

export const itemId = (number: number): ItemId => itemIdSchema.parse(uuid('1', number))
export const personId = (number: number): PersonId => personIdSchema.parse(uuid('2', number))

/** The photo at place `number`: recognised, without a face, unless `parts` say otherwise. */
export function item(number: number, parts: Partial<QueueItem> = {}): QueueItem {
  return queueItemSchema.parse({
    itemId: itemId(number),
    position: number,
    name: `photo-${number}.jpg`,
    path: `/photos/photo-${number}.jpg`,
    state: 'done',
    faces: 0,
    matches: 0,
    possibles: 0,
    unknowns: 0,
    people: [],
    revision: 0,
    ...parts,
  })
}

export const items = (count: number): QueueItem[] =>
  Array.from({ length: count }, (_, number) => item(number))

export function progress(parts: Partial<QueueProgress> = {}): QueueProgress {
  return { total: 0, waiting: 0, working: 0, done: 0, failed: 0, cancelled: 0, paused: false, ...parts }
}

export function candidate(number: number, parts: Partial<Candidate> = {}): Candidate {
  return candidateSchema.parse({
    personId: personId(number),
    name: `Person ${number}`,
    domain: 'slovenia',
    distance: 0.3,
    confidence: 70,
    occurrences: 1,
    weightedScore: 70,
    decision: 'match',
    referenceFaceId: uuid('3', number),
    samePhoto: false,
    rejected: false,
    ...parts,
  })
}

export function face(parts: Partial<RecognisedFace> = {}): RecognisedFace {
  const eye = { x: 10, y: 10 }
  return recognisedFaceSchema.parse({
    index: 0,
    box: { x: 0, y: 0, w: 100, h: 100 },
    landmarks: [eye, eye, eye, eye, eye],
    score: 0.9,
    quality: {
      value: 0.5,
      size: 0.5,
      sharpness: 0.5,
      pose: 0.5,
      exposure: 0.5,
      sizePx: 100,
      yawDegrees: 0,
      rollDegrees: 0,
    },
    decision: 'unknown',
    confirmed: false,
    furtherCandidates: [],
    candidates: [],
    ...parts,
  })
}
