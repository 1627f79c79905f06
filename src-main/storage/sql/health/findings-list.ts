/** Findings of gallery health as they are counted and listed. Store worker thread. */
import { z } from 'zod'
import {
  type Evidence,
  evidenceSchema,
  type Finding,
  type FindingCount,
  findingIdSchema,
  findingKindSchema,
} from '../../../../src-shared/health'
import {
  type ClientId,
  clientIdSchema,
  domainSchema,
  type FaceId,
  faceIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import type { FindingsQuery } from '../../health-store'
import type { Connection } from '../connection'
import { boxColumns, countRow, isoTime } from '../rows'
import { stateSchema } from './finding-columns'

/** Longest page, findings. */
const longestPage = 500

const findingCountRow = z.object({
  domain: domainSchema,
  kind: findingKindSchema,
  open: z.number().int(),
  dismissed: z.number().int(),
})

export const selectCounts = `
  SELECT domain, kind, count(*) FILTER (WHERE state = 'open') AS open,
    count(*) FILTER (WHERE state = 'dismissed') AS dismissed
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
            ORDER BY harm DESC, id LIMIT ? OFFSET ?) page
      CROSS JOIN findings f ON f.id = pageId
      CROSS JOIN persons p ON same_client(p, f) AND p.id = f.person_id AND p.removed_by IS NULL
      LEFT JOIN persons o ON same_client(o, f) AND o.id = f.other_id AND o.removed_by IS NULL
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
  FROM ids(?) asked CROSS JOIN faces f ON f.id = asked.value AND f.removed_by IS NULL
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id`

function facesById(
  connection: Connection,
  faceIds: readonly FaceId[],
): Map<FaceId, Finding['faces'][number]> {
  const asked = JSON.stringify([...new Set(faceIds)])
  return new Map(
    connection.rows(findingFaceRow, selectFindingFaces, asked).map((face) => [face.faceId, face]),
  )
}
