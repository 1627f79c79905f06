/** The photo that an isolation check embeds: made here, of nobody, the same each time. Runs in main and on the command line. */
import { crc32, deflateSync } from 'node:zlib'
import type { Box } from '../../../../src-shared/geometry'

const widthPx = 640
const heightPx = 480
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Where a face is said to be, in pixels of the photo. */
export const madeBox: Box = { x: 220, y: 120, w: 200, h: 240 }

/** A PNG of soft waves of colour: to be decoded, searched for faces, cut out and embedded as any photo is. */
export function madePhoto(): Uint8Array<ArrayBuffer> {
  // Each line begins with its filter: 0, none (PNG, 9.2).
  const lines = new Uint8Array(heightPx * (1 + widthPx * 3))
  let at = 0
  for (let y = 0; y < heightPx; y += 1) {
    at += 1
    for (let x = 0; x < widthPx; x += 1) {
      lines[at] = wave(x / 37)
      lines[at + 1] = wave((x + y) / 53)
      lines[at + 2] = wave(y / 29)
      at += 3
    }
  }
  const header = new Uint8Array(13)
  const fields = new DataView(header.buffer)
  fields.setUint32(0, widthPx)
  fields.setUint32(4, heightPx)
  // Eight bits a channel, red, green and blue.
  header.set([8, 2], 8)
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', new Uint8Array())]
  return Uint8Array.from(Buffer.concat([signature, ...parts]))
}

const wave = (phase: number) => Math.round(127.5 + 90 * Math.sin(phase))

/** Length, name, data, and the checksum of name and data (PNG, 5.3). */
function chunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, checksum])
}
