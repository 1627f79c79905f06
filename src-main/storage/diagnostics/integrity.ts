/** What must hold between the rows of a gallery, whatever the engine. Diagnostics worker thread. */
import { z } from 'zod'
import { type CheckFinding, failed, passed, warned } from '../../../src-shared/diagnosis'
import { embeddingLength } from '../../../src-shared/face'
import { type AskedDatabase, oneRow } from './asked-database'

const amountRow = z.object({ amount: z.coerce.number() })

/** What is wrong and how often. */
export interface Fault {
  readonly what: string
  readonly amount: number
}

/** What is said differently, and what no foreign key holds together. */
const contradictions: readonly { readonly what: string; readonly sql: string }[] = [
  {
    what: 'faces in another domain than their photo',
    sql: `SELECT count(*) AS amount FROM faces f JOIN photos p ON p.id = f.photo_id AND p.client_id = f.client_id
      WHERE f.removed_by IS NULL AND f.domain <> p.domain`,
  },
  {
    what: 'faces in another domain than their person',
    sql: `SELECT count(*) AS amount FROM faces f JOIN persons p ON p.id = f.person_id AND p.client_id = f.client_id
      WHERE f.removed_by IS NULL AND f.domain <> p.domain`,
  },
  {
    what: 'faces still there of people who were removed',
    sql: `SELECT count(*) AS amount FROM faces f JOIN persons p ON p.id = f.person_id AND p.client_id = f.client_id
      WHERE f.removed_by IS NULL AND p.removed_by IS NOT NULL`,
  },
]

/** Rows that contradict those they belong to. */
export async function contradictingRows(database: AskedDatabase): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const { what, sql } of contradictions) {
    faults.push({ what, amount: (await oneRow(database, amountRow, sql)).amount })
  }
  return faults
}

/** `looked`: how many rules were tried. */
export function orphansFinding(found: readonly Fault[], looked: number, copy: string | null): CheckFinding {
  const faults = found.filter(({ amount }) => amount > 0)
  const total = faults.reduce((sum, { amount }) => sum + amount, 0)
  if (total === 0) return passed('Every row has what it belongs to.', { figure: `${looked} rules` })
  return failed(
    total === 1
      ? 'A row has lost what it belongs to.'
      : `${count(total)} rows have lost what they belong to.`,
    {
      figure: `${count(total)} ${total === 1 ? 'row' : 'rows'}`,
      next: {
        text: 'Restore the database from a backup of before, or remove these rows. What is wrong with a restored copy shows here again.',
        copy,
      },
      table: { columns: ['What', 'Rows'], rows: faults.map(({ what, amount }) => [what, count(amount)]) },
    },
  )
}

/** What there may be once only; written so that the rows are looked at, and not an index that may be wrong. */
const onceOnly: readonly { readonly what: string; readonly table: string; readonly by: string }[] = [
  {
    what: 'people of one name in one domain',
    table: 'persons WHERE removed_by IS NULL',
    by: 'client_id, domain, name',
  },
  { what: 'people with one id', table: 'persons', by: 'id, client_id' },
  { what: 'photos with one content in one domain', table: 'photos', by: 'client_id, sha256, domain' },
  { what: 'photos with one id', table: 'photos', by: 'id, client_id' },
  { what: 'faces with one id', table: 'faces', by: 'id, client_id' },
  { what: 'embeddings of one face and model', table: 'embeddings', by: 'face_id, model_id, client_id' },
  { what: 'ledger entries with one number', table: 'ledger', by: 'sequence, client_id' },
]

export async function checkUniqueness(database: AskedDatabase): Promise<CheckFinding> {
  const faults: Fault[] = []
  for (const { what, table, by } of onceOnly) {
    const sql = `SELECT count(*) AS amount FROM (SELECT 1 FROM ${table} GROUP BY ${by} HAVING count(*) > 1) twice`
    faults.push({ what, amount: (await oneRow(database, amountRow, sql)).amount })
  }
  const found = faults.filter(({ amount }) => amount > 0)
  if (found.length === 0) {
    return passed('What may be there once is there once.', { figure: `${onceOnly.length} rules` })
  }
  const total = found.reduce((sum, { amount }) => sum + amount, 0)
  return failed('Something is there twice that may be there once.', {
    figure: `${count(total)} twice`,
    next: {
      text: 'People of one name are merged in Galleries. For anything else, restore the database from a backup of before.',
      copy: null,
    },
    table: {
      columns: ['What is there more than once', 'Times'],
      rows: found.map(({ what, amount }) => [what, count(amount)]),
    },
  })
}

/** More rows than this are looked at by a sample of about as many. */
const vectorsLookedAt = 200_000
/** The same as `parseUnitEmbedding` takes. */
const lengthTolerance = 1e-3

const vectorsRow = z.object({
  looked: z.coerce.number(),
  wrongDimension: z.coerce.number(),
  wrongLength: z.coerce.number(),
  worst: z.coerce.number(),
})

