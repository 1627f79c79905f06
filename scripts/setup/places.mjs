/** Where things are in a working copy. Set-up scripts, system Node. */
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The working copy's folder, absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The absolute path of something in the working copy; what is absolute already stays as it is. */
export const at = (...parts) => resolve(root, ...parts)

/** The pinned copy of Electron is unpacked here. */
export const pinnedElectronFolder = at('.cache/electron-dist')

/** Which Electron is in use, `{kind,version,executable,chosenAt}`: written by set-up, for anybody to read. */
export const runtimeMarker = at('.cache/electron-runtime.json')

/** Which PostgreSQL tests run against: written by set-up, read by `test/postgres`. */
export const postgresMarker = at('.cache/postgresql.json')

/** The command line, built. */
export const commandLineEntry = at('out/main/cli.js')

/** The folder of the sample photos, `sample1.jpg` … `sample6.jpg`. */
export const samplePhotosFolder = at('node_modules/@vladmandic/face-api/demo')
