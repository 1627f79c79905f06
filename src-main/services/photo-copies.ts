/** Which items of the Identify queue hold the same photo. Pure, runs in main. */
import type { ItemId, Sha256 } from '../../src-shared/ids'

/** Items whose place among the copies changed: the first item of the same photo, `undefined` for that item itself. */
export type CopyChanges = ReadonlyMap<ItemId, ItemId | undefined>

interface Copies {
  first: ItemId
  readonly positions: Map<ItemId, number>
}

const nothing: CopyChanges = new Map()

export class PhotoCopies {
  readonly #copiesOf = new Map<Sha256, Copies>()
  readonly #photoOf = new Map<ItemId, Sha256>()

  /** The item holds this photo now; `position` orders the copies. */
  put(itemId: ItemId, photo: Sha256, position: number): CopyChanges {
    const before = this.#photoOf.get(itemId)
    if (before === photo) return nothing
    const left = this.remove(itemId)
    this.#photoOf.set(itemId, photo)
    const copies = this.#copiesOf.get(photo)
    if (copies === undefined) {
      this.#copiesOf.set(photo, { first: itemId, positions: new Map([[itemId, position]]) })
      return new Map([...left, [itemId, undefined]])
    }
    const precedes = position < copies.positions.get(copies.first)!
    copies.positions.set(itemId, position)
    // Of thousands of copies only the new one is touched, unless it comes before them all.
    return new Map([...left, ...(precedes ? lead(copies, itemId) : [[itemId, copies.first] as const])])
  }

  /** The first item that holds this photo. */
  first(photo: Sha256): ItemId | undefined {
    return this.#copiesOf.get(photo)?.first
  }

  /** The item is gone. */
  remove(itemId: ItemId): CopyChanges {
    const photo = this.#photoOf.get(itemId)
    const copies = photo === undefined ? undefined : this.#copiesOf.get(photo)
    if (photo === undefined || copies === undefined) return nothing
    this.#photoOf.delete(itemId)
    copies.positions.delete(itemId)
    if (copies.positions.size === 0) this.#copiesOf.delete(photo)
    if (copies.first !== itemId || copies.positions.size === 0) return nothing
    const [next] = [...copies.positions].reduce((a, b) => (b[1] < a[1] ? b : a))
    return new Map(lead(copies, next))
  }
}

/** Makes an item the first of the copies: it and all others show it. */
function lead(copies: Copies, first: ItemId): [ItemId, ItemId | undefined][] {
  copies.first = first
  return [...copies.positions.keys()].map((itemId) => [itemId, itemId === first ? undefined : first])
}
