/** What is to become of a source: its domains, its rule, its columns, and what main is asked for. */
import { expect, it, test } from 'vitest'
import { checkWords } from '../../../../../src-renderer/features/settings/import/check-words'
import {
  fieldOfColumn,
  mappingOf,
  withColumn,
} from '../../../../../src-renderer/features/settings/import/column-mapping'
import {
  partsOfPath,
  pathsForRule,
  ruleOfKind,
  withGroup,
} from '../../../../../src-renderer/features/settings/import/person-rules'
import {
  filteredRows,
  reasonsIn,
  rowByKey,
} from '../../../../../src-renderer/features/settings/import/reason-rows'
import {
  checkedNow,
  draftAgain,
  foundNow,
  inspectionOf,
  modelChoices,
  readKey,
  saysWhyFirst,
  triedKey,
  unusableEmbeddings,
  wantedOf,
  whatIsMissing,
  withFound,
} from '../../../../../src-renderer/state/import-draft'
import { modelIdSchema } from '../../../../../src-shared/ids'
import { personRuleSchema } from '../../../../../src-shared/import'
import type { RejectedRow } from '../../../../../src-shared/import-run'
import { requests } from '../../../../../src-shared/ipc'
import { draft, inspected, inspection, run, slovenia } from './made-import'

const { clientId } = run
const several = {
  ...inspection,
  domains: [
    { domain: 'si', persons: 10, rows: 100 },
    { domain: 'a\u0000b', persons: 1, rows: 1 },
    { domain: null, persons: 2, rows: 20 },
  ],
}

test('domains go into those of their names, the rest where searches look', () => {
  const { targets } = withFound(draft, several, slovenia)
  expect([...targets]).toEqual([
    ['si', 'si'],
    ['a\u0000b', ''],
    [null, 'slovenia'],
  ])
  expect(withFound(draft, several, null).targets.get(null)).toBe('')
})

test('what was chosen stays, and is what main is asked for', () => {
  const chosen = withFound({ ...draft, targets: new Map([['si', 'slovenia']]) }, several, null)
  const wanted = wantedOf(chosen, clientId)
  expect(wanted.options).toMatchObject({ domain: null, domains: [{ from: 'si', to: 'slovenia' }] })
  expect(requests['import.run'].input.safeParse(wanted).success).toBe(true)
  expect(whatIsMissing(chosen, several)).toBeUndefined()
  const none = { ...chosen, targets: new Map(several.domains.map(({ domain }) => [domain, ''])) }
  expect(whatIsMissing(none, several)).toContain('all of them are left out')
  const unfit = { ...chosen, targets: new Map([[null, '\u0007']]) }
  expect(whatIsMissing(unfit, inspection)).toContain('cannot be the name')
})

test('a password goes to main only where one was typed', () => {
  expect(wantedOf(inspected, clientId).password).toBeNull()
  expect(wantedOf({ ...inspected, password: 'secret' }, clientId).password).toBe('secret')
})

it('keeps what was found as long as the source is read alike', () => {
  expect(foundNow(inspected)).toBe(inspection)
  expect(foundNow({ ...inspected, options: { ...inspected.options, namesakes: 'one' } })).toBe(inspection)
  const other = { ...inspected.options, personRule: { by: 'file-name' as const, pattern: '{person}_*' } }
  expect(foundNow({ ...inspected, options: other })).toBeUndefined()
})

test('rejected rows are run again as their run was', () => {
  const domains = [{ from: null, to: slovenia }]
  const again = draftAgain({ ...run, options: { ...run.options, domains } })
  expect(again?.options.onlyRejectedOf).toBe(run.runId)
  expect(again?.targets.get(null)).toBe('slovenia')
  expect(draftAgain({ ...run, source: null })).toBeUndefined()
  const old = draftAgain({ ...run, options: { ...run.options, domain: slovenia } })
  expect(old && withFound(old, several, null).targets.get('si')).toBe('')
  expect(old && withFound(old, several, null).targets.get(null)).toBe('slovenia')
})

test('the model in use is offered where the source does not claim it', () => {
  const models = [
    { modelId: 'deepface/arcface', dimension: 512, rows: 1, norm: { least: 1, mean: 1, greatest: 1 } },
  ]
  expect(modelChoices({ models }, 'pack/arcface').map(({ why }) => why)).toEqual(['claimed', 'active'])
  expect(modelChoices({ models }, 'deepface/arcface').map(({ why }) => why)).toEqual(['claimed', 'unnamed'])
  expect(modelChoices({ models }, undefined)).toHaveLength(1)
})

