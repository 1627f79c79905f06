/** The move to a server in words. */
import { describe, expect, it } from 'vitest'
import {
  causeText,
  figureText,
  goalText,
  hitNote,
  leftBehind,
  partText,
  stepText,
} from '../../../../../src-renderer/features/settings/moving/moving-words'
import { type DualHit, dualHitSchema, moveSchema } from '../../../../../src-shared/dual'

const hit = (name: string, distance: number): DualHit =>
  dualHitSchema.parse({
    personId: `00000000-0000-7000-8000-0000000000${name.length.toString(16).padStart(2, '0')}`,
    faceId: '00000000-0000-7000-8000-0000000000fa',
    name,
    distance,
  })
const [ana, bor, cene, dana, evelin, franci] = [
  hit('Ana', 0.1),
  hit('Bora', 0.2),
  hit('Cenek', 0.3),
  hit('Danica', 0.4),
  hit('Evelina', 0.5),
  hit('Francika', 0.25),
] as const

it('never rounds a part up to its goal', () => {
  expect([0.98999, 0.99, 1, 0.5, null].map(partText)).toEqual([
    '98.99 %',
    '99.00 %',
    '100.00 %',
    '50.00 %',
    '–',
  ])
})

it('says what was found of a criterion, and what is asked', () => {
  const check = (criterion: 'validated' | 'errors' | 'probes', figure: number | null) =>
    figureText({ criterion, figure, passed: false, wanted: 0 })
  expect([
    check('validated', null),
    check('validated', 0),
    check('validated', 2),
    check('probes', 1234),
  ]).toEqual(['nothing is copied', 'all', '2 clients not', '1,234'])
  expect(goalText({ criterion: 'errors', wanted: 0 })).toBe('none')
  expect(goalText({ criterion: 'sameFirst', wanted: 0.99 })).toBe('at least 99.00 %')
})

describe('a disagreement', () => {
  it('names whom one side lacks, and not whom they pushed out', () => {
    const local = [ana, bor, cene, dana, evelin]
    const server = [ana, bor, franci, cene, dana]
    expect(causeText({ cause: 'missing-rows', local, server })).toBe(
      'Francika: only the server has them, or the photo that is so near.',
    )
    expect(hitNote(franci, local, 'here')).toBe('not found here')
    expect(hitNote(evelin, server, 'on the server')).toBe('not among the first five on the server')
    expect(hitNote(ana, server, 'on the server')).toBeNull()
  })

  it('says how far apart the same person is', () => {
    expect(hitNote(ana, [hit('Ana', 0.22)], 'here')).toBe('nearer by 0.12')
    expect(hitNote(ana, [hit('Ana', 0.0999)], 'here')).toBe('farther by a hair')
    const nearer = { cause: 'missing-rows', local: [ana], server: [hit('Ana', 0.22)] } as const
    expect(causeText({ ...nearer, local: [ana], server: [hit('Ana', 0.22)] })).toContain('a nearer photo')
  })
})

it('tells the steps of the move from the ledger', () => {
  const step = (part: object) => stepText(moveSchema.parse(part))
  expect(step({ step: 'criteria', figures: { probes: 20, serverP95Ms: 250 } })).toBe(
    'The gate asks for: faces compared at least 20, server’s time for 95 of 100 searches under 250 ms',
  )
  const gate = { passed: false, since: '2026-11-20T14:32:00.000Z', checks: [] }
  expect(step({ step: 'cut-over', gate })).toBe('Cut over, though the gate was not passed')
  const left = moveSchema.parse({
    step: 'roll-back',
    figures: { notHere1: '3 unknown faces', decidedAfterMs: 12 },
  })
  expect(leftBehind(left)).toEqual(['3 unknown faces'])
})
