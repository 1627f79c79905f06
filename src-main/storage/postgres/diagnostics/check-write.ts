/** Writes, reads, changes and deletes a person with photo, face and embedding, and takes it all back. Diagnostics worker thread. */
import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { type CheckFinding, failed, passed, unchecked } from '../../../../src-shared/diagnosis'
import { embeddingLength } from '../../../../src-shared/face'
import { ServerError } from '../../../../src-shared/server-failure'
import { encodeVector } from '../vectors'
import type { ServerDatabase } from './server-database'

/** Somebody else's write is waited for this long: a long import should not look like a failure for longer. */
const lockTimeoutMs = 3000

const mayRow = z.object({ write: z.boolean(), client: z.string().nullable() })
/** One of the login's clients: that was there first, or that it may begin with. */
const may = `
  SELECT has_table_privilege('visor.persons', 'INSERT') AND has_table_privilege('visor.domains', 'INSERT') AS write,
         coalesce((SELECT id FROM visor.clients ORDER BY created_at, id LIMIT 1), (SELECT clients[1] FROM visor.my_rights())) AS client`

const readRow = z.object({ name: z.string(), faceId: z.string(), distance: z.coerce.number() })
const leftRow = z.object({ rows: z.coerce.number(), changes: z.coerce.number() })

/** Proves that rights, constraints, triggers and vectors work, and that nothing is left. */
export async function checkWrite(database: ServerDatabase): Promise<CheckFinding> {
  const { write, client } = await database.one(mayRow, may)
  if (!write) return unchecked('This login may search, not change galleries: it was not tried.')
  const ids = { person: uuid(), photo: uuid(), face: uuid() }
  const name = `visor-diagnosis-${randomBytes(6).toString('hex')}`
  const steps: (readonly [string, number])[] = []
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now()
    const value = await work()
    steps.push([what, performance.now() - startedAt])
    return value
  }
  const table = () => ({
    columns: ['Step', 'Time'],
    rows: steps.map(([what, tookMs]) => [what, `${tookMs.toFixed(1)} ms`]),
  })
  try {
    const wrong = await database.rolledBack(() => tried(database, step, ids, client ?? 'default', name), {
      lock_timeout: String(lockTimeoutMs),
    })
    const { rows, changes } = await step('Looked for what is left', () =>
      database.one(
        leftRow,
        `SELECT (SELECT count(*) FROM visor.persons WHERE id = $1) + (SELECT count(*) FROM visor.photos WHERE id = $2)
           + (SELECT count(*) FROM visor.faces WHERE id = $3) + (SELECT count(*) FROM visor.embeddings WHERE face_id = $3)
           + (SELECT count(*) FROM visor.domains WHERE name = $4) AS rows,
           (SELECT count(*) FROM visor.changes WHERE ids && ARRAY[$1, $2, $3]::uuid[]) AS changes`,
        [ids.person, ids.photo, ids.face, name],
      ),
    )
    if (rows + changes > 0) {
      return failed('What was written for the check is still there, although it was taken back.', {
        figure: `${rows} rows, ${changes} changes`,
        next: { text: 'Restore the database from a backup: it does not keep transactions.', copy: null },
        table: table(),
      })
    }
    if (wrong !== undefined) return failed(wrong, { table: table() })
    const total = steps.reduce((sum, [, tookMs]) => sum + tookMs, 0)
    return passed(
      'A person with photo, face and embedding was written, read, changed and deleted, and taken back: nothing is left.',
      { figure: `${total.toFixed(0)} ms`, table: table() },
    )
  } catch (error) {
    if (!(error instanceof ServerError) || error.failure.kind !== 'serialization') throw error
    return unchecked('Another console is writing for this client just now; run it again later.', {
      figure: `waited ${lockTimeoutMs / 1000} s`,
    })
  }
}

