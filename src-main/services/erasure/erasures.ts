/**
 * Erasures from the first look to the signed-off report; see [Note: Erasure]. Runs in main and on the command line.
 *
 * [Note: Erasure's journal] The store takes people and ledger contents in one transaction, which also writes down that the
 * erasure is due. Then the places beside the database are cleared, then the database file itself, then the report is
 * written out. Each of these can be done twice, and all of it is done again by {@link Erasures.finish} at the next start
 * where Visor ended in the middle.
 */

import { join } from 'node:path'
import { counted } from '../../../src-shared/amounts'
import type { ErasurePlace, ErasurePreview, ErasureReport, ErasureTarget } from '../../../src-shared/erasure'
import type { ClientId, ModelId } from '../../../src-shared/ids'
import type { DueErasure, Erased, ErasureStore } from '../../storage/erasure-store'
import type { JobProgress } from '../jobs'
import { writeReport } from './report-file'

/** A place beside the database that may hold something of those who were erased. */
export interface FilePlace {
  readonly place: ErasurePlace
  /** Removes what there is; how much that was. Done again it finds nothing. */
  clear(due: DueErasure): Promise<number>
}

interface ErasureDependencies {
  readonly store: ErasureStore
  /** In the order in which they are cleared. */
  readonly places: readonly FilePlace[]
  /** Where the reports are kept. */
  readonly reportsFolder: string
  /** The distances, by model, within which a face of the client's gallery may be somebody's. */
  readonly possible: (clientId: ClientId) => Promise<ReadonlyMap<ModelId, number>>
  /** The operating system's user name: who signs off. */
  readonly actor: string
  /** Runs the transaction while nothing else in this process holds people, and lets go what of them is in memory. */
  readonly whileStill?: (transaction: () => Promise<Erased>) => Promise<Erased>
}

interface ErasureControl {
  /** Aborted before the transaction is over, nothing is changed; later it has no effect. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: JobProgress) => void
}

/** A client's people: those to erase, and the client whose distances say what may be theirs. */
export interface ErasureRequest {
  readonly clientId: ClientId
  readonly target: ErasureTarget
}

export class Erasures {
  readonly #needs: ErasureDependencies
  /** One at a time: the next one's report would be written by the first. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(needs: ErasureDependencies) {
    this.#needs = needs
  }

  /** What an erasure would take. Raises `not-found`. */
  async preview({ clientId, target }: ErasureRequest): Promise<ErasurePreview> {
    const { store, possible } = this.#needs
    return store.preview({ target, possible: await possible(clientId) })
  }

  /** Refuses a reason that names somebody who would go (`invalid-argument`). Raises `not-found`. */
  checkReason({ target }: ErasureRequest, why: string): Promise<void> {
    return this.#needs.store.checkReason(target, why)
  }

  /**
   * Erases, to the end; gives the report. Raises `not-found`, `invalid-argument` (the reason names somebody), `conflict`;
   * `disk-full` and others where the people are gone but the erasure is not over: {@link finish} ends it.
   */
  erase(request: ErasureRequest, why: string, control: ErasureControl = {}): Promise<ErasureReport> {
    return this.#inTurn(async () => {
      const { ledgerId } = await this.#transaction(request, why, control)
      const reports = await this.#finish(control)
      return reports.find(({ ledger }) => ledger.entry === ledgerId)!
    })
  }

  /** Ends erasures that Visor left in the middle; gives the reports that were written. */
  finish(control: Pick<ErasureControl, 'onProgress'> = {}): Promise<ErasureReport[]> {
    return this.#inTurn(() => this.#finish(control))
  }

  /** Whether something is left to {@link finish}. */
  async isDue(): Promise<boolean> {
    const { store } = this.#needs
    return (await store.due()).length > 0 || (await store.unreported()).length > 0
  }

  /** Newest first. */
  reports(): Promise<readonly ErasureReport[]> {
    return this.#needs.store.reports()
  }

  async #transaction(
    { clientId, target }: ErasureRequest,
    reason: string,
    { signal, onProgress }: ErasureControl,
  ): Promise<Erased> {
    const { store, possible, actor, whileStill = (transaction) => transaction() } = this.#needs
    const query = { target, possible: await possible(clientId) }
    const context = {
      actor,
      summary: summaryOf(target),
      reason,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ done, total }: JobProgress) => onProgress?.({ done, total, detail: 'Removing' }),
    }
    return whileStill(() => store.erase(query, context))
  }

  async #finish({ onProgress }: Pick<ErasureControl, 'onProgress'>): Promise<ErasureReport[]> {
    const { store, places, reportsFolder } = this.#needs
    const due = await store.due()
    for (const erasure of due) {
      for (const place of places) {
        const count = await place.clear(erasure)
        await store.addRemoved(erasure.ledgerId, [{ place: place.place, count }])
      }
    }
    if (due.length > 0) {
      const detail = 'Clearing the database file'
      await store.scrub({ onProgress: ({ done, total }) => onProgress?.({ done, total, detail }) })
    }
    const reports = await store.unreported()
    for (const report of reports) {
      await writeReport(join(reportsFolder, reportName(report)), report)
      await store.reported(report.ledger.entry)
    }
    return [...reports]
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn
    return turn
  }
}

/** File name of a report: by its day and its entry in the ledger. */
export function reportName({ signedOff, ledger }: ErasureReport): string {
  return `erasure ${signedOff.at.slice(0, 10)} ${ledger.entry}.json`
}

/** What the history says; it names nobody. */
function summaryOf(target: ErasureTarget): string {
  if ('clientId' in target) return 'Erased a client with all it had'
  if ('deletedBy' in target) return 'Erased people from the bin'
  const { length } = target.personIds
  return `Erased ${counted(length, 'person', 'people')}`
}
