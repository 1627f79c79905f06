/** What the pages of a move say first, and the one next step. */
import { expect, it } from 'vitest'
import {
  cutOverStanding,
  type MoveNow,
  validationStanding,
} from '../../../../../src-renderer/features/settings/moving/standing'
import {
  type GateCheck,
  gateVerdictSchema,
  type Pairing,
  pairingSchema,
} from '../../../../../src-shared/dual'
import type { ServerState } from '../../../../../src-shared/store-mode'

const pairing = (state: Pairing['state']) =>
  pairingSchema.parse({
    clientId: 'default',
    serverId: '0198c0de-0000-7000-8000-000000000001',
    place: 'db:5432/faces',
    state,
    since: '2026-11-20T14:32:00.000Z',
    revision: 7,
    asOf: '2026-11-20T14:00:00.000Z',
    domains: ['slovenia'],
  })
const server = (state: ServerState['state']): ServerState => ({
  place: 'db:5432/faces',
  state,
  since: state === 'gone' ? '2020-01-02T14:32:00.000Z' : null,
  waiting: 0,
  conflicts: 0,
  error: null,
})
const check = (
  criterion: GateCheck['criterion'],
  passed: boolean,
  figure: number | null,
  wanted: number,
) => ({
  criterion,
  passed,
  figure,
  wanted,
})
const verdict = (probes: number, open: readonly GateCheck[] = []) =>
  gateVerdictSchema.parse({
    passed: open.length === 0,
    since: '2026-11-20T14:32:00.000Z',
    checks: [check('probes', probes >= 100, probes, 100), ...open],
  })
const now = (part: Partial<MoveNow>): MoveNow => ({
  mode: 'local',
  pairings: [pairing('paired')],
  verdict: verdict(214),
  server: null,
  named: true,
  ...part,
})

it('sends to the connection, the copy, the comparison, one after the other', () => {
  const steps = [
    now({ pairings: [], named: false }),
    now({ pairings: [] }),
    now({ pairings: [pairing('copying')] }),
    now({}),
  ]
  expect(steps.map((one) => validationStanding(one).next)).toEqual(['name', 'copy', 'pair', 'compare'])
  expect(steps.map((one) => cutOverStanding(one).next)).toEqual(['name', 'copy', 'pair', 'validate'])
  expect(validationStanding(steps[2]!).sentence).toContain('default was not found equal on db:5432/faces')
})

it('says what was compared, and why the gate is not passed', () => {
  const dual = { mode: 'dual', server: server('up') } as const
  expect(
    validationStanding(now({ ...dual, verdict: verdict(0, [check('sameFirst', false, null, 0.99)]) })),
  ).toMatchObject({
    tone: 'wait',
    next: 'replay',
  })
  expect(validationStanding(now(dual))).toEqual({
    tone: 'good',
    sentence: '214 faces compared: the gate is passed.',
    next: 'cut-over',
  })
  const two = [check('sameFirst', false, 0.98765, 0.99), check('errors', false, 3, 0)]
  expect(validationStanding(now({ ...dual, verdict: verdict(214, two) }))).toEqual({
    tone: 'wait',
    sentence:
      '214 faces compared. The gate is not passed, for two reasons: the first person is the same in 98.76 % only; the server left 3 searches without an answer.',
    next: 'look',
  })
  const few = gateVerdictSchema.parse({ ...verdict(99), passed: false })
  expect(validationStanding(now({ ...dual, verdict: few })).sentence).toContain(
    'for one reason: 1 face more is to be compared.',
  )
  expect(validationStanding(now({ ...dual, verdict: few })).next).toBe('replay')
})

it('tells of a server that is gone, whatever the gate says', () => {
  const gone = { server: server('gone') } as const
  expect(validationStanding(now({ ...gone, mode: 'dual' }))).toMatchObject({ tone: 'bad', next: 'connect' })
  const lost = cutOverStanding(now({ ...gone, mode: 'server' }))
  expect(lost).toMatchObject({ tone: 'bad', next: 'roll-back' })
  expect(lost.sentence).toMatch(/^db:5432\/faces has not answered since .*14:32\./)
})

it('offers the cut-over when the gate is passed, and the way back afterwards', () => {
  const dual = now({ mode: 'dual', server: server('up') })
  expect(cutOverStanding(dual).next).toBe('cut-over')
  expect(cutOverStanding(now({ ...dual, verdict: verdict(2, [check('errors', false, 1, 0)]) })).next).toBe(
    'validate',
  )
  expect(cutOverStanding(now({ mode: 'server', server: server('up') })).next).toBe('roll-back')
  expect(cutOverStanding(now({ mode: 'server', server: server('up'), pairings: [] })).next).toBeNull()
})
