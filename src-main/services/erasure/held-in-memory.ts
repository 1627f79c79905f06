/** What the window's process itself holds of people: let go when they are erased. Runs in main. */
import type { ItemId, LedgerId } from '../../../src-shared/ids'
import type { Erased } from '../../storage/erasure-store'

interface Holders {
  /** Runs `work` while no photo is being analysed, then drops the items that it says are gone. */
  readonly queue: {
    whileIdle<T>(work: () => Promise<{ readonly value: T; readonly gone: readonly ItemId[] }>): Promise<T>
  }
  readonly pictures: { forget(): void }
  readonly recentActs: { forget(id: LedgerId): void }
  readonly unknown: { idle(): Promise<void>; forgotten(clientId: Erased['clientId']): void }
  readonly galleriesChanged: (clientId: Erased['clientId']) => void
}

/** Runs an erasure's transaction while nothing here is about to store faces, and forgets afterwards what it took. */
export function letGo({ queue, pictures, recentActs, unknown, galleriesChanged }: Holders) {
  return async (transaction: () => Promise<Erased>): Promise<Erased> => {
    const erased = await queue.whileIdle(async () => {
      await unknown.idle()
      const value = await transaction()
      return { value, gone: value.queueItems }
    })
    pictures.forget()
    for (const ledgerId of erased.entries) recentActs.forget(ledgerId)
    unknown.forgotten(erased.clientId)
    galleriesChanged(erased.clientId)
    return erased
  }
}
