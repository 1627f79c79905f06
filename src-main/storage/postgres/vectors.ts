/**
 * Vectors as pgvector sends and takes them in the binary format: dimension and a zero, 16 bits each, then float32, all
 * big-endian (`vector_send`, `vector_recv` in pgvector's source). Any thread.
 */
import { embeddingLength } from '../../../src-shared/face'

const headerBytes = 4
const vectorBytes = headerBytes + embeddingLength * Float32Array.BYTES_PER_ELEMENT

/** A vector's bytes for a parameter. */
export function encodeVector(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + vector.length * Float32Array.BYTES_PER_ELEMENT)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, vector.length)
  for (let i = 0; i < vector.length; i++) view.setFloat32(headerBytes + i * 4, vector[i]!)
  return bytes
}

/**
 * The float32 of a vector that was sent, little-endian as every platform of Visor is. Throws where it is none of 512 dimensions:
 * the column's type says it is.
 */
export function decodeVector(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength !== vectorBytes) throw new TypeError(`A vector came in ${bytes.byteLength} bytes.`)
  const floats = bytes.slice(headerBytes)
  const words = new Uint32Array(floats.buffer)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    words[i] = (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)
  }
  return floats
}
