/** A gallery and its copy on a server are paired: from before it is copied, once both are equal, until that is ended. Runs in main and on the command line. */
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { StoreMode } from '../../../src-shared/store-mode'
import type { CacheStore } from '../../storage/cache/cache-store'
import type { DualStore } from '../../storage/dual-store'
import type { WriteControl } from '../../storage/written'
import type { FarServer } from '../server-side'
import type { Decide } from './decide'
import { notEqual } from './move-errors'

interface PairingsDependencies {
  readonly local: {
    readonly dual: Pick<DualStore, 'beginPairing' | 'endPairing'>
    readonly cache: Pick<CacheStore, 'pair'>
  }
  /** Who answers now. */
  readonly mode: () => StoreMode
  readonly decide: Decide
  /** Opens the server that the settings name, for a moment. Raises why it cannot be used. */
  readonly openServer: () => Promise<FarServer>
  /** Of the server that the settings name. */
  readonly place: () => string
  /** A client was paired, or its pairing was ended. */
  readonly pairingsChanged: () => Promise<void>
}

/** See [Note: Paired gallery]. */
export class Pairings {
  readonly #needs: PairingsDependencies

  constructor(needs: PairingsDependencies) {
    this.#needs = needs
  }

  /** From here on, edits of a client are kept for the server: before its gallery is copied. Raises why it cannot be used; `conflict`. */
  async beginPairing(clientId: ClientId): Promise<void> {
    const server = await this.#needs.openServer()
    try {
      await this.#begin(clientId, server)
    } finally {
      await server.close()
    }
  }

  /**
   * Pairs a client whose gallery was copied to the server: compares all of it, row by row. Raises `conflict` where both differ; what
   * is edited meanwhile is kept for the server all the same.
   */
  async pair(clientId: ClientId, control: WriteControl = {}): Promise<void> {
    const { local, openServer, place, mode, decide, pairingsChanged } = this.#needs
    const server = await openServer()
    try {
      await this.#begin(clientId, server)
      const differences = await local.cache.pair(clientId, server.snapshots(), control)
      if (differences.length > 0) throw notEqual(clientId, differences)
      const summary = `Found the gallery equal on ${place()}`
      await decide(mode(), { step: 'pair' }, summary)
    } finally {
      await server.close()
      await pairingsChanged()
    }
  }

  async #begin(clientId: ClientId, { feed }: FarServer): Promise<void> {
    const { local, place, pairingsChanged } = this.#needs
    await local.dual.beginPairing(clientId, await feed.identity(), place())
    await pairingsChanged()
  }

  /** Ends the pairing of a client: both go their own ways, and what waited for the server is forgotten. Raises `conflict` in other modes than local. */
  async unpair(clientId: ClientId): Promise<void> {
    const { local, mode, decide, pairingsChanged } = this.#needs
    if (mode() !== 'local') {
      throw new VisorError('conflict', 'The server is used just now.', {
        consequence: 'Nothing was changed.',
        remedy: 'Work on this machine first: mode local.',
      })
    }
    await decide('local', { step: 'unpair' }, 'Ended the pairing with the server')
    await local.dual.endPairing(clientId)
    await pairingsChanged()
  }
}
