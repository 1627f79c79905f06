/** How many candidates searches by an index look at: kept with the index, so that every console searches alike. Server thread. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { ModelId } from '../../../src-shared/ids'
import { searchWidthSchema } from '../../../src-shared/search-index'
import { clientFor } from './connect'
import { serverErrorOf } from './failures'
import { describeIndex, type IndexBuilder, notOwner } from './index-build'
import { searchIndexes } from './index-catalogue'

const look = `
  SELECT quote_ident(pg_get_userbyid(relowner)) AS owner, pg_has_role(relowner, 'MEMBER') AS "mayBuild"
  FROM pg_catalog.pg_class WHERE oid = 'embeddings'::regclass`
const lookRow = z.object({ owner: z.string(), mayBuild: z.boolean() })

/** The body of `IndexStore.widen`. */
export async function widenSearch(
  { target, pool }: IndexBuilder,
  modelId: ModelId,
  wanted: number,
): Promise<void> {
  const searchWidth = searchWidthSchema.safeParse(wanted)
  if (!searchWidth.success) {
    throw new VisorError('invalid-argument', 'Searches cannot look at so many candidates.', {
      consequence: 'Nothing was changed.',
      remedy: 'Choose 40 to 1,000.',
    })
  }
  const index = (await searchIndexes(pool)).indexes.find((one) => one.modelId === modelId)
  if (index === undefined) throw new VisorError('not-found', `There is no index of ${modelId}.`)
  const client = await clientFor(target)
  try {
    const { owner, mayBuild } = lookRow.parse((await client.query(look)).rows[0])
    if (!mayBuild) throw notOwner(owner)
    await client.query(`SET ROLE ${owner}`)
    await describeIndex(client, index.name, { ...index, searchWidth: searchWidth.data })
  } catch (error) {
    throw error instanceof VisorError ? error : (client.brokenBy ?? serverErrorOf(error))
  } finally {
    await client.end()
  }
}