test('whoever says the model in use against the photos has to say why, and main is told', () => {
  const modelId = modelIdSchema.parse('pack/arcface')
  const value = { modelId, compared: 20, medianCosine: 0.02, verdict: 'another' as const }
  const claimed = { ...inspected, options: { ...inspected.options, modelId } }
  const checked = { ...claimed, checked: { key: readKey(claimed), value } }
  expect([saysWhyFirst(undefined), saysWhyFirst(claimed), saysWhyFirst(checked)]).toEqual([
    false,
    false,
    true,
  ])
  expect(whatIsMissing(checked, inspection)).toContain('another model made them')
  // Of what the source says itself nobody has to say anything.
  expect(saysWhyFirst({ ...checked, options: inspected.options })).toBe(false)
  const same = { key: readKey(claimed), value: { ...value, medianCosine: 0.98, verdict: 'same' as const } }
  expect(saysWhyFirst({ ...checked, checked: same })).toBe(false)

  const said = { ...checked, modelReason: ' The photos were exchanged. ' }
  expect(whatIsMissing(said, inspection)).toBeUndefined()
  expect(wantedOf(said, clientId).options.modelReason).toBe('The photos were exchanged.')
  expect(wantedOf({ ...said, options: inspected.options }, clientId).options.modelReason).toBeUndefined()
  // Why it is so changes nothing of what would become of the rows.
  expect(triedKey(said)).toBe(triedKey(checked))
  const options = { ...run.options, modelId, modelReason: 'The photos were exchanged.' }
  const again = draftAgain({ ...run, options })
  expect([again?.modelReason, again?.options.modelReason]).toEqual(['The photos were exchanged.', undefined])
})

test('a check of the model counts as long as the source is read alike', () => {
  const modelId = modelIdSchema.parse('pack/arcface')
  const value = { modelId, compared: 0, medianCosine: null, verdict: 'unknown' as const }
  const checked = { ...inspected, checked: { key: readKey(inspected), value } }
  expect(checkedNow(checked)).toBe(value)
  expect(checkedNow({ ...checked, options: { ...checked.options, modelId } })).toBe(value)
  const other = { ...checked.options, personRule: { by: 'file-name' as const, pattern: '{person}_*' } }
  expect(checkedNow({ ...checked, options: other })).toBeUndefined()
})

test('embeddings that cannot be used are counted by what is wrong with them', () => {
  const norm = { least: 1, mean: 1, greatest: 1 }
  const models = [
    { modelId: 'deepface/arcface', dimension: 512, rows: 90, norm },
    { modelId: 'deepface/facenet', dimension: 128, rows: 7, norm },
    { modelId: null, dimension: 4096, rows: 2, norm },
  ]
  const example = { key: 'row 1', detail: 'Why.' }
  const problems = [
    { reason: 'no-person' as const, rows: 3, example },
    { reason: 'zero-length' as const, rows: 4, example },
    { reason: 'no-embedding' as const, rows: 5, example },
  ]
  expect(unusableEmbeddings({ models, problems }).map(({ reason, rows }) => [reason, rows])).toEqual([
    ['wrong-dimension', 9],
    ['zero-length', 4],
    ['no-embedding', 5],
  ])
  expect(unusableEmbeddings(inspection)).toEqual([])
})

test('what a check says, and what to do then', () => {
  const modelId = modelIdSchema.parse('pack/arcface')
  const of = { isActive: false, isChosen: false, folder: null }
  const check = { modelId, compared: 20, medianCosine: 0.981, verdict: 'same' as const }
  expect(checkWords(check, of)).toMatchObject({
    verdict: 'Same model.',
    figure: 'Median cosine 0.98 of 20 faces.',
    next: expect.stringContaining('Choose the model in use'),
  })
  const another = { ...check, compared: 1, medianCosine: -0.03, verdict: 'another' as const }
  expect(checkWords(another, of).figure).toBe('Median cosine −0.03 of 1 face.')
  expect(checkWords(another, of).next).toContain('Leave it as it is')
  expect(checkWords(another, { ...of, isActive: true, isChosen: true }).next).toContain('say below why')
  expect(checkWords(another, { ...of, isActive: true }).next).toContain('Choose another one above')
  const unknown = { ...check, compared: 0, medianCosine: null, verdict: 'unknown' as const }
  expect(checkWords(unknown, { ...of, folder: '/mnt/photos' }).figure).toContain('or in photos')
  expect(checkWords(unknown, { ...of, isActive: true }).next).toContain('believed')
})

test('every rule begins as one that main takes', () => {
  for (const by of ['parent-folder', 'file-name', 'regex']) {
    expect(personRuleSchema.safeParse(ruleOfKind(by)).success, by).toBe(true)
  }
  expect(ruleOfKind('csv')).toBeUndefined()
  const rule = { by: 'regex', pattern: '(a)', group: 1 } as const
  expect([withGroup(rule, '2'), withGroup(rule, 'who'), withGroup(rule, '2b')]).toMatchObject([
    { group: 2 },
    { group: 'who' },
    { group: 1 },
  ])
})

