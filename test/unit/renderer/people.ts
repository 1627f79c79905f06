/** People as main would answer, for tests of the window. */
import type { PeopleChoice } from '../../../src-renderer/state/browse-slice'
import type { State } from '../../../src-renderer/state/store'
import { type PersonSummary, personSummarySchema } from '../../../src-shared/gallery'
import { defaultClientId, domainSchema } from '../../../src-shared/ids'
import { defaultSettings } from '../../../src-shared/settings'

export const domain = domainSchema.parse('team')

export function person(number: number): PersonSummary {
  return personSummarySchema.parse({
    personId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    domain,
    name: `Person ${number}`,
    photos: 1,
    faces: 1,
    flags: ['one-photo'],
    tags: [],
    updatedAt: '2026-01-01T00:00:00Z',
  })
}

export function people(count: number, first = 0): PersonSummary[] {
  return Array.from({ length: count }, (_, index) => person(first + index))
}

/** What is changed of a store that shows so many people of a domain. */
export function galleriesWith(count: number): Partial<State> {
  return {
    settings: { ...defaultSettings, screen: 'galleries' },
    browsed: { clientId: defaultClientId, domain },
    people: { query: 'any', total: count, pages: new Map([[0, { items: people(count), round: 0 }]]) },
  }
}

export function choiceOf(count: number): PeopleChoice {
  return { chosen: new Set(people(count).map(({ personId }) => personId)), anchor: 0 }
}
