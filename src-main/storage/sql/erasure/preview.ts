/** What an erasure says of itself before it is done. Store worker thread. */
import { z } from 'zod'
import type { ErasurePreview } from '../../../../src-shared/erasure'
import type { Connection } from '../connection'
import { actsForGood } from '../ledger/ledger-details'
import { isoTime } from '../rows'
import type { CarriedOut } from './carry-out'
import type { ErasurePlan } from './plan-erasure'

/** Names and acts that are told one by one. */
const toldOf = 5

const actRow = z.object({ at: isoTime, summary: z.string(), action: z.string() })

/**
 * Of these entries, those that can be undone until the erasure and touch somebody who stays; newest first. Not deletions:
 * those are kept for the others of them.
 */
export const selectActsOfOthers = `
  SELECT e.at, e.summary, e.action FROM numbers(?) listed CROSS JOIN ledger e ON e.sequence = listed.value
  WHERE e.undone_by IS NULL AND e.closed_by IS NULL
    AND e.action NOT IN ('delete-persons', 'delete-domain', 'delete-faces') AND EXISTS (
    SELECT 1 FROM ledger_persons other
    CROSS JOIN persons p ON same_client(p, other) AND p.id = other.person_id AND p.removed_by IS NULL
    WHERE other.sequence = e.sequence AND other.person_id NOT IN (SELECT value FROM ids(?)))
  ORDER BY e.sequence DESC`

type ActsOfOthers = Pick<ErasurePreview, 'actsOfOthers' | 'someActs'>

/** Acts that touched others, too, and can be undone no more afterwards. Ask before the entries are blank. */
export function actsOfOthers(connection: Connection, { people, entries }: ErasurePlan): ActsOfOthers {
  const acts = connection
    .rows(actRow, selectActsOfOthers, JSON.stringify(entries), JSON.stringify([...people.all]))
    .filter(({ action }) => !actsForGood.has(action))
  return {
    actsOfOthers: acts.length,
    someActs: acts.slice(0, toldOf).map(({ at, summary }) => ({ at, summary })),
  }
}

export function previewOf(
  { people, sought }: ErasurePlan,
  { removed, photoFiles, sharedPhotos }: Omit<CarriedOut, 'entries' | 'details'>,
  acts: ActsOfOthers,
): ErasurePreview {
  return {
    clientId: people.clientId,
    whole: people.whole,
    people: people.asked.length,
    names: people.askedNames.slice(0, toldOf),
    removed: [...removed],
    photoFiles,
    sharedPhotos,
    ...acts,
    namesakes: sought.namesakes,
    mentions: sought.mentionedBy.length,
    mentionedBy: sought.mentionedBy.slice(0, toldOf),
  }
}
