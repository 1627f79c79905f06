/** Either it is committed, or somebody gave it up: never both. */
import { expect, test } from 'vitest'
import { giveUp, newClaim, take } from '../../../src-main/storage/claim'

test('what was given up is never committed, however often it is tried', () => {
  const claim = newClaim()
  expect([giveUp(claim), take(claim), take(claim), giveUp(claim)]).toEqual([true, false, false, true])
})

test('what is being committed cannot be given up any more; a commit may be tried again', () => {
  const claim = newClaim()
  expect([take(claim), giveUp(claim), take(claim)]).toEqual([true, false, true])
})
