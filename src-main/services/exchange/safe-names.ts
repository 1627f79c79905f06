/** Names of files and folders that every file system takes. Main and the command line; pure. */

/** Bytes of UTF-8 a name may have: file systems take 255, and what is added to it needs room. */
const longestNameBytes = 180

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/**
 * What a name may not have anywhere: control characters, the marks that turn the direction of text or cannot be seen
 * (Cf), halves of surrogate pairs, separators, and what Windows refuses.
 */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu

/** A name for a file or folder made from any text: NFC, at most 180 bytes, never empty. The text itself is kept in the manifest. */
export function safeName(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(forbidden, '_')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
  const short = cutToBytes(plain, longestNameBytes).replace(/[\s.]+$/u, '')
  if (short === '') return '_'
  return reserved.test(short) ? `_${short}` : short
}

/**
 * Gives each text a safe name that differs from all before it on every file system: also where case is ignored, or
 * accents are stored apart (NFD).
 */
export class SafeNames {
  readonly #taken = new Set<string>()

  /** @param extension kept whole at the end, with its dot */
  take(text: string, extension = ''): string {
    const stem = safeName(text)
    for (let number = 1; ; number += 1) {
      const name = `${stem}${number === 1 ? '' : ` (${number})`}${extension}`
      const key = name.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFC')
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      return name
    }
  }
}

/** Whole characters, as many as fit. */
function cutToBytes(text: string, bytes: number): string {
  let length = 0
  let cut = ''
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    length += Buffer.byteLength(segment)
    if (length > bytes) return cut
    cut += segment
  }
  return cut
}
