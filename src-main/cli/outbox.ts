/** `visor outbox`: what was edited while the server was away, and did not get there yet. Runs on the command line. */
import { VisorError } from '../../src-shared/errors'
import { type LedgerId, ledgerIdSchema } from '../../src-shared/ids'
import type { OutboxEntry } from '../storage/act'
import type { OutboxStore } from '../storage/outbox-store'
import { Replay } from '../storage/team/replay'
import type { ServerStore } from '../storage/threads/server-store'
import { inSnakeCase, type Output } from './output'

/** Prints all of it, oldest first. */
export async function listOutbox(outbox: OutboxStore, place: string, output: Output): Promise<void> {
  const entries = await outbox.entries()
  for (const entry of entries) {
    const { madeAt, held, ...rest } = entry
    const told = { ...rest, madeAt: new Date(madeAt).toISOString(), held: held ?? null }
    output.answer(inSnakeCase(told), linesOf(entry).join('\n'))
  }
  const held = entries.filter((entry) => entry.held !== undefined).length
  const waiting = entries.length - held
  output.note(
    entries.length === 0
      ? `Nothing waits to be brought to ${place}.`
      : `${waiting} wait for ${place} or for those before them; ${held} for a decision: “outbox retry ID --anyway” or “outbox drop ID”.`,
  )
}

function linesOf({ id, actor, summary, madeAt, held }: OutboxEntry): string[] {
  const own = `${id}  ${new Date(madeAt).toISOString()}  ${actor}: ${summary}`
  if (held === undefined) return [own]
  const theirs = held.detail?.split('\n').map((line) => `    ${line}`) ?? []
  return [own, `  held: ${held.message}`, ...theirs]
}

/** Tries held edits again, all of them where none is named, and brings to the server what waits. Raises `not-found`. */
export async function retryOutbox(
  outbox: OutboxStore,
  server: ServerStore,
  ids: readonly string[],
  anyway: boolean,
  output: Output,
): Promise<void> {
  const before = await outbox.entries()
  const held = before.filter((entry) => entry.held !== undefined)
  for (const id of ids.length === 0 ? held.map((entry) => entry.id) : ids.map(idOf)) {
    await outbox.retry(id, anyway)
  }
  const replay = new Replay(outbox, await outbox.console(), () => undefined)
  await replay.run(server, () => undefined)
  const left = await outbox.entries()
  const stillHeld = left.filter((entry) => entry.held !== undefined)
  output.answer(
    { brought: before.length - left.length, held: stillHeld.length, waiting: left.length - stillHeld.length },
    `${before.length - left.length} brought to the server, ${left.length} left.`,
  )
  output.countFailures(stillHeld.length)
}

/** Forgets held edits. Raises `not-found`, `conflict`. */
export async function dropFromOutbox(
  outbox: OutboxStore,
  ids: readonly string[],
  output: Output,
): Promise<void> {
  for (const id of ids) await outbox.drop(idOf(id))
  output.answer({ dropped: ids.length }, `${ids.length} dropped.`)
}

function idOf(text: string): LedgerId {
  const parsed = ledgerIdSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new VisorError('invalid-argument', `${text} is no id of an edit.`, {
    remedy: '“outbox list” shows them.',
  })
}
