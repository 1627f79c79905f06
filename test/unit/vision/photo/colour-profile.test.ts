import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isSrgbProfile } from '../../../../src-main/vision/photo/colour-profile'

/** A profile with a device model and one description tag, in the layout of ICC.1:2022. */
function profile(space: string, model: string, description: Buffer): Buffer {
  const bytes = Buffer.alloc(144 + description.length)
  bytes.write(space, 16, 'latin1')
  bytes.write(model, 52, 'latin1')
  bytes.writeUInt32BE(1, 128)
  bytes.write('desc', 132, 'latin1')
  bytes.writeUInt32BE(144, 136)
  bytes.writeUInt32BE(description.length, 140)
  description.copy(bytes, 144)
  return bytes
}
const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16()

describe('isSrgbProfile', () => {
  it('knows the profile of a photo', () => {
    const jpeg = readFileSync('node_modules/@vladmandic/face-api/demo/sample1.jpg')
    const start = jpeg.indexOf('ICC_PROFILE\0') + 14
    expect(isSrgbProfile(jpeg.subarray(start, start + 3000))).toBe(true)
  })

  it('reads descriptions of both versions', () => {
    expect(isSrgbProfile(profile('RGB ', '', Buffer.from('desc\0\0\0\0sRGB IEC61966-2.1')))).toBe(true)
    expect(
      isSrgbProfile(profile('RGB ', '', Buffer.concat([Buffer.from('mluc'), utf16('sRGB built-in')]))),
    ).toBe(true)
  })

  it('takes no other space for it', () => {
    expect(
      isSrgbProfile(profile('RGB ', '', Buffer.concat([Buffer.from('mluc'), utf16('Display P3')]))),
    ).toBe(false)
    expect(isSrgbProfile(profile('CMYK', '', Buffer.from('desc sRGB')))).toBe(false)
    expect(isSrgbProfile(Buffer.from('short'))).toBe(false)
    expect(isSrgbProfile(profile('RGB ', '', Buffer.alloc(0)))).toBe(false)
  })
})
