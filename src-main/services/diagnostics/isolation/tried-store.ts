/** A store that an isolation check searches, over and over, by stored vectors and by fresh ones. Runs in main and on the command line. */
import type { UnitEmbedding } from '../../../../src-shared/face'
import type { ModelId } from '../../../../src-shared/ids'
import type { StoredFace } from '../../../storage/diagnostics-store'
import type { DiagnosedStore } from '../diagnose'
import { type SearchedGallery, searchForItself } from '../search-checks'
import { Times } from './times'

/** A store to be searched. */
export interface StoreToTry {
  /** For people: `this machine`. */
  readonly name: string
  /** Raises `server-login` where a kept password cannot be opened. */
  readonly open: () => Promise<DiagnosedStore>
}

type ClosableGallery = SearchedGallery & { close(): Promise<void> }

/** Stored faces that are searched for in turn. */
const searchedFaces = 50

export class TriedStore {
  readonly name: string
  /** Stored faces that did not find their own person. */
  lost = 0
  readonly #gallery: ClosableGallery
  readonly #faces: readonly StoredFace[]
  #times = new Times()
  #turn = 0

  private constructor(name: string, gallery: ClosableGallery, faces: readonly StoredFace[]) {
    this.name = name
    this.#gallery = gallery
    this.#faces = faces
  }

  /** `undefined` where nobody is enrolled. Raises why the store cannot be opened or asked. */
  static async open({ name, open }: StoreToTry, signal: AbortSignal): Promise<TriedStore | undefined> {
    const { database, openGallery } = await open()
    const read = async () => {
      try {
        return await database.storedFaces(searchedFaces, signal)
      } finally {
        await database.close()
      }
    }
    const faces = await read()
    return faces.length === 0 ? undefined : new TriedStore(name, await openGallery(), faces)
  }

  /** Of the searches since they were asked for last. */
  takeTimes(): Times {
    const times = this.#times
    this.#times = new Times()
    return times
  }

  /** Searches for the next stored face. */
  async searchStored(): Promise<void> {
    const { found } = await this.#times.measure(() => searchForItself(this.#gallery, this.#next()))
    if (!found) this.lost += 1
  }

  /** Searches for a face that was embedded just now, where the next stored face is. */
  async searchFresh(embedding: UnitEmbedding, modelId: ModelId): Promise<void> {
    const { clientId, domain } = this.#next()
    await this.#times.measure(() =>
      this.#gallery.search({
        clientId,
        domains: [domain],
        modelId,
        probes: [embedding],
        topPersons: 5,
        topFaces: 0,
        withinDistance: 1,
      }),
    )
  }

  close(): Promise<void> {
    return this.#gallery.close()
  }

  #next(): StoredFace {
    const face = this.#faces[this.#turn % this.#faces.length]!
    this.#turn += 1
    return face
  }
}
