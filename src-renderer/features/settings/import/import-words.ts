/** What imports are called: kinds of sources, reasons, states, fields. Pure. Renderer. */
import type {
  FaceField,
  ImportKind,
  PersonField,
  RejectReason,
  SourcePlace,
} from '../../../../src-shared/import'
import type { ImportOptions, ImportRun } from '../../../../src-shared/import-run'
import { placeOf } from '../../../../src-shared/server'
import { count } from '../../../wording'

export const kindWord: Record<ImportKind, string> = {
  'deepface-pkl': 'DeepFace pickle',
  'legacy-sqlite': 'SQLite of a legacy system',
  'legacy-postgres': 'PostgreSQL of a legacy system',
  folder: 'Folder of photos',
  visor: 'Another Visor',
}

/** Why a row was not taken, as lists and filters say it. */
export const reasonWord: Record<RejectReason, string> = {
  'no-person': 'Nobody named',
  'no-embedding': 'No embedding',
  'not-a-vector': 'Not a vector',
  'wrong-dimension': 'Wrong dimension',
  'not-finite': 'Not finite',
  'zero-length': 'Length zero',
  'invalid-text': 'Text cannot be read',
  'name-too-long': 'Name too long',
  duplicate: 'Duplicate of a row',
  'photo-missing': 'Photo missing',
  'no-face': 'No face in the photo',
  'several-faces': 'Several faces in the photo',
  'other-person': 'Somebody else by decision',
  'person-twice': 'Person twice in a photo',
  deleted: 'Deleted in Visor since',
  unreadable: 'Row is broken',
}

export const personFieldWord: Record<PersonField, string> = {
  id: 'number of the person',
  name: 'name',
  domain: 'domain',
  clientId: 'client',
  wikidataId: 'Wikidata id',
  occupation: 'occupation',
  description: 'description',
  createdAt: 'made at',
}

export const faceFieldWord: Record<FaceField, string> = {
  id: 'number of the face',
  personId: 'whose it is',
  embedding: 'embedding',
  photoPath: 'path of the photo',
  image: 'the photo itself',
  box: 'box of the face',
  confidence: 'confidence',
  model: 'model',
  createdAt: 'made at',
}

/** The state of a run in a list. */
export function runState({ state }: ImportRun, inWork: boolean): string {
  if (inWork) return 'goes on'
  switch (state) {
    case 'running':
      return 'was interrupted'
    case 'paused':
      return 'paused'
    case 'cancelled':
      return 'cancelled'
    case 'failed':
      return 'stopped by a fault'
    case 'done':
      return 'not compared yet'
    case 'validated':
      return 'compared, and the same'
    case 'undone':
      return 'taken back'
  }
}

/** Where a source is, whole. */
export function sourceText(source: SourcePlace | null): string {
  if (source === null) return 'A source that was forgotten'
  return source.at === 'path' ? source.path : placeOf(source.connection)
}

/** `23,661 read = 23,640 imported + 0 already there + 21 rejected` */
export function accountText({ read, imported, alreadyThere, rejected }: Account): string {
  return `${count(read)} read = ${count(imported)} imported + ${count(alreadyThere)} already there + ${count(rejected)} rejected`
}

/** What became of rows. `read` is the sum of the others. */
export type Account = Pick<ImportRun, 'read' | 'imported' | 'alreadyThere' | 'rejected'>

/** Where the rows of a run go. */
export function intoText({ domain, domains }: Pick<ImportOptions, 'domain' | 'domains'>): string {
  if (domains === undefined) return domain ?? 'each row into the domain it is of'
  return domains.map(({ from, to }) => (from === null || from === to ? to : `${from} → ${to}`)).join(', ')
}

/** Who a rule makes of a photo. */
export function ruleText({ personRule: rule }: Pick<ImportOptions, 'personRule'>): string {
  switch (rule.by) {
    case 'parent-folder':
      return rule.up === 1 ? 'the folder that the photo is in' : `the folder ${rule.up} above the photo`
    case 'file-name':
      return `the file’s name, ${rule.pattern}`
    case 'regex':
      return `the regular expression ${rule.pattern}, group ${rule.group}`
    case 'csv':
      return `the list ${rule.path}`
  }
}
