/** The system libraries that Electron is linked against, on Linux. Set-up scripts, system Node. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { canInstall, installLine, installPackages, isDebian, isOnPath } from './debian.mjs'
import { electronInUse } from './electron-runtime.mjs'
import { SetUpFailure } from './failure.mjs'

const execute = promisify(execFile)

/** What Electron needs, by its names in Debian 12. */
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

/** The libraries that the loader does not find, by file name. */
async function missingLibraries() {
  if (!isOnPath('ldd')) return []
  const { stdout } = await execute('ldd', [electronInUse().executable])
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)
}

/** Installs `packages` where that is ours to do; otherwise stops with the one line that would. */
async function provide(packages, missing) {
  if (canInstall()) return installPackages(packages, 'Electron does not start without them.')
  throw new SetUpFailure(
    `The system lacks ${missing.join(', ')}.`,
    'Electron does not start without.',
    isDebian()
      ? `sudo ${installLine(packages)}`
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
