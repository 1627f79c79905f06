/** Memory for the vectors of a file: many in one piece, as a piece for each would take longer than the reading. Import worker thread. */

/** Numbers in one piece: 128 vectors of 512. It is given back once no row of it is in use. */
const pieceNumbers = 64 * 1024

export class VectorMemory {
  #piece = new Float32Array(0)
  #used = 0

  /** A copy, each number rounded to float32. */
  kept(numbers: Float64Array): Float32Array {
    if (this.#used + numbers.length > this.#piece.length) {
      this.#piece = new Float32Array(Math.max(pieceNumbers, numbers.length))
      this.#used = 0
    }
    const kept = this.#piece.subarray(this.#used, this.#used + numbers.length)
    this.#used += numbers.length
    kept.set(numbers)
    return kept
  }
}
