/** Long work that leaves several entries in the ledger: known as one, and taken back as one. Runs in main and on the command line. */
import { v4 as uuid } from 'uuid'
import { VisorError } from '../../src-shared/errors'
import type { Batch } from '../../src-shared/gallery'
import { type BatchId, batchIdSchema, type ClientId, type LedgerId } from '../../src-shared/ids'
import type { GalleryStore } from '../storage/gallery-store'
import type { WriteControl } from '../storage/written'
import { undoTogether } from './undo-together'

/** Entries that are asked for at once. */
const pageSize = 500

/** Begins one: every write of it is given this. `title`: as the history shows it. */
export function newBatch(title: string): Batch {
  return { batchId: batchIdSchema.parse(uuid()), title }
}

/**
 * Takes back all of a batch that was not taken back yet, the newest first.
 *
 * Raises `not-found` where the client's history has nothing of it to take back, and what {@link undoTogether} raises.
 */
export async function undoBatch(
  gallery: Pick<GalleryStore, 'ledger' | 'undo'>,
  { clientId, batchId }: { readonly clientId: ClientId; readonly batchId: BatchId },
  actor: string,
  control: WriteControl = {},
): Promise<{ readonly summary: string }> {
  const { title, left } = await stepsOf(gallery, clientId, batchId)
  return undoTogether(title, left, (ledgerId) => gallery.undo(ledgerId, { actor }), control)
}

/** What an entry is a step of. Raises `not-found` where the client's history has no such entry, or it is one by itself. */
export async function batchOf(
  gallery: Pick<GalleryStore, 'ledger'>,
  clientId: ClientId,
  ledgerId: LedgerId,
): Promise<Batch> {
  for await (const page of pagesOf(gallery, clientId)) {
    const entry = page.find((one) => one.ledgerId === ledgerId)
    if (entry?.partOf !== undefined) return entry.partOf
    if (entry !== undefined) break
  }
  throw new VisorError('not-found', 'The history has no such step of an enrolment or an import.')
}

async function* pagesOf(gallery: Pick<GalleryStore, 'ledger'>, clientId: ClientId) {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = await gallery.ledger({ clientId, before, limit: pageSize })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    before = last.sequence
  }
}

/** What is left of a batch, oldest first. Others may have written in between, but hardly a whole page. */
async function stepsOf(
  gallery: Pick<GalleryStore, 'ledger'>,
  clientId: ClientId,
  batchId: BatchId,
): Promise<{ readonly title: string; readonly left: LedgerId[] }> {
  const left: LedgerId[] = []
  let title: string | undefined
  for await (const page of pagesOf(gallery, clientId)) {
    const steps = page.filter(({ partOf }) => partOf?.batchId === batchId)
    if (title !== undefined && steps.length === 0) break
    title ??= steps[0]?.partOf?.title
    left.push(...steps.filter(({ undoable }) => undoable).map(({ ledgerId }) => ledgerId))
  }
  if (title === undefined || left.length === 0) {
    throw new VisorError('not-found', 'There is nothing of this left to undo.')
  }
  return { title, left: left.reverse() }
}
