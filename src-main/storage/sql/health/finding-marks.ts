/** The marks that findings leave on people in lists. Store worker thread. */
import { type FindingKind, findingKindSchema } from '../../../../src-shared/health'
import type { ClientId } from '../../../../src-shared/ids'
import { jsonList } from '../rows'
import { pairKindsSql } from './finding-columns'

/** The marks of a person `p`, as a JSON list of kinds in the order of {@link findingKindSchema}. */
export const flagsColumn = `
  (SELECT json_group_array(kind) FROM (
     SELECT kind FROM findings WHERE person_id = p.id AND state = 'open'
     UNION ALL SELECT kind FROM findings WHERE other_id = p.id AND state = 'open' AND kind IN (${pairKindsSql})) marks) AS flags`
/** How {@link flagsColumn} is read. */
export const flagsRowColumn = jsonList(findingKindSchema).transform((kinds) =>
  findingKindSchema.options.filter((kind) => kinds.includes(kind)),
)
/** Whether a person `p` has a mark of one of the kinds; takes {@link flagValues}. */
export const hasFlag = `p.id IN (
  SELECT person_id FROM findings WHERE client_id = ? AND state = 'open' AND kind IN (SELECT value FROM texts(?))
  UNION ALL SELECT other_id FROM findings
    WHERE client_id = ? AND state = 'open' AND kind IN (SELECT value FROM texts(?)) AND kind IN (${pairKindsSql})
      AND other_id IS NOT NULL)`

/** The values of {@link hasFlag}. */
export function flagValues(clientId: ClientId, kinds: readonly FindingKind[]): string[] {
  const list = JSON.stringify(kinds)
  return [clientId, list, clientId, list]
}
