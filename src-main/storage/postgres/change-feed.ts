/** The change feed (`visor.changes`) as the store's threads read it. Store's threads. */
import { z } from 'zod'
import { type ClientId, faceIdSchema, photoIdSchema } from '../../../src-shared/ids'
import type { Connection } from '../sql/connection'
import { jsonList } from '../sql/rows'
import type { Feed, FeedChanges } from '../sql/search/feed'

const headRow = z.object({ revision: z.number().int() })
const knownRow = z.object({ known: z.number() })
const changeRow = z.object({
  revision: z.number().int(),
  kind: z.string(),
  ids: jsonList(z.string()),
  embeddings: jsonList(z.number().int()),
})

const selectHead = 'SELECT revision FROM clients WHERE id = ?'
const selectKnown = 'SELECT EXISTS (SELECT 1 FROM changes WHERE client_id = ? AND revision = ?) AS known'
const selectChanges = `
  SELECT revision, kind, array_to_json(ids)::text AS ids, array_to_json(embeddings)::text AS embeddings
  FROM changes WHERE client_id = ? AND revision > ? AND kind IN ('face', 'unknown', 'photo') ORDER BY revision, part`

/** `connection` reads what was committed, of all consoles. */
export function changeFeed(connection: Connection): Feed {
  const head = (clientId: ClientId) => connection.row(headRow, selectHead, clientId)?.revision ?? 0
  return {
    head,
    since(clientId, revision): FeedChanges | undefined {
      const now = head(clientId)
      if (now === revision) return { revision, faces: [], photos: [], goneEmbeddings: [] }
      // The change that led to the own revision is still there: then so are all after it.
      const goesBack =
        revision === 0 || connection.row(knownRow, selectKnown, clientId, revision)?.known === 1
      if (now < revision || !goesBack) return undefined
      const changes = connection.rows(changeRow, selectChanges, clientId, revision)
      const idsOf = (kinds: readonly string[]) => [
        ...new Set(changes.flatMap(({ kind, ids }) => (kinds.includes(kind) ? ids : []))),
      ]
      return {
        // Those of a later commit may be among them: they are read again next time.
        revision: now,
        faces: z.array(faceIdSchema).parse(idsOf(['face', 'unknown'])),
        photos: z.array(photoIdSchema).parse(idsOf(['photo'])),
        goneEmbeddings: changes.flatMap(({ embeddings }) => embeddings),
      }
    },
  }
}
