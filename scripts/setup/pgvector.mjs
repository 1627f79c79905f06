/** The extension pgvector for a PostgreSQL that has none: its package, or a build of our own in `.cache`. Set-up scripts, system Node. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runLogged } from './child.mjs'
import {
  candidateVersion,
  canInstall,
  fetchFromArchive,
  installPackages,
  isDebian,
  isOnPath,
  unpackPackage,
  updateLists,
} from './debian.mjs'
import { at } from './places.mjs'

/** The source that we build: Debian's own, from its package archive. */
const source = {
  version: '0.8.0',
  path: 'pool/main/p/pgvector/pgvector_0.8.0.orig.tar.gz',
  sha256: '867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0',
}

/** The oldest version with half-precision vectors. */
const oldest = [0, 7]

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

/** The version that a control file names, or `null` where there is none. */
function versionIn(folder) {
  const control = join(folder, 'vector.control')
  if (!existsSync(control)) return null
  return readFileSync(control, 'utf8').match(/^default_version\s*=\s*'([^']+)'/m)?.[1] ?? null
}

/** The extension that a server has already, `{version, folder:null}`, or `null` where it has none or too old a one. */
export function installedPgvector({ share }) {
  const version = versionIn(join(share, 'extension'))
  return version !== null && isNewEnough(version) ? { version, folder: null } : null
}

/** Builds fit one major version and one kind of processor. */
const builtFolder = ({ major }) => at('.cache/pgvector', `${major}-${process.platform}-${process.arch}`)

/** Our build for a server, `{version, folder}`, or `null`. */
export function builtPgvector(server) {
  const folder = builtFolder(server)
  const version = versionIn(folder)
  return version === source.version ? { version, folder } : null
}

/** Installs the extension where this release of Debian has it. Resolves to it, or to `null`. */
export async function installPgvector(server) {
  if (!canInstall()) return null
  const name = `postgresql-${server.major}-pgvector`
  const version = await candidateVersion(name)
  if (version === null || !isNewEnough(version)) return null
  await installPackages([name], 'The server store is tested with it.')
  return installedPgvector(server)
}

/** The folder of the server's headers: its own, or that of their package unpacked into `scratch`; `null` where neither is to be had. */
async function headersOf({ headers, major }, scratch) {
  if (existsSync(join(headers, 'postgres.h'))) return headers
  // Unpacked only: installed, the package brings a compiler of its own, 500 MB.
  if (!(await unpackPackage(`postgresql-server-dev-${major}`, scratch))) return null
  return join(scratch, headers)
}

/** Fetches, compiles and keeps the extension, without touching the system's folders but for a missing compiler. */
export async function buildPgvector(server) {
  if (!isDebian()) return { pgvector: null, reason: 'it is built only on Debian and its kin' }
  if (canInstall()) {
    await updateLists()
    const tools = ['gcc', 'make', 'libc6-dev']
    if (!isOnPath('gcc') || !isOnPath('make')) await installPackages(tools, 'pgvector is built with them.')
  } else if (!isOnPath('gcc') || !isOnPath('make')) {
    return { pgvector: null, reason: 'gcc and make, which build it, are not installed' }
  }
  mkdirSync(at('.cache/pgvector'), { recursive: true })
  const scratch = mkdtempSync(at('.cache/pgvector/build-'))
  try {
    const reason = await compile(server, scratch)
    return { pgvector: builtPgvector(server), reason }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Leaves the compiled extension in its folder. Resolves to `null`, or to why it could not be built, one line. */
async function compile(server, scratch) {
  const archive = join(scratch, 'source.tar.gz')
  if (!(await fetchFromArchive(source.path, source.sha256, archive))) {
    return `its source (${source.path}) could not be fetched from the package archive`
  }
  const headers = await headersOf(server, scratch)
  if (headers === null) return `the server's headers (postgresql-server-dev-${server.major}) cannot be had`
  const { extract } = await import('tar')
  await extract({ file: archive, cwd: scratch })
  const folder = join(scratch, `pgvector-${source.version}`)
  // As Debian builds it: for every processor of the kind; without bitcode, which takes clang.
  const options = ['OPTFLAGS=', 'with_llvm=no', `includedir_server=${headers}`]
  const args = ['-C', folder, '-j2', `PG_CONFIG=${join(server.bin, 'pg_config')}`, ...options]
  const { code, logFile } = await runLogged('pgvector', 'make', args)
  if (code !== 0) return `it could not be built (exit code ${code}; the log: ${logFile})`
  const finished = join(scratch, 'finished')
  mkdirSync(finished)
  const script = `vector--${source.version}.sql`
  for (const file of ['vector.so', 'vector.control', join('sql', script)]) {
    copyFileSync(join(folder, file), join(finished, file.slice(file.lastIndexOf('/') + 1)))
  }
  rmSync(builtFolder(server), { recursive: true, force: true })
  renameSync(finished, builtFolder(server))
  return null
}
