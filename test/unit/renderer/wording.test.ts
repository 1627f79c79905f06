/** How numbers, estimates and errors are put into words. */
import { expect, test } from 'vitest'
import {
  asOf,
  byteSize,
  count,
  counted,
  distanceText,
  durationText,
  errorText,
  itemOutcome,
  milliseconds,
  moment,
  remaining,
  until,
} from '../../../src-renderer/wording'
import { VisorError } from '../../../src-shared/errors'
import { item } from './queue-items'

test('numbers', () => {
  expect(count(1930)).toBe('1,930')
  expect(counted(1, 'person', 'people')).toBe('1 person')
  expect(counted(12, 'person', 'people')).toBe('12 people')
  expect(distanceText(0.456)).toBe('0.46')
  expect([0, 999, 1000, 13_456_789].map(byteSize)).toEqual(['0 B', '999 B', '1.0 kB', '13 MB'])
  expect([0.842, 12.36, 128.2, 1234].map(durationText)).toEqual(['0.84 ms', '12.4 ms', '128 ms', '1.2 s'])
  expect([41.3, 1234, 14_200].map(milliseconds)).toEqual(['41 ms', '1.2 s', '14 s'])
})

test('an estimate is no finer than it can be', () => {
  expect(remaining(3000)).toBe('a few seconds')
  expect(remaining(31_000)).toBe('about 40 s')
  expect(remaining(61_000)).toBe('about 2 min')
  expect(remaining(7_800_000)).toBe('about 2 h 10 min')
  expect(remaining(7_190_000)).toBe('about 2 h')
})

test('what came of a photo', () => {
  expect(itemOutcome(item(0, { faces: 4, matches: 1, possibles: 1, unknowns: 2 }))).toBe(
    '1 match, 1 possible, 2 unknown',
  )
  expect(itemOutcome(item(0))).toBe('No face found')
  expect(itemOutcome(item(0, { state: 'waiting' }))).toBe('Waiting')
  const error = { code: 'file-empty' as const, message: 'The file is empty.' }
  expect(itemOutcome(item(0, { state: 'failed', error }))).toBe('The file is empty.')
})

test('an error to copy has all that is known', () => {
  const error = new VisorError('disk-full', 'The disk is full.', {
    consequence: 'Nothing was written.',
    remedy: 'Free some space.',
    detail: 'ENOSPC',
  })
  expect(errorText(error)).toBe(
    'The disk is full.\nNothing was written.\nFree some space.\n\ncode: disk-full\n\nENOSPC',
  )
})

test('a moment is told by the day it is seen from', () => {
  const now = new Date(2026, 2, 10, 12, 0)
  const at = (day: number, hour: number) => new Date(2026, 2, day, hour, 5).toISOString()
  expect(moment(at(10, 9), now)).toBe('today 09:05')
  expect(moment(at(9, 23), now)).toBe('yesterday 23:05')
  expect(moment(at(1, 8), now)).toBe('1 Mar 2026 08:05')
  expect(asOf(at(10, 9), now)).toBe('09:05')
  expect(asOf(at(9, 23), now)).toBe('yesterday 23:05')
})

test('what goes for good says when', () => {
  const now = new Date('2026-03-10T12:00:00Z')
  expect(until('2026-04-09T12:00:00Z', now)).toBe('in 30 days')
  expect(until('2026-03-11T11:00:00Z', now)).toBe('tomorrow')
  expect(until('2026-03-10T12:00:00Z', now)).toBe('today')
})
