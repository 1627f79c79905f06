/** Disjoint sets of faces that refuse to join where that would break a constraint. Pure, any process. */

/** What constraints are about. */
export interface ConstrainedFace {
  readonly id: number
  /** Two faces of one photo must stay apart; `null` = a photo that may show a person twice. */
  readonly photo: string | null
  /** A face with a number and one with its opposite must stay apart. */
  readonly sides: readonly number[]
}

/** Whether two faces must never be in one group. */
export function cannotLink(a: ConstrainedFace, b: ConstrainedFace): boolean {
  return (a.photo !== null && a.photo === b.photo) || a.sides.some((side) => b.sides.includes(-side))
}

interface Group {
  readonly faces: number[]
  readonly photos: Set<string>
  readonly sides: Set<number>
}

/**
 * Union-find that moves the members of the smaller group into the larger: of n faces each is moved log₂ n times at most,
 * and a group's constraints are those of its members, looked at from the smaller side.
 */
export class ConstrainedGroups {
  readonly #groups = new Map<number, Group>()

  /** Every face begins alone. */
  constructor(faces: Iterable<ConstrainedFace>) {
    for (const { id, photo, sides } of faces) {
      const photos = new Set(photo === null ? [] : [photo])
      this.#groups.set(id, { faces: [id], photos, sides: new Set(sides) })
    }
  }

  /** Joins the groups of two faces; whether they are together now. */
  join(a: number, b: number): boolean {
    const [one, other] = [this.#groups.get(a)!, this.#groups.get(b)!]
    if (one === other) return true
    const [small, large] = one.faces.length < other.faces.length ? [one, other] : [other, one]
    for (const photo of small.photos) if (large.photos.has(photo)) return false
    for (const side of small.sides) if (large.sides.has(-side)) return false
    for (const id of small.faces) {
      large.faces.push(id)
      this.#groups.set(id, large)
    }
    for (const photo of small.photos) large.photos.add(photo)
    for (const side of small.sides) large.sides.add(side)
    return true
  }

  /** Each face of a group of two or more, with the least id of its group. */
  ofTwoOrMore(): Map<number, number> {
    const least = new Map<number, number>()
    for (const { faces } of new Set(this.#groups.values())) {
      if (faces.length < 2) continue
      const group = faces.reduce((a, b) => Math.min(a, b))
      for (const id of faces) least.set(id, group)
    }
    return least
  }
}
