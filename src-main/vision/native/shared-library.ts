/** Prepares a copy of a Linux shared library that prefers its own symbols. Pure; vision process. */

/** Values of the ELF format (System V ABI, chapter 5; `elf.h`). */
const programHeaderDynamic = 2
const tagRelativeCount = 0x6ffffff9n
const tagFlags = 30n
const flagSymbolic = 2n

/**
 * Sets `DF_SYMBOLIC` in the dynamic section of a 64-bit little-endian ELF library, in place: what the library defines, it
 * then looks up in itself first. The flag takes the place of the tag `RELACOUNT`, which only says how far a loader may
 * hurry. Returns false, and changes nothing, where the file has no such tag.
 */
export function preferOwnSymbols(library: Buffer): boolean {
  if (library.toString('latin1', 0, 4) !== '\x7fELF' || library[4] !== 2 || library[5] !== 1) return false
  const headers = Number(library.readBigUInt64LE(32))
  const headerBytes = library.readUInt16LE(54)
  const headerCount = library.readUInt16LE(56)
  for (let index = 0; index < headerCount; index++) {
    const header = headers + index * headerBytes
    if (library.readUInt32LE(header) !== programHeaderDynamic) continue
    const start = Number(library.readBigUInt64LE(header + 8))
    const end = start + Number(library.readBigUInt64LE(header + 32))
    for (let entry = start; entry < end; entry += 16) {
      if (library.readBigUInt64LE(entry) !== tagRelativeCount) continue
      library.writeBigUInt64LE(tagFlags, entry)
      library.writeBigUInt64LE(flagSymbolic, entry + 8)
      return true
    }
  }
  return false
}
