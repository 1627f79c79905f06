/** Findings of gallery health: written as they are found, listed, dismissed. Store worker thread. */
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import {
  type Evidence,
  evidenceSchema,
  type Finding,
  type FindingCount,
  type FindingId,
  type FindingKind,
  findingIdSchema,
  findingKindSchema,
  pairKinds,
} from '../../../src-shared/health'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type PersonId,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../src-shared/ids'
import type { FindingsQuery } from '../health-store'
import type { Connection } from './connection'
import type { Done, WriteScope } from './ledger'
import { boxColumns, countRow, isoTime, jsonList } from './rows'

/** Longest page, findings. */
const longestPage = 500

/** Something found of a person, not yet written. */
export interface FoundThing {
  /** Of two people the one with the lesser id. */
  readonly personId: PersonId
  readonly otherId: PersonId | null
  /** Of the person. */
  readonly domain: Domain
  /** What it is about within its kind and person: the same thing found again is the same finding. */
  readonly subject: string
  readonly harm: number
  readonly evidence: Evidence
  /** What of the evidence would make it another matter. */
  readonly print: string
}

const stateSchema = z.enum(['open', 'dismissed', 'gone'])
const keptRow = z.object({
  id: findingIdSchema,
  personId: personIdSchema,
  kind: findingKindSchema,
  subject: z.string(),
  harm: z.number(),
  evidence: z.string(),
  domain: domainSchema,
  dismissedPrint: z.string().nullable(),
  state: stateSchema,
})

const pairs = pairKinds.map((kind) => `'${kind}'`).join(', ')
const keptColumns =
  'id, person_id AS personId, kind, subject, harm, evidence, domain, dismissed_print AS dismissedPrint, state'
/** Those that a look at the person finds anew: their own, and those of pairs whose other one they are. */
export const selectKept = `
  SELECT ${keptColumns} FROM findings WHERE person_id = ?
  UNION ALL SELECT ${keptColumns} FROM findings WHERE other_id = ? AND +kind IN (${pairs})`
export const selectOthers = `
  SELECT person_id AS id FROM findings WHERE other_id = ? AND state <> 'gone'
  UNION SELECT other_id FROM findings WHERE person_id = ? AND other_id IS NOT NULL AND state <> 'gone'`

