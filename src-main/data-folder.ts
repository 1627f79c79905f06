/** Where Visor keeps its data, and what is where in it. Main and the command line. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { isDiskFull, VisorError } from '../src-shared/errors'

export interface DataFolder {
  readonly path: string
  readonly settingsFile: string
  readonly logFile: string
  /** Passwords, sealed by the operating system; there only where one was kept. */
  readonly secretsFile: string
  /** What was measured of the galleries; it can be measured again. */
  readonly calibrationsFolder: string
  /** Reports of erasures. */
  readonly erasuresFolder: string
  /** What this console keeps of servers, a folder each. */
  readonly cachesFolder: string
  /** What Chromium keeps for the window. */
  readonly browserFolder: string
}

/** The platform's place for a program's data. Only Linux has been tried. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const home = homedir()
  switch (process.platform) {
    case 'win32':
      return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Visor')
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Visor')
    default:
      return join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'visor')
  }
}

/**
 * Makes the folder where there is none; a relative path counts from the working folder. Raises `read-only`, `disk-full`.
 */
export function openDataFolder(named: string): DataFolder {
  // Electron takes no relative path for its own part of it.
  const path = resolve(named)
  try {
    mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 })
  } catch (cause) {
    const full = isDiskFull(cause)
    throw new VisorError(
      full ? 'disk-full' : 'read-only',
      `The data folder cannot be ${full ? 'made: the disk is full' : 'written to'}.`,
      {
        cause,
        detail: path,
        consequence: 'Visor has nowhere to keep people and answers, so it does not start.',
        remedy: full ? 'Free some space.' : 'Make the folder writable, or name another with --data.',
      },
    )
  }
  return {
    path,
    settingsFile: join(path, 'settings.json'),
    logFile: join(path, 'logs', 'visor.log'),
    secretsFile: join(path, 'secrets.json'),
    calibrationsFolder: join(path, 'calibrations'),
    erasuresFolder: join(path, 'erasures'),
    cachesFolder: join(path, 'cache'),
    browserFolder: join(path, 'browser'),
  }
}
