/** The system libraries that Electron is linked against, on Linux. Set-up scripts, system Node. */
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { runLogged, tail } from './child.mjs'
import { electronInUse } from './electron-runtime.mjs'
import { SetUpFailure } from './failure.mjs'

const execute = promisify(execFile)

/** What Electron needs on Debian 12; newer releases renamed some of them with a `t64` at the end. */
const debianPackages = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libxkbcommon0',
  'libcups2',
]

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** The libraries that the loader does not find, by file name. */
async function missingLibraries() {
  if (!isOnPath('ldd')) return []
  const { stdout } = await execute('ldd', [electronInUse().executable])
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)
}

/** Which of a package's two names this release has. */
async function nameHere(name) {
  const { stdout } = await execute('apt-cache', [
    'search',
    '--names-only',
    `^${name}t64$`.replaceAll('.', '\\.'),
  ])
  return stdout.trim() === '' ? name : `${name}t64`
}

async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  await runLogged('apt-update', 'apt-get', [...wait, 'update'], { env })
  const names = await Promise.all(packages.map(nameHere))
  const args = [...wait, 'install', '-y', '--no-install-recommends', ...names]
  const { code, output, logFile } = await runLogged('apt-install', 'apt-get', args, { env })
  if (code !== 0) {
    throw new SetUpFailure(
      `apt-get could not install the system libraries (exit code ${code}).\n${tail(output)}`,
      'Electron does not start without them.',
      `Install them by hand: apt-get install ${names.join(' ')}\nThe whole log: ${logFile}`,
    )
  }
}

/** Installs `packages` where that is ours to do; otherwise stops with the one line that would. */
async function provide(packages, missing) {
  const isDebian = existsSync('/etc/debian_version') && isOnPath('apt-get')
  if (isDebian && process.getuid() === 0) return install(packages)
  throw new SetUpFailure(
    `The system lacks ${missing.join(', ')}.`,
    'Electron does not start without.',
    isDebian
      ? `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
      : "Install them with the system's package manager, then run the same command again.",
  )
}

export const systemLibraries = {
  title: 'Installing the missing system libraries',
  async isCurrent() {
    return process.platform !== 'linux' || (await missingLibraries()).length === 0
  },
  async run() {
    await provide(debianPackages, await missingLibraries())
    const stillMissing = await missingLibraries()
    if (stillMissing.length === 0) return
    throw new SetUpFailure(
      `Every package was installed, and the system still lacks ${stillMissing.join(', ')}.`,
      'Electron does not start without.',
      "Find the package that has it in this system's release, install it, then run the same command again.",
    )
  },
}

/** Is there a screen to open a window on? */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** A virtual display, for windowed tests where there is no screen. */
export const virtualDisplay = {
  title: 'Installing the virtual display (Xvfb)',
  isCurrent: () => hasDisplay() || isOnPath('Xvfb'),
  run: () => provide(['xvfb'], ['Xvfb, a virtual display']),
}
