/**
 * A large gallery on a server, of people as `labelled-faces.ts` makes them. It is written with plain SQL, past triggers and foreign keys,
 * because enrolling a million would take an hour. Benchmarks and tests, Electron's Node.
 */

import pg from 'pg'
import { v7 as uuid } from 'uuid'
import type { UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../src-shared/ids'
import { direction, photoNoise } from './labelled-faces'

export const clientId = clientIdSchema.parse('bench')
export const modelId = modelIdSchema.parse('bench/embedder@000000000000')
/** Of the people, 80, 19 and 1 in a hundred are in each. */
export const large = domainSchema.parse('large')
export const rest = domainSchema.parse('rest')
export const small = domainSchema.parse('small')

/** As in the gallery of the old system: 23,640 faces of 2,625 people. */
const facesPerPerson = 23_640 / 2_625
/** A few people have many photos, most have a few, nobody more than this. */
const mostFaces = 500
const rowsPerStatement = 1000
/** Every third probe is of a stranger. */
const strangerEvery = 3

export interface ServerGallery {
  readonly faces: number
  readonly persons: number
  /** New photos of people who are there, and strangers. */
  readonly probes: readonly UnitEmbedding[]
}

/** `random` gives numbers in 0 … 1; `url` is a superuser's. Leaves the tables counted and analysed. */
export async function fillServerGallery(
  url: string,
  {
    faces,
    probes,
    random,
  }: { readonly faces: number; readonly probes: number; readonly random: () => number },
): Promise<ServerGallery> {
  const persons = Math.round(faces / facesPerPerson)
  const people = Array.from({ length: persons }, (_, number) => ({
    id: uuid(),
    centre: direction(random).slice(0, 90),
    domain: domainOf(number),
    faces: 0,
  }))
  const photoOf = ({ centre }: { readonly centre: Float32Array }) =>
    direction(random, centre, photoNoise(random)) as UnitEmbedding
  /** Everybody has one; the others go rather to those who come first. */
  const owner = (face: number) => {
    if (face < persons) return people[face]!
    for (;;) {
      const person = people[Math.floor(persons * random() ** 2)]!
      if (person.faces < mostFaces) return person
    }
  }
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(
      "SET search_path = visor, public; SET session_replication_role = replica; SET visor.client = 'bench'",
    )
    await client.query(begin, [clientId, modelId, [large, rest, small]])
    for (let first = 0; first < persons; first += rowsPerStatement) {
      const portion = people.slice(first, first + rowsPerStatement)
      const names = portion.map((_, index) => `Person ${first + index}`)
      await client.query(insertPersons, [
        clientId,
        portion.map(({ id }) => id),
        portion.map(({ domain }) => domain),
        names,
      ])
    }
    for (let first = 0; first < faces; first += rowsPerStatement) {
      const rows = Array.from({ length: Math.min(rowsPerStatement, faces - first) }, (_, index) => {
        const person = owner(first + index)
        person.faces++
        return { person, face: uuid(), photo: uuid(), sha256: (first + index).toString(16).padStart(64, '0') }
      })
      await client.query(insertFaces, [
        clientId,
        modelId,
        rows.map(({ face }) => face),
        rows.map(({ photo }) => photo),
        rows.map(({ person }) => person.id),
        rows.map(({ person }) => person.domain),
        rows.map(({ sha256 }) => sha256),
        rows.map(({ person }) => textOf(photoOf(person))),
      ])
    }
    await client.query(count)
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
  const made = Array.from({ length: probes }, (_, number) =>
    number % strangerEvery === 0 ? (direction(random) as UnitEmbedding) : photoOf(owner(faces)),
  )
  return { faces, persons, probes: made }
}

function domainOf(person: number) {
  const hundredth = (person * 7919) % 100
  if (hundredth < 80) return large
  return hundredth < 99 ? rest : small
}

/** Digits beyond these are lost in a float32 anyway. */
const textOf = (vector: Float32Array) =>
  `[${Array.from(vector, (value) => (value === 0 ? '0' : value.toPrecision(8))).join(',')}]`

const begin = `
  WITH client AS (INSERT INTO clients (id, created_at) VALUES ($1, 0)),
    model AS (INSERT INTO models (id, created_at) VALUES ($2, 0))
  INSERT INTO domains (client_id, name, sample, created_at) SELECT $1, name, false, 0 FROM unnest($3::text[]) AS name`
const insertPersons = `
  INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
  SELECT id, $1, domain, name, lower(name), 0, 0 FROM unnest($2::uuid[], $3::text[], $4::text[]) AS row (id, domain, name)`
const insertFaces = `
  WITH row AS MATERIALIZED (
    SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[])
      AS row (face, photo, person, domain, sha256, vector)
  ), photo AS (
    INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, created_at)
    SELECT photo, $1, domain, sha256, '/' || sha256, 'jpeg', 1000, 1000, 0 FROM row
  ), face AS (
    INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks, detection_score,
      quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px, yaw_degrees, roll_degrees, source, created_at)
    SELECT face, photo, $1, domain, person, 10, 10, 100, 100, '[[1,1],[2,1],[1,2],[1,3],[2,3]]', 0.9,
      0.8, 0.8, 0.8, 0.8, 0.8, 100, 0, 0, 'imported', 0 FROM row
  )
  INSERT INTO embeddings (face_id, model_id, client_id, domain, person_id, vector)
  SELECT face, $2, $1, domain, person, vector::vector FROM row`
/** What triggers would have kept. */
const count = `
  INSERT INTO chains (id, client_id, last_sequence) SELECT chain, id, 0 FROM clients;
  INSERT INTO gallery_persons SELECT client_id, model_id, domain, person_id, count(*)
    FROM embeddings WHERE person_id IS NOT NULL GROUP BY client_id, model_id, domain, person_id;
  INSERT INTO gallery_sizes SELECT client_id, model_id, domain, count(*), sum(embeddings)
    FROM gallery_persons GROUP BY client_id, model_id, domain`
