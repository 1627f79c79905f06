/** Erasure from a local gallery that is on a server as well: from both, or from neither. Main, command line. */
import { hasCode } from '../../../src-shared/errors'
import type { ErasureContext, ErasureQuery, ErasureStore } from '../erasure-store'
import type { WriteControl } from '../written'

/**
 * `far`: the server's, where it has people of this gallery; raises why it cannot be asked. This console goes first, while it still
 * knows whom: what the server no longer has goes from here by its feed. Where the server then fails, the erasure is asked for again.
 */
export class PairedErasure implements ErasureStore {
  readonly checkReason: ErasureStore['checkReason']
  readonly inQueue: ErasureStore['inQueue']
  readonly preview: ErasureStore['preview']
  readonly due: ErasureStore['due']
  readonly addRemoved: ErasureStore['addRemoved']
  readonly unreported: ErasureStore['unreported']
  readonly reported: ErasureStore['reported']
  readonly reports: ErasureStore['reports']
  readonly #here: ErasureStore
  readonly #far: () => ErasureStore | undefined

  constructor(here: ErasureStore, far: () => ErasureStore | undefined) {
    const { checkReason, inQueue, preview, due, addRemoved, unreported, reported, reports } = here
    this.checkReason = checkReason
    this.inQueue = inQueue
    this.preview = preview
    this.due = due
    this.addRemoved = addRemoved
    this.unreported = unreported
    this.reported = reported
    this.reports = reports
    this.#here = here
    this.#far = far
  }

  async erase(query: ErasureQuery, context: ErasureContext): ReturnType<ErasureStore['erase']> {
    const far = this.#far()
    if (far === undefined) return this.#here.erase(query, context)
    await far.checkReason(query.target, context.reason)
    const here = await this.#here.erase(query, context).catch((error: unknown) => {
      if (hasCode(error, 'not-found')) return undefined
      throw error
    })
    const there = await far.erase({ ...query, desk: [] }, context)
    await far.scrub({})
    return here ?? there
  }

  scrub(control: Pick<WriteControl, 'onProgress'>): Promise<void> {
    return this.#here.scrub(control)
  }
}
