/** Whether an embedded colour profile is plain sRGB. Pure; vision process. */

/**
 * True where `profile` (ICC.1:2022) says that it is sRGB: its device model is `sRGB`, or its description has that word.
 * Such pixels need no conversion, which would take longer than decoding a JPEG does.
 */
export function isSrgbProfile(profile: Uint8Array): boolean {
  const bytes = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength)
  if (bytes.length < 132 || bytes.toString('latin1', 16, 20) !== 'RGB ') return false
  if (bytes.toString('latin1', 52, 56) === 'sRGB') return true
  const tags = Math.min(bytes.readUInt32BE(128), 100)
  for (let tag = 0; tag < tags && 132 + 12 * (tag + 1) <= bytes.length; tag++) {
    const entry = 132 + 12 * tag
    if (bytes.toString('latin1', entry, entry + 4) !== 'desc') continue
    const [offset, size] = [bytes.readUInt32BE(entry + 4), bytes.readUInt32BE(entry + 8)]
    // Version 2 writes the description in ASCII, version 4 in UTF-16: without the zeros they read alike.
    const text = bytes.toString('latin1', offset, offset + Math.min(size, 1000)).replaceAll('\0', '')
    return text.includes('sRGB')
  }
  return false
}
