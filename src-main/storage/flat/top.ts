/** The nearest so far, of rows and of people. Store worker thread. */

/** A row and its similarity to the probe. */
interface Scored {
  readonly row: number
  readonly similarity: number
}

/** Where `similarity` belongs in `list`, greatest first, behind its equals. */
function positionOf(list: readonly Scored[], similarity: number): number {
  let position = list.length
  while (position > 0 && list[position - 1]!.similarity < similarity) position--
  return position
}

/** The `limit` most similar rows. */
export class TopRows {
  readonly list: Scored[] = []
  /** What a row must exceed to get in; +∞ where nothing is wanted. */
  floor: number
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
    this.floor = limit === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }

  offer(row: number, similarity: number): void {
    if (similarity <= this.floor) return
    this.list.splice(positionOf(this.list, similarity), 0, { row, similarity })
    if (this.list.length > this.#limit) this.list.pop()
    if (this.list.length === this.#limit) this.floor = this.list.at(-1)!.similarity
  }
}

/** The `limit` people with the most similar row, each once however many rows they have. */
export class TopPersons {
  readonly list: (Scored & { readonly person: number })[] = []
  /** What a row must exceed to matter, whoever's it is. */
  floor = Number.NEGATIVE_INFINITY
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  offer(person: number, row: number, similarity: number): void {
    if (similarity <= this.floor) return
    const before = this.list.findIndex((entry) => entry.person === person)
    if (before !== -1) {
      if (this.list[before]!.similarity >= similarity) return
      this.list.splice(before, 1)
    }
    this.list.splice(positionOf(this.list, similarity), 0, { person, row, similarity })
    if (this.list.length > this.#limit) this.list.pop()
    if (this.list.length === this.#limit) this.floor = this.list.at(-1)!.similarity
  }
}