/** Brings what is kept of a person to what was found of them just now; whether that changed anything. */
export function writeFindings(
  connection: Connection,
  clientId: ClientId,
  personId: PersonId,
  found: readonly FoundThing[],
): boolean {
  const keyOf = (kind: string, owner: PersonId, subject: string) => `${kind} ${owner} ${subject}`
  const kept = new Map(
    connection
      .rows(keptRow, selectKept, personId, personId)
      .map((row) => [keyOf(row.kind, row.personId, row.subject), row]),
  )
  let changed = false
  for (const { personId: owner, otherId, domain, subject, harm, evidence, print } of found) {
    const key = keyOf(evidence.kind, owner, subject)
    const there = kept.get(key)
    kept.delete(key)
    const text = JSON.stringify(evidence)
    const state = there?.dismissedPrint === print ? 'dismissed' : 'open'
    if (there === undefined) {
      connection.run(
        `INSERT INTO findings (id, client_id, domain, kind, person_id, other_id, subject, harm, evidence, print,
           state, found_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        uuid(),
        clientId,
        domain,
        evidence.kind,
        owner,
        otherId,
        subject,
        harm,
        text,
        print,
        'open',
        Date.now(),
      )
    } else if (
      there.state !== state ||
      there.evidence !== text ||
      there.harm !== harm ||
      there.domain !== domain
    ) {
      connection.run(
        `UPDATE findings SET domain = ?, other_id = ?, harm = ?, evidence = ?, print = ?, state = ? WHERE id = ?`,
        domain,
        otherId,
        harm,
        text,
        print,
        state,
        there.id,
      )
    } else continue
    changed = true
  }
  for (const { id, dismissedPrint, state } of kept.values()) {
    if (state === 'gone') continue
    if (dismissedPrint === null) connection.run('DELETE FROM findings WHERE id = ?', id)
    else connection.run("UPDATE findings SET state = 'gone' WHERE id = ?", id)
    changed = true
  }
  return changed
}

/** Says that findings are fine, or takes that back. Those that are gone meanwhile need neither. */
export function setDismissed(
  connection: Connection,
  findingIds: readonly FindingId[],
  dismissed: boolean,
): void {
  for (const id of findingIds) {
    if (dismissed) {
      connection.run(
        `UPDATE findings SET dismissed_print = print,
           state = CASE state WHEN 'open' THEN 'dismissed' ELSE state END WHERE id = ?`,
        id,
      )
    } else {
      connection.run("DELETE FROM findings WHERE id = ? AND state = 'gone'", id)
      connection.run("UPDATE findings SET dismissed_print = NULL, state = 'open' WHERE id = ?", id)
    }
  }
}

const ownersRow = z.object({ personId: personIdSchema, otherId: personIdSchema.nullable() })

export const selectOwners = `
  SELECT person_id AS personId, other_id AS otherId FROM findings WHERE id = ? AND client_id = ? AND state <> 'gone'`

/** The body of `HealthStore.dismiss`. */
export function dismissFindings(
  connection: Connection,
  scope: WriteScope,
  findingIds: readonly FindingId[],
  dismissed: boolean,
): Done<void> {
  for (const id of findingIds) {
    const owners = connection.row(ownersRow, selectOwners, id, scope.clientId)
    if (owners === undefined) throw new VisorError('not-found', 'That finding is no longer in the queue.')
    scope.people.add(owners.personId)
    if (owners.otherId !== null) scope.people.add(owners.otherId)
  }
  setDismissed(connection, findingIds, dismissed)
  return {
    value: undefined,
    details:
      findingIds.length === 0
        ? undefined
        : { action: 'dismiss-findings', findingIds: [...findingIds], dismissed },
  }
}

const findingCountRow = z.object({
  domain: domainSchema,
  kind: findingKindSchema,
  open: z.number().int(),
  dismissed: z.number().int(),
})

export const selectCounts = `
  SELECT domain, kind, sum(state = 'open') AS open, sum(state = 'dismissed') AS dismissed
  FROM findings WHERE client_id = ? AND state IN ('open', 'dismissed') GROUP BY domain, kind`

/** The body of `HealthStore.counts`. */
export function findingCounts(connection: Connection, clientId: ClientId): FindingCount[] {
  return connection.rows(findingCountRow, selectCounts, clientId).map((row) => ({ clientId, ...row }))
}

const facesOf = (person: string) => `FROM faces WHERE person_id = ${person} AND removed_by IS NULL`
const personColumns = (alias: string, prefix: string) => `
  ${alias}.id AS ${prefix}Id, ${alias}.name AS ${prefix}Name,
  (SELECT count(*) ${facesOf(`${alias}.id`)}) AS ${prefix}Faces,
  (SELECT count(DISTINCT photo_id) ${facesOf(`${alias}.id`)}) AS ${prefix}Photos`

/** The statements that count the findings of a query, and give a page of them (limit, offset). */
export function findingStatements({
  inDomain,
  ofKind,
}: {
  readonly inDomain: boolean
  readonly ofKind: boolean
}): { readonly count: string; readonly page: string } {
  const index = ofKind ? 'findings_kind' : 'findings_queue'
  const conditions = [
    'client_id = ? AND state = ?',
    ...(ofKind ? ['kind = ?'] : []),
    ...(inDomain ? ['domain = ?'] : []),
  ].join(' AND ')
  return {
    count: `SELECT count(*) AS count FROM findings INDEXED BY ${index} WHERE ${conditions}`,
    page: `
      SELECT f.id AS findingId, f.client_id AS clientId, f.domain, f.harm, f.evidence, f.found_at AS foundAt,
        f.state, ${personColumns('p', 'person')}, ${personColumns('o', 'other')}
      FROM (SELECT id AS pageId FROM findings INDEXED BY ${index} WHERE ${conditions}
            ORDER BY harm DESC, id LIMIT ? OFFSET ?)
      CROSS JOIN findings f ON f.id = pageId
      CROSS JOIN persons p ON p.id = f.person_id AND p.removed_by IS NULL
      LEFT JOIN persons o ON o.id = f.other_id AND o.removed_by IS NULL
      WHERE f.other_id IS NULL OR o.id IS NOT NULL ORDER BY f.harm DESC, f.id`,
  }
}

const pageRow = z.object({
  findingId: findingIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  harm: z.number(),
  evidence: z.string().transform((text) => evidenceSchema.parse(JSON.parse(text))),
  foundAt: isoTime,
  state: stateSchema,
  personId: personIdSchema,
  personName: z.string(),
  personFaces: z.number().int(),
  personPhotos: z.number().int(),
  otherId: personIdSchema.nullable(),
  otherName: z.string().nullable(),
  otherFaces: z.number().int(),
  otherPhotos: z.number().int(),
})

/** The body of `HealthStore.findings`. */
export function listFindings(
  connection: Connection,
  { clientId, domain, kind, dismissed, offset, limit }: FindingsQuery,
): { total: number; findings: Finding[] } {
  const statements = findingStatements({ inDomain: domain !== null, ofKind: kind !== null })
  const values = [
    clientId,
    dismissed ? 'dismissed' : 'open',
    ...(kind === null ? [] : [kind]),
    ...(domain === null ? [] : [domain]),
  ]
  const page = Math.min(longestPage, Math.max(1, limit))
  const rows = connection.rows(pageRow, statements.page, ...values, page, Math.max(0, offset))
  const faceOf = facesById(
    connection,
    rows.flatMap(({ evidence }) => facesIn(evidence)),
  )
  const findings = rows.map((row): Finding => {
    const { findingId, clientId: owner, domain: place, harm, evidence, foundAt } = row
    return {
      ...{ findingId, clientId: owner, domain: place, harm, evidence, foundAt },
      person: {
        personId: row.personId,
        name: row.personName,
        photos: row.personPhotos,
        faces: row.personFaces,
      },
      ...(row.otherId === null || row.otherName === null
        ? {}
        : {
            other: {
              personId: row.otherId,
              name: row.otherName,
              photos: row.otherPhotos,
              faces: row.otherFaces,
            },
          }),
      faces: facesIn(evidence).flatMap((faceId) => faceOf.get(faceId) ?? []),
      dismissed: row.state === 'dismissed',
    }
  })
  return { total: connection.row(countRow, statements.count, ...values)!.count, findings }
}

/** The faces that the evidence names, in its order. */
function facesIn(evidence: Evidence): FaceId[] {
  switch (evidence.kind) {
    case 'outlier':
      return [evidence.faceId, evidence.ownFaceId, ...listed(evidence.otherFaceId)]
    case 'look-alike':
    case 'twice-in-photo':
    case 'near-duplicate':
      return [evidence.faceId, evidence.otherFaceId]
    case 'same-name':
      return [...listed(evidence.faceId), ...listed(evidence.otherFaceId)]
    case 'older-model':
    case 'one-photo':
    case 'poor-photos':
      return [evidence.faceId]
    case 'no-photo':
      return []
  }
}

const listed = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])

const findingFaceRow = z
  .object({
    faceId: faceIdSchema,
    personId: personIdSchema.nullable(),
    photoId: photoIdSchema,
    photoSha256: sha256Schema,
    photoPath: z.string(),
    photoWidth: z.number().int(),
    photoHeight: z.number().int(),
    ...boxColumns,
    quality: z.number(),
  })
  .transform(({ x, y, w, h, ...face }) => ({ ...face, box: { x, y, w, h } }))

export const selectFindingFaces = `
  SELECT f.id AS faceId, f.person_id AS personId, f.photo_id AS photoId, ph.sha256 AS photoSha256, ph.path AS photoPath,
    ph.width AS photoWidth, ph.height AS photoHeight, f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, f.quality
  FROM json_each(?) asked CROSS JOIN faces f ON f.id = asked.value AND f.removed_by IS NULL
  CROSS JOIN photos ph ON ph.id = f.photo_id`

function facesById(
  connection: Connection,
  faceIds: readonly FaceId[],
): Map<FaceId, Finding['faces'][number]> {
  const asked = JSON.stringify([...new Set(faceIds)])
  return new Map(
    connection.rows(findingFaceRow, selectFindingFaces, asked).map((face) => [face.faceId, face]),
  )
}

/** The marks of a person `p`, as a JSON list of kinds in the order of {@link findingKindSchema}. */
export const flagsColumn = `
  (SELECT json_group_array(kind) FROM (
     SELECT kind FROM findings WHERE person_id = p.id AND state = 'open'
     UNION ALL SELECT kind FROM findings WHERE other_id = p.id AND state = 'open' AND kind IN (${pairs}))) AS flags`
export const flagsRowColumn = jsonList(findingKindSchema).transform((kinds) =>
  findingKindSchema.options.filter((kind) => kinds.includes(kind)),
)
/** Whether a person `p` has a mark of one of the kinds; takes {@link flagValues}. */
export const hasFlag = `p.id IN (
  SELECT person_id FROM findings WHERE client_id = ? AND state = 'open' AND kind IN (SELECT value FROM json_each(?))
  UNION ALL SELECT other_id FROM findings
    WHERE client_id = ? AND state = 'open' AND kind IN (SELECT value FROM json_each(?)) AND kind IN (${pairs})
      AND other_id IS NOT NULL)`

export function flagValues(clientId: ClientId, kinds: readonly FindingKind[]): string[] {
  const list = JSON.stringify(kinds)
  return [clientId, list, clientId, list]
}