type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** What was not as it should be. */
async function tried(
  database: ServerDatabase,
  step: Step,
  { person, photo, face }: { readonly person: string; readonly photo: string; readonly face: string },
  client: string,
  name: string,
): Promise<string | undefined> {
  const now = Date.now()
  const vector = Buffer.from(encodeVector(someVector()))
  await step('Waited for the turn to write', () => database.query('SELECT visor.write_for($1)', [client]))
  await step('Wrote a domain, a person, a photo, a face and an embedding', async () => {
    await database.query(
      'INSERT INTO visor.domains (client_id, name, sample, created_at) VALUES ($1, $2, false, $3)',
      [client, name, now],
    )
    await database.query(
      `INSERT INTO visor.persons (id, client_id, domain, name, folded, created_at, updated_at)
       VALUES ($1, $2, $3, $3, $3, $4, $4)`,
      [person, client, name, now],
    )
    await database.query(
      `INSERT INTO visor.photos (id, client_id, domain, sha256, path, format, width, height, created_at)
       VALUES ($1, $2, $3, $4, '', 'jpeg', 100, 100, $5)`,
      [photo, client, name, randomBytes(32).toString('hex'), now],
    )
    await database.query(
      `INSERT INTO visor.faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks,
         detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
         yaw_degrees, roll_degrees, source, created_at)
       VALUES ($1, $2, $3, $4, $5, 0, 0, 50, 50, '[[1,1],[2,1],[1,2],[1,3],[2,3]]', 1, 1, 1, 1, 1, 1, 50, 0, 0, 'manual', $6)`,
      [face, photo, client, name, person, now],
    )
    await database.query('INSERT INTO visor.models (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      now,
    ])
    await database.query(
      'INSERT INTO visor.embeddings (face_id, model_id, client_id, vector) VALUES ($1, $2, $3, $4)',
      [face, name, client, vector],
    )
  })
  const read = () =>
    database.query(
      `SELECT persons.name, faces.id AS "faceId", visor.distance(embeddings.vector, $2) AS distance
       FROM visor.persons JOIN visor.faces ON person_id = persons.id AND faces.client_id = persons.client_id
       JOIN visor.embeddings ON face_id = faces.id AND embeddings.client_id = faces.client_id WHERE persons.id = $1`,
      [person, vector],
    )
  const found = await step('Read them', async () => z.array(readRow).parse((await read()).rows))
  const changed = await step('Changed the person, the photo, the face and the embedding', async () => {
    await database.query('UPDATE visor.persons SET name = $2 WHERE id = $1', [person, `${name} changed`])
    await database.query("UPDATE visor.photos SET path = 'changed' WHERE id = $1", [photo])
    await database.query('UPDATE visor.faces SET box_w = 60 WHERE id = $1', [face])
    const turned = Buffer.from(encodeVector(someVector().map((value) => -value)))
    await database.query('UPDATE visor.embeddings SET vector = $2 WHERE face_id = $1', [face, turned])
    return z.array(readRow).parse((await read()).rows)
  })
  const left = await step('Deleted them', async () => {
    await database.query('DELETE FROM visor.embeddings WHERE face_id = $1', [face])
    await database.query('DELETE FROM visor.faces WHERE id = $1', [face])
    await database.query('DELETE FROM visor.photos WHERE id = $1', [photo])
    await database.query('DELETE FROM visor.persons WHERE id = $1', [person])
    return (await read()).rows.length
  })
  const [first, second] = [found[0], changed[0]]
  if (first?.name !== name || first.faceId !== face || Math.abs(first.distance) > 1e-6) {
    return 'What was written was not what was read.'
  }
  if (second?.name !== `${name} changed` || Math.abs(second.distance - 2) > 1e-6) {
    return 'What was changed was not what was read.'
  }
  return left === 0 ? undefined : 'What was deleted was still there.'
}

/** Of length 1, and nobody's. */
function someVector(): Float32Array {
  return new Float32Array(embeddingLength).fill(1 / Math.sqrt(embeddingLength))
}
