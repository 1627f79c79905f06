/** What an error says about itself beside Visor's own codes. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isDiskFull, systemCodeOf, VisorError } from '../../src-shared/errors'

function raised(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was raised.')
}

it('a system code is the one of Node or the system, never ours, never a number', () => {
  expect(systemCodeOf(raised(() => readFileSync('/no/such/file')))).toBe('ENOENT')
  expect(systemCodeOf(new VisorError('disk-full', 'The disk is full.'))).toBeUndefined()
  expect(systemCodeOf(new DOMException('', 'AbortError'))).toBeUndefined()
  expect(systemCodeOf({ code: 'ENOENT' })).toBeUndefined()
})

it.each(['ENOSPC', 'EDQUOT'])('%s is a full disk', (code) => {
  expect(isDiskFull(Object.assign(new Error(code), { code }))).toBe(true)
})

it('a folder that may not be written is no full disk', () => {
  expect(isDiskFull(Object.assign(new Error('EROFS'), { code: 'EROFS' }))).toBe(false)
})
