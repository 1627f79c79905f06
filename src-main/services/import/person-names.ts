/** Several people of one name in a source. Main, command line. */
import type { Domain } from '../../../src-shared/ids'

/** Longest name, characters. */
const longestName = 200

/** Ids in the order in which a person would count them: `9` before `10`. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

/**
 * Gives each person of a source a name of their own in their domain: the first by the source's id keeps it, others are `Name (2)`,
 * `Name (3)`, …
 */
export class PersonNames {
  /** By domain and name: the people's keys in the source. */
  readonly #keys = new Map<string, Set<string>>()
  readonly #numbers = new Map<string, Map<string, number>>()
  readonly #apart: boolean

  /** `apart`: unless it is so, people of one name are one person. */
  constructor(apart: boolean) {
    this.#apart = apart
  }

  /** Notes a person; all have to be noted before the first is named. */
  note(domain: Domain, name: string, key: string): void {
    const place = placeOf(domain, name)
    const keys = this.#keys.get(place)
    if (keys === undefined) this.#keys.set(place, new Set([key]))
    else keys.add(key)
  }

  /** The name, and the key by which the person is known. */
  nameOf(domain: Domain, name: string, key: string): { readonly name: string; readonly key: string } {
    if (!this.#apart) return { name, key: '' }
    const number = this.#numbersOf(placeOf(domain, name)).get(key) ?? 1
    if (number === 1) return { name, key }
    const suffix = ` (${number})`
    return { name: `${name.slice(0, longestName - suffix.length).toWellFormed()}${suffix}`, key }
  }

  #numbersOf(place: string): Map<string, number> {
    const known = this.#numbers.get(place)
    if (known !== undefined) return known
    const keys = [...(this.#keys.get(place) ?? [])].sort(inOrder)
    const numbers = new Map(keys.map((key, index) => [key, index + 1]))
    this.#numbers.set(place, numbers)
    return numbers
  }
}

const placeOf = (domain: Domain, name: string) => JSON.stringify([domain, name])
