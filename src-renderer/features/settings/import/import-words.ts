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

/** The same of a face whose photo was looked for. */
export const unfoundWord: Record<RejectReason, string> = {
  ...reasonWord,
  'photo-missing': 'Photo not found',
  'no-face': 'Face not in the photo',
  unreadable: 'Photo cannot be read',
}

/** What can be done about faces that were not found, by why; others tell it by their sentence. */
export const unfoundRemedy: Partial<Record<RejectReason, string>> = {
  'photo-missing': 'Choose the folder that the photos are in now, and look again.',
  unreadable: 'Put a sound copy of the photo in its place, or in a folder, and look again.',
  'no-face':
    'The photo is another, was cropped, or shows the face too small. Choose a folder with the right one, or delete the face in Galleries.',
  'several-faces':
    'The source does not say which of the faces it is. Enrol the person from the photo by hand.',
  'other-person': 'Somebody decided so in Visor. See the face with that person in Galleries.',
  'person-twice': 'Two rows of the source are of one face. Delete the one that is too many in Galleries.',
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
