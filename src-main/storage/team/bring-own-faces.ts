/** Unknown faces that an edit names, and that the server does not have yet; see [Note: Own faces]. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import { type FaceId, faceIdSchema } from '../../../src-shared/ids'
import type { WholeAct } from '../act'
import type { OutboxStore } from '../outbox-store'
import type { UnknownStore } from '../unknown-store'

/**
 * Brings them there; gives the arguments of the edit as the server calls these faces. Raises `conflict` where it has one as
 * somebody's by now, unless somebody decided that the edit holds all the same.
 */
export async function bringOwnFaces(
  outbox: Pick<OutboxStore, 'ownFaces' | 'brought'>,
  server: Pick<UnknownStore, 'bring'>,
  { clientId, base }: Pick<WholeAct, 'clientId' | 'base'>,
  args: readonly unknown[],
): Promise<readonly unknown[]> {
  const named = [...idsIn(args)]
  const own = named.length === 0 ? [] : await outbox.ownFaces(named)
  if (own.length === 0) return args
  const names = new Map(
    own.flatMap(({ faceId, there }) => (there === null ? [] : [[faceId, there] as const])),
  )
  const missing = own.filter(({ there }) => there === null)
  if (missing.length > 0) {
    const brought = await server.bring(clientId, missing)
    const free = brought.filter(({ personId }) => personId === null || base === null)
    await outbox.brought(free)
    if (free.length < brought.length) throw somebodys()
    for (const { faceId, there } of free) names.set(faceId, there)
  }
  return renamed(args, names) as readonly unknown[]
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
