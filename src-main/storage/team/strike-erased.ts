/** What a console keeps of people who were erased on the server: acts that wait, comparisons. Main, command line. */
import type { DualStore } from '../dual-store'
import type { GalleryStore } from '../gallery-store'
import type { OutboxStore } from '../outbox-store'
import type { ServerStore } from '../threads/server-store'

/**
 * An act about one of them is not carried out, and its content goes; whether there was any. Raises what the server raises. See
 * [Note: Acts].
 */
export async function strikeErased(
  outbox: OutboxStore,
  server: Pick<ServerStore, 'erasedAmong'>,
): Promise<boolean> {
  const sought = await outbox.sought()
  const erased = sought.length === 0 ? [] : await server.erasedAmong(sought)
  if (erased.length === 0) return false
  await outbox.strike(erased)
  return true
}

/** People whom the server alone knew, and does not have any more, are in no comparison. Raises what the server raises. */
export async function forgetStrangers(
  dual: Pick<DualStore, 'strangers' | 'forgetPeople'>,
  server: Pick<GalleryStore, 'personsById'>,
): Promise<void> {
  const strangers = await dual.strangers()
  if (strangers.length === 0) return
  const there = new Set((await server.personsById(strangers)).map(({ personId }) => personId))
  const gone = strangers.filter((personId) => !there.has(personId))
  if (gone.length > 0) await dual.forgetPeople(gone)
}
