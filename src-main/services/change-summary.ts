/** What was changed about a person, as one sentence that a curator can decide by. Pure. Runs in main. */
import type { PersonPatch } from '../storage/gallery-records'

/** Longer texts are cut: the history is a list, not an archive. */
const longestText = 60

const fields = { occupation: 'occupation', wikidataId: 'Wikidata id', description: 'description' } as const

/** `name`: before the change. */
export function changeSummary(name: string, patch: PersonPatch): string {
  const parts = (Object.keys(fields) as (keyof typeof fields)[]).flatMap((field) => {
    const value = patch[field]
    if (value === undefined) return []
    return value === null || value === '' ? `no ${fields[field]}` : `${fields[field]} “${cut(value)}”`
  })
  const details = parts.join(', ')
  if (patch.name !== undefined && patch.name !== name) {
    return `Renamed ${name} to ${patch.name}${details === '' ? '' : ` (${details})`}`
  }
  return details === '' ? `Changed the details of ${name}` : `Changed ${name}: ${details}`
}

const cut = (text: string) => (text.length <= longestText ? text : `${text.slice(0, longestText).trimEnd()}…`)
