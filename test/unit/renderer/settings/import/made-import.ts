/** An import as the page holds it, at each of its steps. */
import { draftOf, readKey, withFound } from '../../../../../src-renderer/state/import-draft'
import type { ListedRun } from '../../../../../src-renderer/state/import-slice'
import { clientIdSchema, domainSchema, importRunIdSchema, jobIdSchema } from '../../../../../src-shared/ids'
import type { Inspection } from '../../../../../src-shared/import'
import { type ImportRun, validationSchema } from '../../../../../src-shared/import-run'

export const slovenia = domainSchema.parse('slovenia')
export const inspection: Inspection = {
  kind: 'deepface-pkl',
  layout: 'Pickle, protocol 4: a list of dictionaries',
  fingerprint: 'x',
  rows: 501,
  persons: 60,
  domains: [{ domain: null, persons: 60, rows: 501 }],
  models: [],
  columns: [],
  mapping: null,
  duplicateNames: [],
  problems: [],
  preview: [],
  notes: [],
}
export const draft = draftOf({ at: 'path', path: '/srv/legacy/ds_model_arcface_detector.pkl' })
export const inspected = withFound(draft, inspection, slovenia)
export const found = {
  key: readKey(draft),
  validation: validationSchema.parse({
    at: '2026-11-20T14:32:00.000Z',
    passed: true,
    rows: { read: 501, equal: 480, kept: 0, rejected: 21, missing: 0, different: 0 },
    differences: [],
    domains: [],
    persons: [],
    searches: { asked: 20, agreed: 20, differences: [] },
  }),
}
export const tried = { read: 501, imported: 480, alreadyThere: 0, rejected: 21, reasons: [], rejects: [] }
export const run: ImportRun = {
  runId: importRunIdSchema.parse('01890000-0000-7000-8000-000000000001'),
  clientId: clientIdSchema.parse('default'),
  kind: 'deepface-pkl',
  source: draft.place,
  fingerprint: 'x',
  options: draft.options,
  state: 'done',
  total: 501,
  position: 501,
  read: 501,
  imported: 480,
  alreadyThere: 0,
  rejected: 21,
  actor: 'tester',
  startedAt: '2026-11-20T14:32:00.000Z',
  changedAt: '2026-11-20T14:33:00.000Z',
}
export const listed: ListedRun = { run, jobId: jobIdSchema.parse('01890000-0000-7000-8000-000000000002') }
