/** What the steps of an isolation check say of what they counted. */
import { expect, test } from 'vitest'
import { MemoryWatch } from '../../../../src-main/services/diagnostics/isolation/memory-watch'
import {
  crashesFinding,
  type StepOutcome,
  stepFinding,
} from '../../../../src-main/services/diagnostics/isolation/step-findings'
import { Times } from '../../../../src-main/services/diagnostics/isolation/times'
import { VisorError } from '../../../../src-shared/errors'

async function timed(count: number): Promise<Times> {
  const times = new Times()
  for (let index = 0; index < count; index += 1) await times.measure(async () => undefined)
  return times
}

async function outcome(part: Partial<StepOutcome> = {}): Promise<StepOutcome> {
  return {
    step: 'interleaved',
    done: 20,
    wanted: 20,
    crashes: 0,
    differing: 0,
    lost: 0,
    left: [],
    vision: await timed(20),
    stores: [{ name: 'this machine', times: await timed(40) }],
    ...part,
  }
}

test('in order: a sentence, the time of a photo, and what stands behind it', async () => {
  const finding = stepFinding(await outcome())
  expect(finding).toMatchObject({ state: 'pass', next: null })
  expect(finding.sentence).toContain('20 times')
  expect(finding.figure).toMatch(/ ms$/)
  expect(finding.table?.rows.map(([what, times]) => [what, times])).toEqual([
    ['photo embedded', '20'],
    ['search, this machine', '40'],
  ])
})

test('a step that did nothing has no time to show', async () => {
  const finding = stepFinding(await outcome({ done: 0, vision: undefined, stores: [] }))
  expect(finding).toMatchObject({ state: 'warn', figure: null, table: { rows: [] } })
  expect(finding.sentence).toBe('Its time was up after 0 of 20 rounds.')
})

test('a crash and another embedding fail it; what is left out or not found only warns', async () => {
  expect(stepFinding(await outcome({ crashes: 1 }))).toMatchObject({
    state: 'fail',
    sentence: 'The vision process died once; its photos were tried again.',
  })
  expect(stepFinding(await outcome({ differing: 2 }))).toMatchObject({
    state: 'fail',
    next: { text: expect.stringContaining('Choose CPU') },
  })
  expect(stepFinding(await outcome({ lost: 1 }))).toMatchObject({ state: 'warn' })
  const left = [{ name: 'server db', why: 'It is away.' }]
  expect(stepFinding(await outcome({ left }))).toMatchObject({
    state: 'warn',
    sentence: 'Left out: server db. It is away.',
  })
})

test('the worst decides, and says what to do', async () => {
  const left = [{ name: 'server db', why: 'It is away.' }]
  const finding = stepFinding(await outcome({ left, crashes: 3, done: 7 }))
  expect(finding).toMatchObject({ state: 'fail', next: { text: 'See Crashes, and the log.' } })
  for (const part of ['3 times', 'after 7 of 20', 'server db']) expect(finding.sentence).toContain(part)
})

test('deaths that nobody asked for fail, those that were asked for do not', () => {
  expect(crashesFinding({ crashes: 0, kills: 1, restarts: 1 })).toMatchObject({ state: 'pass', figure: '0' })
  expect(crashesFinding({ crashes: 2, kills: 1, restarts: 3 })).toMatchObject({
    state: 'fail',
    figure: '2',
    table: {
      rows: [
        ['crashes', '2'],
        ['killed on purpose', '1'],
        ['restarts', '3'],
      ],
    },
  })
})

test('memory: start, peak, end and growth; growth of what is kept is told', async () => {
  const megabytes = [300, 420, 310]
  const watch = new MemoryWatch(async () => megabytes.shift()! * 2 ** 20)
  expect(watch.finding().state).toBe('unchecked')
  for (let look = 0; look < 3; look += 1) await watch.look({ now: true })
  const finding = watch.finding()
  expect(finding).toMatchObject({ state: 'pass', figure: expect.stringMatching(/^\+10 MB and [+−]\d/) })
  expect(finding.table?.rows[0]).toEqual(['vision process', '300 MB', '420 MB', '310 MB', '+10 MB'])

  const growing = [300, 500]
  const grown = new MemoryWatch(async () => growing.shift()! * 2 ** 20)
  for (let look = 0; look < 2; look += 1) await grown.look({ now: true })
  expect(grown.finding()).toMatchObject({ state: 'warn', figure: expect.stringContaining('+200 MB') })
})

test('memory: a vision process that dies in that moment is looked at the next time', async () => {
  let dies = true
  const watch = new MemoryWatch(async () => {
    if (dies) throw new VisorError('vision-crashed', 'It died.')
    return 2 ** 20
  })
  await watch.look({ now: true })
  expect(watch.finding().state).toBe('unchecked')
  dies = false
  await watch.look({ now: true })
  expect(watch.finding().state).toBe('pass')
})
