/**
 * Brings people of a paired gallery to what the server has of them, where somebody decided so; the rest of the gallery stays as it is.
 * Store worker thread.
 */
import { z } from 'zod'
import { type ClientId, clientIdSchema, type Domain, personIdSchema } from '../../../src-shared/ids'
import { peopleOnTheirWay } from '../sqlite/outbox'
import { copying } from './cached-rows'
import { headOf, keepFrame } from './follow'
import { noOwners, renewOwners } from './renew'
import type { Syncing } from './syncing'

const dueRow = z.object({ clientId: clientIdSchema, personId: personIdSchema })
const faceRow = z.tuple([z.string(), z.string(), z.string().nullable()])

const selectDue = 'SELECT client_id AS clientId, person_id AS personId FROM settled_people WHERE renew = 1'
const selectDomains = 'SELECT name FROM domains WHERE client_id = ? AND removed_by IS NULL'
const selectFacesHere = `
  SELECT f.id FROM json_each(?) due CROSS JOIN faces f ON f.person_id = due.value WHERE f.removed_by IS NULL`
const selectHere = `
  SELECT value FROM json_each(?) asked
  WHERE EXISTS (SELECT 1 FROM persons WHERE id = asked.value AND removed_by IS NULL)`
/** Faces that are these people's there, or that are their faces here. */
const selectFacesThere = `
  SELECT id::text, photo_id::text, person_id::text FROM faces
  WHERE client_id = $1 AND removed_by IS NULL
    AND (person_id IN (SELECT value FROM ids($2)) OR id IN (SELECT value FROM ids($3)))`
/** What names people whom only the server knows yet. */
const deleteDangling = [
  `DELETE FROM people_apart WHERE person_id IN (SELECT value FROM json_each(?))
     AND NOT EXISTS (SELECT 1 FROM persons p WHERE p.id = other_id)`,
  `DELETE FROM people_apart WHERE other_id IN (SELECT value FROM json_each(?))
     AND NOT EXISTS (SELECT 1 FROM persons p WHERE p.id = person_id)`,
]
const deleteDanglingRejections = `
  DELETE FROM rejections WHERE face_id IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM persons p WHERE p.id = rejections.person_id)`
/** From there on they are edited as they were on the server at this revision. */
const markRenewed = `
  UPDATE settled_people SET renew = 0, revision = max(revision, ?) WHERE person_id IN (SELECT value FROM json_each(?))`

/**
 * Gives the clients of whom somebody was renewed. Whoever an edit is on its way about waits for that. No act may be replayed meanwhile:
 * the snapshot would be older than it.
 */
export async function renewSettled(syncing: Syncing): Promise<ClientId[]> {
  const due = syncing.connection.rows(dueRow, selectDue)
  const clients = [...new Set(due.map(({ clientId }) => clientId))]
  if (clients.length === 0) return []
  await syncing.server.at(async () => {
    for (const clientId of clients) await renewClient(syncing, clientId)
  })
  return clients
}

async function renewClient(syncing: Syncing, clientId: ClientId): Promise<void> {
  const { connection, server } = syncing
  const domains = connection.ids<Domain>(selectDomains, clientId)
  await server.set({ client: clientId, domains: JSON.stringify(domains) })
  await keepFrame(syncing, clientId, domains)
  const { revision } = await headOf(syncing, clientId, domains)
  await copying(syncing, clientId, async (rows) => {
    const onTheirWay = peopleOnTheirWay(connection)
    const due = connection
      .rows(dueRow, selectDue)
      .filter((one) => one.clientId === clientId && !onTheirWay.has(one.personId))
      .map(({ personId }) => personId)
    if (due.length === 0) return
    const owners = noOwners()
    for (const personId of due) owners.person.add(personId)
    const own = connection.ids<string>(selectFacesHere, JSON.stringify(due))
    for (const faceId of own) owners.face.add(faceId)
    const theirs = await facesThere(syncing, clientId, due, own)
    // Who has one of their faces there, and is not known here, comes whole.
    const others = [...new Set(theirs.flatMap(([, , personId]) => personId ?? []))]
    const here = new Set(connection.ids<string>(selectHere, JSON.stringify(others)))
    const strangers = others.filter((personId) => !here.has(personId))
    for (const personId of strangers) owners.person.add(personId)
    const faces =
      strangers.length === 0 ? theirs : [...theirs, ...(await facesThere(syncing, clientId, strangers, []))]
    for (const [faceId, photoId] of faces) {
      owners.face.add(faceId)
      owners.photo.add(photoId)
    }
    await renewOwners(syncing, rows, owners, noOwners())
    const people = JSON.stringify([...owners.person])
    for (const sql of deleteDangling) connection.run(sql, people)
    connection.run(deleteDanglingRejections, JSON.stringify([...owners.face]))
    connection.run(markRenewed, revision, JSON.stringify(due))
  })
}

function facesThere(
  { server }: Syncing,
  clientId: ClientId,
  people: readonly string[],
  faces: readonly string[],
) {
  return server.rows(faceRow, selectFacesThere, clientId, JSON.stringify(people), JSON.stringify(faces))
}
