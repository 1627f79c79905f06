/** Tries a person rule on a few paths, as an admin types it. Main. */
import type { PersonRule } from '../../../src-shared/import'
import { personRule } from '../../import/person-rule'

/**
 * Who the rule makes of each path. A list of paths and people may be large: it is read with the source, in its thread, so here it
 * names nobody. Raises `invalid-argument` for a pattern that cannot be used.
 */
export function tryRule(rule: PersonRule, paths: readonly string[]): (string | null)[] {
  if (rule.by === 'csv') return paths.map(() => null)
  return paths.map(personRule(rule))
}
