/** What a domain does about findings: chosen, kept, applied; what it takes to go on all the same; and how each is said. */
import { expect, it } from 'vitest'
import { overriding } from '../../../../src-main/services/gate/overriding'
import {
  pileOf,
  policyOf,
  reasonsUnder,
  withAction,
  withRenamedPolicy,
} from '../../../../src-main/services/gate/policy'
import {
  defaultGatePolicy,
  type GateFinding,
  gateFindingSchema,
  gateKinds,
  overrideSchema,
} from '../../../../src-shared/gate'
import { kindTitles, sentenceOf } from '../../../../src-shared/gate-sentences'
import { clientIdSchema, domainSchema, faceIdSchema, personIdSchema } from '../../../../src-shared/ids'

const client = clientIdSchema.parse('default')
const [team, crew] = [domainSchema.parse('team'), domainSchema.parse('crew')]
const personId = personIdSchema.parse('00000000-0000-7000-8000-000000000001')
const faceId = faceIdSchema.parse('00000000-0000-7000-8000-000000000002')

const blurred: GateFinding = {
  kind: 'quality',
  part: 'sharpness',
  value: 0.08,
  minimum: 0.17,
  sizePx: 90,
  yawDegrees: 3,
}
const unclear: GateFinding = { kind: 'several-faces', faces: 4, choice: 'unclear' }
const largest: GateFinding = { kind: 'several-faces', faces: 4, choice: 'largest' }
const taken: GateFinding = { kind: 'same-photo', whose: 'own', personId, name: 'Ana' }
const ruledOut: GateFinding = { kind: 'ruled-out', name: 'Ana' }
const others: GateFinding[] = [
  {
    kind: 'near-another',
    personId,
    name: 'Bela',
    faceId,
    distance: 0.41,
    level: 'possible',
    limit: 0.55,
    ownDistance: 0.5,
  },
  { kind: 'far-from-own', name: 'Ana', nearest: 0.7, median: 0.8, limit: 0.575, photos: 5 },
  { kind: 'print-or-screen', likelihood: 0.12, limit: 0.5 },
  { kind: 'near-duplicate', name: 'Ana', distance: 0.03, bits: 2 },
]

it('holds the defaults where a domain chose nothing, and keeps nothing for a domain that is back at them', () => {
  expect(policyOf([], client, team)).toEqual(defaultGatePolicy)
  const strict = withAction([], client, team, 'quality', 'block')
  expect(policyOf(strict, client, team)).toEqual({ ...defaultGatePolicy, quality: 'block' })
  expect(policyOf(strict, client, crew)).toEqual(defaultGatePolicy)
  const both = withAction(strict, client, crew, 'quality', 'ignore')
  expect(both).toHaveLength(2)
  expect(withAction(both, client, team, 'quality', 'warn')).toEqual(both.slice(1))
})

it('goes with a domain to its new name, and stays with the old one for an undo', () => {
  const renamed = withRenamedPolicy(withAction([], client, team, 'quality', 'block'), client, team, crew)
  expect(policyOf(renamed, client, crew).quality).toBe('block')
  expect(policyOf(renamed, client, team).quality).toBe('block')
})

it('gives what is not ignored, blocks first', () => {
  const reasons = reasonsUnder(defaultGatePolicy, [blurred, largest, taken])
  expect(reasons.map(({ action, finding }) => [action, finding.kind])).toEqual([
    ['block', 'same-photo'],
    ['warn', 'quality'],
  ])
  expect(reasonsUnder({ ...defaultGatePolicy, quality: 'ignore' }, [blurred])).toEqual([])
})

it('asks whose face is meant even where further faces are ignored', () => {
  expect(reasonsUnder(defaultGatePolicy, [unclear])).toEqual([{ action: 'warn', finding: unclear }])
})

it('blocks a second face of a person in one photo whatever the policy says', () => {
  const loose = { ...defaultGatePolicy, 'same-photo': 'ignore' as const }
  expect(reasonsUnder(loose, [taken])).toEqual([{ action: 'block', finding: taken }])
  expect(reasonsUnder(loose, [{ ...taken, whose: 'another' }])).toEqual([])
})

it('sorts into fine, a look, refused; a pair that was ruled out is not offered again', () => {
  const pile = (...findings: GateFinding[]) => pileOf(reasonsUnder(defaultGatePolicy, findings))
  expect([pile(), pile(largest), pile(blurred), pile(unclear), pile(taken), pile(ruledOut)]).toEqual([
    'fine',
    'fine',
    'look',
    'look',
    'refused',
    'refused',
  ])
})

it('goes on without a word where nothing speaks against it, with one where it warns, never where it blocks', () => {
  const warns = reasonsUnder(defaultGatePolicy, [blurred, ruledOut])
  expect(overriding([], undefined)).toEqual({})
  expect(overriding(warns, undefined)).toBeUndefined()
  expect(overriding(warns, 'Only photo there is')).toEqual({
    reason: 'Only photo there is (in spite of: poor picture, was ruled out)',
  })
  expect(overriding(reasonsUnder(defaultGatePolicy, [blurred, taken]), 'No')).toBeUndefined()
})

it('names nobody in what is written down', () => {
  const reasons = reasonsUnder(defaultGatePolicy, [blurred, ruledOut, ...others])
  expect(overriding(reasons, 'Seen')!.reason).not.toMatch(/Ana|Bela/)
})

it.each(['', '   ', 'a\u0000b', 'x'.repeat(301)])('takes no empty or broken word of why: %j', (text) => {
  expect(overrideSchema.safeParse(text).success).toBe(false)
})

it('has a short sentence for every kind of finding', () => {
  const all = [blurred, unclear, taken, ruledOut, ...others]
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(gateKinds))
  for (const finding of all) {
    expect(gateFindingSchema.parse(finding)).toEqual(finding)
    expect(sentenceOf(finding)).toMatch(/^[A-Z].{10,130}\.$/u)
    expect(kindTitles[finding.kind]).toMatch(/^[A-Z]/)
  }
  expect(sentenceOf(others[0]!)).toBe(
    'Looks like Bela: distance 0.41, possible is within 0.55, nearer than the person’s own photos (0.50).',
  )
  expect(sentenceOf(unclear)).toBe('The photo has 4 faces, and which of them is meant cannot be told.')
})