test('of a folder, rules are asked for what lies below it', () => {
  const preview = [{ key: 'a', photo: '/srv/g/Ana/1.jpg', person: null, domain: null, problem: null }]
  const paths = (kind: 'folder' | 'deepface-pkl') =>
    pathsForRule({ at: 'path', path: '/srv/g/' }, { kind, preview })
  expect(paths('folder')).toEqual(['Ana/1.jpg'])
  expect(paths('deepface-pkl')).toEqual(['/srv/g/Ana/1.jpg'])
})

test('the folders of a path are known by how far they are above the photo', () => {
  expect(partsOfPath('/srv/g/Ana/1.jpg')).toEqual({
    folders: [
      { name: 'srv', up: 3 },
      { name: 'g', up: 2 },
      { name: 'Ana', up: 1 },
    ],
    file: '1.jpg',
  })
  expect(partsOfPath('C:\\faces\\Ana\\1.jpg').folders.map(({ name }) => name)).toEqual(['C:', 'faces', 'Ana'])
  expect(partsOfPath('1.jpg').folders).toEqual([])
  expect(partsOfPath(`${'a/'.repeat(40)}1.jpg`).folders[0]).toEqual({ name: 'a', up: 32 })
})

test('a column holds one field, and a field is in one column', () => {
  const mapping = {
    persons: { table: 'persons', columns: { id: 'id', name: 'name' } },
    faces: { table: 'faces', columns: { embedding: 'vector' } },
  }
  const moved = withColumn(mapping, 'persons', 'title', 'name')
  expect(moved.persons.columns).toEqual({ id: 'id', name: 'title' })
  expect(fieldOfColumn(moved, 'persons', 'name')).toBeUndefined()
  expect(withColumn(moved, 'persons', 'title', '').persons.columns).toEqual({ id: 'id' })
  expect(withColumn(mapping, 'faces', 'vector', 'id').faces.columns).toEqual({ id: 'vector' })
})

test('tables and columns are typed where nobody could know them', () => {
  const typed = {
    persons: ' ljudje ',
    'persons.id': 'st',
    'persons.name': 'ime',
    'persons.domain': ' ',
    faces: 'obrazi',
    'faces.personId': 'oseba',
  }
  expect(mappingOf(typed)).toBeUndefined()
  expect(mappingOf({ ...typed, 'faces.embedding': 'v' })).toEqual({
    persons: { table: 'ljudje', columns: { id: 'st', name: 'ime' } },
    faces: { table: 'obrazi', columns: { personId: 'oseba', embedding: 'v' } },
  })
})

test('of another Visor all is copied, or one domain under its own name', () => {
  const gallery = { ...several, kind: 'visor' as const }
  const asked = { ...draft, kind: 'visor' as const }
  const looked = withFound(asked, gallery, slovenia)
  expect(wantedOf(looked, clientId)).toMatchObject({ kind: 'visor', options: { domain: null } })
  const one = { ...looked, options: { ...looked.options, domain: slovenia } }
  expect(foundNow(one)).toBe(gallery)
  expect(wantedOf(one, clientId).options).toMatchObject({ domain: slovenia })
  expect(wantedOf(one, clientId).options.domains).toBeUndefined()
  expect(inspectionOf(one, clientId).options.domain).toBeNull()
  expect(whatIsMissing({ ...one, targets: new Map() }, gallery)).toBeUndefined()
})

test('rejected rows are found by reason and by words, without accents', () => {
  const row = (position: number, person: string | null, reason: RejectedRow['reason']): RejectedRow => ({
    position,
    key: `row ${position}`,
    person,
    photo: null,
    reason,
    detail: 'Why.',
  })
  const rows = [row(0, 'Žiga', 'zero-length'), row(1, null, 'no-person'), row(2, 'Ana', 'zero-length')]
  expect(filteredRows(rows, { reason: null, text: 'ziga' }).map(({ position }) => position)).toEqual([0])
  expect(filteredRows(rows, { reason: 'zero-length', text: '' })).toHaveLength(2)
  expect(filteredRows(rows, { reason: 'no-person', text: 'ana' })).toHaveLength(0)
  expect(reasonsIn(rows)).toEqual([
    { reason: 'zero-length', rows: 2 },
    { reason: 'no-person', rows: 1 },
  ])
})

test('keys go through the rows, and stay among them', () => {
  expect(rowByKey('ArrowDown', undefined, 10, 4)).toBe(0)
  expect(rowByKey('ArrowUp', undefined, 10, 4)).toBe(9)
  expect(rowByKey('ArrowDown', 9, 10, 4)).toBe(9)
  expect(rowByKey('PageDown', 3, 10, 4)).toBe(7)
  expect(rowByKey('PageUp', 2, 10, 4)).toBe(0)
  expect([rowByKey('Home', 5, 10, 4), rowByKey('End', 5, 10, 4)]).toEqual([0, 9])
  expect(rowByKey('Enter', 5, 10, 4)).toBeUndefined()
  expect(rowByKey('ArrowDown', undefined, 0, 4)).toBeUndefined()
})
