/** XMP and orientation in files of four formats, made by sharp; a JPEG with another packet is the same picture. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readPhotoMetadata, withJpegXmp } from '../../../../../src-main/services/exchange/xmp/photo-metadata'
import { readNames, withNames } from '../../../../../src-main/services/exchange/xmp/photo-names'
import { sharp } from '../../../../../src-main/vision/native/sharp'

const size = { width: 48, height: 32 }
const xmp =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
const picture = () => sharp({ create: { ...size, channels: 3, background: '#a08060' } })
const samples = join(import.meta.dirname, '../../../../../node_modules/@vladmandic/face-api/demo')
const ana = { name: 'Ana', box: { x: 4, y: 6, w: 12, h: 16 } }

describe.each(['jpeg', 'png', 'webp', 'tiff'] as const)('%s', (format) => {
  test('gives its packet and its orientation', async () => {
    const bytes = await picture().withXmp(xmp).withMetadata({ orientation: 6 }).toFormat(format).toBuffer()
    const metadata = readPhotoMetadata(bytes)
    expect(metadata.xmp).toContain('<rdf:RDF')
    expect(metadata.orientation).toBe(6)
  })

  test('gives nothing where there is nothing, and where the file is cut', async () => {
    const bytes = await picture().toFormat(format).toBuffer()
    expect(readPhotoMetadata(bytes)).toEqual({ orientation: 1 })
    const whole = await picture().withXmp(xmp).withMetadata({ orientation: 6 }).toFormat(format).toBuffer()
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => readPhotoMetadata(whole.subarray(0, length))).not.toThrow()
    }
  })
})

test('a packed packet in a PNG is unpacked; one that is a bomb or no packet is reported as broken', () => {
  const png = (text: Buffer) => {
    const data = Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\u0001\0\0\0', 'latin1'), text])
    const head = Buffer.alloc(8)
    head.writeUInt32BE(data.length)
    head.write('iTXt', 4, 'latin1')
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), head, data, Buffer.alloc(4)])
  }
  expect(readPhotoMetadata(png(deflateSync(xmp))).xmp).toBe(xmp)
  for (const text of [deflateSync(Buffer.alloc(50_000_000)), Buffer.from('not packed')]) {
    expect(() => readNames(png(text), undefined)).toThrow(expect.objectContaining({ code: 'image-corrupt' }))
  }
})

test('a packet in any other file is found by its marks', () => {
  const bytes = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic', 'latin1'), Buffer.from(`…${xmp}…`)])
  expect(readPhotoMetadata(bytes).xmp).toBe(xmp)
})

describe('a JPEG with names', () => {
  const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer()

  test('is the same picture, and a decoder finds the one packet', async () => {
    const bytes = readFileSync(join(samples, 'sample1.jpg'))
    const { width = 0, height = 0 } = await sharp(bytes).metadata()
    const first = withNames(bytes, { width, height }, [ana], false).copy.bytes
    const named = withNames(Buffer.from(first), { width, height }, [{ ...ana, name: 'Ana K.' }], false).copy
      .bytes
    expect((await pixels(named)).equals(await pixels(bytes))).toBe(true)
    const metadata = await sharp(named).metadata()
    expect(metadata.xmpAsString).toContain('Ana K.')
    expect(Buffer.from(named).toString('latin1').split('http://ns.adobe.com/xap/1.0/\0').length).toBe(2)
    const [read] = readNames(Buffer.from(named), undefined)({ width, height })
    expect(read?.name).toBe('Ana K.')
    expect(read?.box.x).toBeCloseTo(ana.box.x, 2)
  })

  test('broken XMP is kept, and the names go beside it; by force it is replaced', async () => {
    const bytes = withJpegXmp(await picture().jpeg().toBuffer(), '<x:xmpmeta broken')!
    const kept = withNames(bytes, size, [ana], false)
    expect(kept.copy.bytes).toBe(bytes)
    expect(kept.copy.sidecar).toContain('mwg-rs:Name="Ana"')
    expect(kept.problem).toMatchObject({ code: 'image-corrupt' })
    const forced = withNames(bytes, size, [ana], true)
    expect(forced.problem).toBeUndefined()
    expect(forced.copy.sidecar).toBeUndefined()
    expect(readNames(Buffer.from(forced.copy.bytes), undefined)(size)).toMatchObject([{ name: 'Ana' }])
  })

  test('a packet that is too long for a JPEG, and a file that is none inside, get a sidecar', async () => {
    const bytes = await picture().jpeg().toBuffer()
    expect(withJpegXmp(bytes, 'x'.repeat(65_600))).toBeUndefined()
    const odd = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('not segments')])
    expect(withNames(odd, size, [ana], false).copy.sidecar).toContain('Ana')
  })
})

test('a PNG keeps its bytes and gets a sidecar, which is read before what is in the photo', async () => {
  const bytes = await picture().png().toBuffer()
  const { copy } = withNames(bytes, size, [ana], false)
  expect(copy.bytes).toBe(bytes)
  expect(readNames(bytes, copy.sidecar)(size)).toMatchObject([{ name: 'Ana' }])
  expect(withNames(bytes, size, [], false).copy).toEqual({ bytes })
})
