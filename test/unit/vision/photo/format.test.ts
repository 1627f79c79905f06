import { describe, expect, it } from 'vitest'
import { sniffFormat } from '../../../../src-main/vision/photo/format'

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const heif = (major: string, ...compatible: string[]) =>
  ascii(`\0\0\0${String.fromCharCode(16 + 4 * compatible.length)}ftyp${major}\0\0\0\0${compatible.join('')}`)

describe('sniffFormat', () => {
  it.each([
    ['jpeg', ascii('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['png', ascii('\x89PNG\r\n\x1a\n\0\0')],
    ['webp', ascii('RIFF\x10\0\0\0WEBPVP8 ')],
    ['gif', ascii('GIF89a\x01\0')],
    ['tiff', ascii('II*\0\x08\0\0\0')],
    ['tiff', ascii('MM\0*\0\0\0\x08')],
    ['avif', heif('avif', 'mif1', 'miaf')],
    ['avif', heif('mif1', 'avif')],
    ['heic', heif('heic', 'mif1', 'heic')],
    ['heic', heif('mif1', 'heic')],
  ])('knows %s', (format, bytes) => {
    expect(sniffFormat(bytes)).toBe(format)
  })

  it.each([
    ['SVG', ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG with a prologue', ascii('<?xml version="1.0"?><svg/>')],
    ['PDF', ascii('%PDF-1.7\n')],
    ['text', ascii('just words')],
    ['a film', heif('isom', 'mp42')],
    ['one byte', ascii('\xff')],
    ['a cut ftyp', ascii('\0\0\0\x10ftyp')],
  ])('refuses %s', (_, bytes) => {
    expect(() => sniffFormat(bytes)).toThrow(expect.objectContaining({ code: 'format-unsupported' }))
  })

  it('reads a view of a larger buffer', () => {
    const whole = new Uint8Array(100)
    whole.set(heif('mif1', 'heic'), 37)
    expect(sniffFormat(whole.subarray(37))).toBe('heic')
  })
})
