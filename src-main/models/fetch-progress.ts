/** How far a fetch has come. Main process and command line. */
import type { Artefact } from '../../src-shared/model-pack'

export interface FetchProgress {
  /** Bytes of the files that are wanted, not of the archives around them. */
  readonly doneBytes: number
  readonly totalBytes: number
  /** The file, or files, being fetched. */
  readonly name: string
}

const pauseMs = 100

/** Counts bytes over several archives, one after the other, and tells of them at most ten times a second. */
export class ProgressMeter {
  readonly #tell: ((progress: FetchProgress) => void) | undefined
  readonly #totalBytes: number
  #finishedBytes = 0
  #groupBytes = 0
  #doneBytes = 0
  #name = ''
  #toldAtMs = Number.NEGATIVE_INFINITY

  constructor(artefacts: readonly Artefact[], tell: ((progress: FetchProgress) => void) | undefined) {
    this.#tell = tell
    this.#totalBytes = bytesOf(artefacts)
  }

  begin(group: readonly Artefact[]): void {
    this.#groupBytes = bytesOf(group)
    this.#doneBytes = 0
    this.#name = group.map(({ name }) => name).join(', ')
    this.#report()
  }

  /** `bytes` more of the group's files have been written. */
  add(bytes: number): void {
    // A download that is repeated counts its bytes anew.
    this.#doneBytes = Math.min(this.#doneBytes + bytes, this.#groupBytes)
    this.#report()
  }

  /** Of the archive that holds the group's files, this share has come, 0 … 1. */
  share(share: number): void {
    this.#doneBytes = Math.round(share * this.#groupBytes)
    this.#report()
  }

  end(): void {
    this.#finishedBytes += this.#groupBytes
    this.#groupBytes = 0
    this.#doneBytes = 0
    if (this.#finishedBytes === this.#totalBytes) this.#toldAtMs = Number.NEGATIVE_INFINITY
    this.#report()
  }

  #report(): void {
    const nowMs = performance.now()
    if (nowMs - this.#toldAtMs < pauseMs) return
    this.#toldAtMs = nowMs
    const doneBytes = this.#finishedBytes + this.#doneBytes
    this.#tell?.({ doneBytes, totalBytes: this.#totalBytes, name: this.#name })
  }
}

function bytesOf(artefacts: readonly Artefact[]): number {
  return artefacts.reduce((total, { bytes }) => total + bytes, 0)
}