/** Every vector has 512 numbers and is of length 1. */
export async function checkVectors(database: AskedDatabase): Promise<CheckFinding> {
  const { amount } = await oneRow(database, amountRow, 'SELECT count(*) AS amount FROM embeddings')
  const every = Math.max(1, Math.ceil(amount / vectorsLookedAt))
  const { looked, wrongDimension, wrongLength, worst } = await oneRow(
    database,
    vectorsRow,
    `SELECT count(*) AS looked,
       count(*) FILTER (WHERE vector_dims(vector) <> ${embeddingLength}) AS wrongDimension,
       count(*) FILTER (WHERE abs(vector_norm(vector) - 1) > ${lengthTolerance}) AS wrongLength,
       coalesce(max(abs(vector_norm(vector) - 1)), 0) AS worst
     FROM embeddings WHERE id % ${every} = 0`,
  )
  const which = every === 1 ? 'All' : `A sample of ${count(looked)} of`
  const table = {
    columns: ['What', 'Vectors'],
    rows: [
      ['in the database', count(amount)],
      ['looked at', count(looked)],
      [`with other than ${embeddingLength} numbers`, count(wrongDimension)],
      ['not of length 1', count(wrongLength)],
    ],
  }
  if (amount === 0) return passed('There are no vectors yet.', { figure: '0 vectors' })
  if (wrongDimension + wrongLength === 0) {
    return passed(
      `${which} ${count(amount)} vectors have ${embeddingLength} numbers and length 1, within ${worst.toExponential(0)}.`,
      { figure: `${count(looked)} vectors`, table },
    )
  }
  const wrong = Math.max(wrongDimension, wrongLength)
  const inSchema = database.engine === 'postgres' ? 'visor.' : ''
  return failed(
    `${count(wrong)} of ${count(looked)} vectors cannot be compared: their distances are wrong, so who they are of is not found or found for somebody else.`,
    {
      figure: `${count(wrong)} wrong`,
      next: {
        text: 'Restore these rows from a backup, or delete these faces and enrol their photos again. These are they:',
        copy:
          database.engine === 'postgres'
            ? `SELECT face_id, model_id FROM ${inSchema}embeddings WHERE vector_dims(vector) <> ${embeddingLength} OR abs(vector_norm(vector) - 1) > ${lengthTolerance};`
            : null,
      },
      table,
    },
  )
}

const domainRow = z.object({ clientId: z.string(), domain: z.string(), amount: z.coerce.number() })

const counted: readonly { readonly column: string; readonly sql: string }[] = [
  {
    column: 'People',
    sql: `SELECT client_id AS clientId, domain, count(*) AS amount FROM persons WHERE removed_by IS NULL
      GROUP BY client_id, domain`,
  },
  {
    column: 'Photos',
    sql: 'SELECT client_id AS clientId, domain, count(*) AS amount FROM photos GROUP BY client_id, domain',
  },
  {
    column: 'Faces',
    sql: `SELECT client_id AS clientId, domain, count(*) AS amount FROM faces
      WHERE removed_by IS NULL AND person_id IS NOT NULL GROUP BY client_id, domain`,
  },
  {
    column: 'Unknown faces',
    sql: `SELECT client_id AS clientId, domain, count(*) AS amount FROM faces
      WHERE removed_by IS NULL AND person_id IS NULL GROUP BY client_id, domain`,
  },
  {
    column: 'Embeddings',
    sql: `SELECT f.client_id AS clientId, f.domain, count(*) AS amount
      FROM embeddings e JOIN faces f ON f.id = e.face_id AND f.client_id = e.client_id GROUP BY f.client_id, f.domain`,
  },
]

/** Rows by client and domain. `seen`: whose these are, where it is not everybody's. */
export async function countRows(database: AskedDatabase, seen: string): Promise<CheckFinding> {
  const places = new Map<string, { clientId: string; domain: string; amounts: number[] }>()
  for (const [index, { sql }] of counted.entries()) {
    for (const { clientId, domain, amount } of await database.rows(domainRow, sql)) {
      const key = JSON.stringify([clientId, domain])
      const place = places.get(key) ?? { clientId, domain, amounts: counted.map(() => 0) }
      place.amounts[index] = amount
      places.set(key, place)
    }
  }
  const sorted = [...places.values()].sort(
    (a, b) => a.clientId.localeCompare(b.clientId) || a.domain.localeCompare(b.domain),
  )
  const total = counted.map((_, index) => sorted.reduce((sum, { amounts }) => sum + amounts[index]!, 0))
  const [persons = 0, , faces = 0, , embeddings = 0] = total
  const table = {
    columns: ['Client', 'Domain', ...counted.map(({ column }) => column)],
    rows: sorted.map(({ clientId, domain, amounts }) => [clientId, domain, ...amounts.map(count)]),
  }
  const figure = `${count(faces)} ${faces === 1 ? 'face' : 'faces'}`
  if (sorted.length === 0) return passed(`There is nobody enrolled yet${seen}.`, { figure })
  if (faces > 0 && embeddings === 0) {
    return warned('There are faces, but no embeddings: nobody can be found.', {
      figure,
      next: { text: 'Enrol the photos again, or restore the database from a backup.', copy: null },
      table,
    })
  }
  return passed(
    `${count(persons)} ${persons === 1 ? 'person' : 'people'} in ${count(sorted.length)} ${sorted.length === 1 ? 'domain' : 'domains'}${seen}.`,
    { figure, table },
  )
}

/** A number for people: 23,640. */
export const count = (amount: number): string => amount.toLocaleString('en-GB')
