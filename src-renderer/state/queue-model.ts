/** The queue as the window holds it: batched changes and the filter, pure and quick at 100,000 photos. Renderer. */
import type { ItemId, PersonId } from '../../src-shared/ids'
import { passesFilter, type QueueChange, type QueueFilter, type QueueItem } from '../../src-shared/queue'

export interface QueueModel {
  readonly items: ReadonlyMap<ItemId, QueueItem>
  /** By position. The same array as long as no photo came or went. */
  readonly order: readonly ItemId[]
}

export const emptyQueue: QueueModel = { items: new Map(), order: [] }

/** The queue of a snapshot. */
export function queueOf(items: readonly QueueItem[]): QueueModel {
  const sorted = items.toSorted((a, b) => a.position - b.position)
  return {
    items: new Map(sorted.map((item) => [item.itemId, item])),
    order: sorted.map((item) => item.itemId),
  }
}

/** The queue after a batch of changes. Photos that did not change keep their object, so their rows do not render. */
export function applyChange(queue: QueueModel, change: Pick<QueueChange, 'upserts' | 'removed'>): QueueModel {
  if (change.upserts.length === 0 && change.removed.length === 0) return queue
  const items = new Map(queue.items)
  const added: QueueItem[] = []
  for (const item of change.upserts) {
    if (!items.has(item.itemId)) added.push(item)
    items.set(item.itemId, item)
  }
  let order = queue.order
  if (change.removed.length > 0) {
    for (const itemId of change.removed) items.delete(itemId)
    order = order.filter((itemId) => items.has(itemId))
  }
  if (added.length > 0) order = withAdded(order, items, added)
  return { items, order }
}

function withAdded(
  order: readonly ItemId[],
  items: ReadonlyMap<ItemId, QueueItem>,
  added: readonly QueueItem[],
): readonly ItemId[] {
  const position = (itemId: ItemId) => items.get(itemId)?.position ?? 0
  const newIds = added
    .map((item) => item.itemId)
    .filter((itemId) => items.has(itemId))
    .sort((a, b) => position(a) - position(b))
  const last = order.at(-1)
  const first = newIds[0]
  const merged = [...order, ...newIds]
  if (last === undefined || first === undefined || position(last) <= position(first)) return merged
  return merged.sort((a, b) => position(a) - position(b))
}

/** Whether the filter leaves anything out. */
export function isFiltering(filter: QueueFilter): boolean {
  return filter.text !== '' || filter.personId !== null || filter.decision !== null || filter.state !== null
}

let verdicts = new WeakMap<QueueItem, boolean>()
let verdictsOf: QueueFilter | undefined

/**
 * The photos that the filter shows, by position; the very `order` where it shows all. Photos that did not change keep
 * their object and so their verdict: while answers stream in, only what is new is looked at.
 */
export function visibleItems(queue: QueueModel, filter: QueueFilter): readonly ItemId[] {
  if (!isFiltering(filter)) return queue.order
  if (verdictsOf !== filter) {
    verdicts = new WeakMap()
    verdictsOf = filter
  }
  return queue.order.filter((itemId) => {
    const item = queue.items.get(itemId)
    if (item === undefined) return false
    const known = verdicts.get(item)
    if (known !== undefined) return known
    const passes = passesFilter(item, filter)
    verdicts.set(item, passes)
    return passes
  })
}

/** A person who was named in the queue, and in how many photos. */
interface PersonInQueue {
  readonly personId: PersonId
  readonly name: string
  readonly photos: number
}

/** Everybody named in the queue, most photos first. */
export function peopleInQueue(queue: QueueModel): readonly PersonInQueue[] {
  const people = new Map<PersonId, { name: string; photos: number }>()
  for (const item of queue.items.values()) {
    for (const { personId, name } of item.people) {
      const known = people.get(personId)
      if (known === undefined) people.set(personId, { name, photos: 1 })
      else known.photos += 1
    }
  }
  return [...people]
    .map(([personId, { name, photos }]) => ({ personId, name, photos }))
    .sort((a, b) => b.photos - a.photos || a.name.localeCompare(b.name))
}

/** The ids from `from` to `to` as they are shown, both included; just `to` where `from` is not shown. */
export function rangeOf(visible: readonly ItemId[], from: ItemId | null, to: ItemId): readonly ItemId[] {
  const end = visible.indexOf(to)
  const start = from === null ? -1 : visible.indexOf(from)
  if (start < 0 || end < 0) return [to]
  return visible.slice(Math.min(start, end), Math.max(start, end) + 1)
}
