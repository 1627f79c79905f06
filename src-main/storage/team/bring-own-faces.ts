/** Unknown faces that an edit names, and that the server does not have yet; see [Note: Own faces]. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import { type FaceId, faceIdSchema } from '../../../src-shared/ids'
import type { WholeAct } from '../act'
import type { OutboxStore } from '../outbox-store'
import type { UnknownStore } from '../unknown-store'

/**
 * Brings them there, and those that were told apart from them; gives the arguments of the edit, and whom it ruled out, as the server calls
 * these faces. Raises `conflict` where it has one that is named as somebody's by now, unless somebody decided that the edit holds all
 * the same.
 */
export async function bringOwnFaces(
  outbox: Pick<OutboxStore, 'ownFaces' | 'brought'>,
  server: Pick<UnknownStore, 'bring'>,
  { clientId, base, ruledOut }: Pick<WholeAct, 'clientId' | 'base' | 'ruledOut'>,
  args: readonly unknown[],
): Promise<{ readonly args: readonly unknown[]; readonly ruledOut: WholeAct['ruledOut'] }> {
  const named = new Set(idsIn(args))
  const sought = [...new Set([...named, ...ruledOut.map(({ faceId }) => faceId)])]
  const own = sought.length === 0 ? [] : await outbox.ownFaces(sought)
  if (own.length === 0) return { args, ruledOut }
  const names = new Map(
    own.flatMap(({ faceId, there }) => (there === null ? [] : [[faceId, there] as const])),
  )
  const missing = own.filter(({ there }) => there === null)
  if (missing.length > 0) {
    const brought = await server.bring(clientId, missing)
    const free = brought.filter(
      ({ faceId, personId }) => personId === null || base === null || !named.has(faceId),
    )
    await outbox.brought(free)
    if (free.length < brought.length) throw somebodys()
    for (const { faceId, there } of free) names.set(faceId, there)
  }
  return {
    args: renamed(args, names) as readonly unknown[],
    ruledOut: ruledOut.map(({ faceId, personId }) => ({ faceId: names.get(faceId) ?? faceId, personId })),
  }
}

/** All that may be an id; not what is in vectors and pictures. */
function* idsIn(value: unknown): Generator<FaceId> {
  if (typeof value === 'string') {
    const id = faceIdSchema.safeParse(value)
    if (id.success) yield id.data
  } else if (isMade(value)) {
    for (const part of Object.values(value)) yield* idsIn(part)
  }
}

function renamed(value: unknown, names: ReadonlyMap<string, FaceId>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value
  if (Array.isArray(value)) return value.map((part) => renamed(part, names))
  if (!isMade(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, renamed(part, names)]))
}

/** A list or an object of named values. */
function isMade(value: unknown): value is object {
  return Array.isArray(value) || (value !== null && Object.getPrototypeOf(value) === Object.prototype)
}

function somebodys(): VisorError {
  return new VisorError('conflict', 'On the server this face is somebody’s by now.', {
    consequence: 'This change waits for your decision; nothing was changed on the server.',
    remedy: 'Keep yours to give the face to whom you named, or theirs.',
  })
}
