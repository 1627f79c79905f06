/** What the window shows of an erasure. */
import { afterEach, expect, test, vi } from 'vitest'
import { createStore } from '../../../../src-renderer/state/store'
import type { ErasureReport } from '../../../../src-shared/erasure'
import { clientIdSchema, ledgerIdSchema, personIdSchema } from '../../../../src-shared/ids'
import { defaultSettings } from '../../../../src-shared/settings'

const id = '00000000-0000-7000-8000-000000000001'
const clientId = clientIdSchema.parse('default')
const target = { personIds: [personIdSchema.parse(id)] }
const report: ErasureReport = {
  format: 'visor-erasure-report',
  version: 1,
  subject: { kind: 'people', people: 1 },
  signedOff: { by: 'tester', at: '2026-11-20T08:00:00.000Z', why: 'case 17' },
  ledger: { entry: ledgerIdSchema.parse(id), sequence: 7, hash: 'ab'.repeat(32) },
  removed: [{ place: 'people', count: 1 }],
  cleared: { at: '2026-11-20T08:00:01.000Z', bytesBefore: 2, bytesAfter: 1 },
  notReached: [],
}

afterEach(() => vi.unstubAllGlobals())

test('a report that is here before the answer stays; without one the question is closed', async () => {
  const store = createStore(defaultSettings)
  const { askErasure, erase } = store.getState()
  let reports: readonly ErasureReport[] = [report]
  const request = {
    'erasure.reports': async () => ({ ok: true, value: reports }),
    'erasure.erase': async () => {
      await store.getState().showErasureReport()
      return { ok: true, value: null }
    },
  }
  vi.stubGlobal('window', { visor: { request } })
  const erasing = { clientId, target } as never
  askErasure(erasing)
  await erase({ clientId, target }, 'case 17')
  expect(store.getState()).toMatchObject({ overlay: 'erasure-report', erasureReport: report, erasing: null })
  reports = []
  askErasure(erasing)
  await erase({ clientId, target }, 'case 17')
  expect(store.getState()).toMatchObject({ overlay: null, erasing: null })
})
