/**
 * What lies beside the database and may hold something of people who were erased: measurements, settings, log, temporary files,
 * what Chromium keeps. Runs in main and on the command line.
 */
import { readdir, rm, stat, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemCodeOf, VisorError } from '../../../src-shared/errors'
import { defaultClientId } from '../../../src-shared/ids'
import { emptyFilter } from '../../../src-shared/queue'
import type { DueErasure } from '../../storage/erasure-store'
import type { Calibrations } from '../calibration/calibrations'
import { readSettings, type SettingsFile } from '../settings-file'
import type { FilePlace } from './erasures'

interface PlacesBeside {
  readonly calibrations: Calibrations
  readonly settings: SettingsFile
  readonly folder: {
    readonly settingsFile: string
    readonly logFile: string
    readonly calibrationsFolder: string
    readonly erasuresFolder: string
    readonly browserFolder: string
  }
  /** Empties Chromium's own caches, while a window runs. */
  readonly clearBrowserCaches?: () => Promise<void>
}

/** All of them, in the order in which they are cleared. */
export function filePlaces({ calibrations, settings, folder, ...window }: PlacesBeside): FilePlace[] {
  return [
    {
      place: 'calibrations',
      clear: async ({ clientId }) => (clientId === undefined ? 0 : calibrations.removeClient(clientId)),
    },
    { place: 'domain-choices', clear: async ({ clientId }) => clearChoices(settings, clientId) },
    { place: 'remembered-searches', clear: async ({ clientId }) => clearSearches(settings, clientId) },
    { place: 'temporary-files', clear: () => clearTemporaryFiles(settings, folder) },
    { place: 'log-bytes', clear: () => emptyLogs(folder.logFile) },
    {
      place: 'browser-files',
      clear: async () => {
        await window.clearBrowserCaches?.()
        return removeCrashDumps(join(folder.browserFolder, 'Crashpad'))
      },
    },
  ]
}

type ClientId = DueErasure['clientId']

/** Distances, and what the enrolment gate does. */
function clearChoices(settings: SettingsFile, clientId: ClientId): number {
  const { thresholds, gatePolicies } = settings.current
  const isOthers = (one: { clientId: ClientId }) => one.clientId !== clientId
  const kept = { thresholds: thresholds.filter(isOthers), gatePolicies: gatePolicies.filter(isOthers) }
  const removed = thresholds.length + gatePolicies.length - kept.thresholds.length - kept.gatePolicies.length
  if (removed > 0) settings.update(kept)
  return removed
}

/** The queue's filter may be somebody's name or part of it. */
function clearSearches(settings: SettingsFile, clientId: ClientId): number {
  const { search, filter } = settings.current
  const filtered = filter.text !== '' || filter.personId !== null
  if (filtered) settings.update({ filter: emptyFilter })
  const searched = search.clientId === clientId
  if (searched) settings.update({ search: { clientId: defaultClientId, domain: null } })
  return (filtered ? 1 : 0) + (searched ? 1 : 0)
}

/** What an interrupted write left beside the file that it was to replace. */
async function clearTemporaryFiles(settings: SettingsFile, folder: PlacesBeside['folder']): Promise<number> {
  // Else a write that is under way would lose its file.
  await settings.flush()
  if (JSON.stringify(readSettings(folder.settingsFile)) !== JSON.stringify(settings.current)) {
    throw notCleared(folder.settingsFile, undefined)
  }
  const settingsName = basename(folder.settingsFile)
  const left = await Promise.all([
    filesIn(dirname(folder.settingsFile), (name) => name.startsWith(`${settingsName}.`)),
    filesIn(folder.calibrationsFolder, (name) => !name.endsWith('.json')),
    filesIn(folder.erasuresFolder, (name) => !name.endsWith('.json')),
  ])
  return removeAll(left.flat())
}

/** A log names no people, but what it says of a failure may hold a path. */
async function emptyLogs(logFile: string): Promise<number> {
  const logs = await filesIn(dirname(logFile), (name) => name.endsWith('.log'))
  let bytes = 0
  for (const path of logs) {
    bytes += await orExplain(path, async () => {
      const { size } = await stat(path)
      await truncate(path, 0)
      return size
    })
  }
  return bytes
}

/** The memory of a process that crashed. */
async function removeCrashDumps(folder: string): Promise<number> {
  const dumps = await Promise.all(
    ['new', 'pending', 'completed', 'reports'].map((part) =>
      filesIn(join(folder, part), (name) => name.endsWith('.dmp') || name.endsWith('.meta')),
    ),
  )
  return removeAll(dumps.flat())
}

async function removeAll(paths: readonly string[]): Promise<number> {
  for (const path of paths) await orExplain(path, () => rm(path, { force: true }))
  return paths.length
}

/** Paths of the files of a folder by name; none where there is no such folder. */
async function filesIn(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  return orExplain(folder, async () => {
    try {
      const entries = await readdir(folder, { withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile() && wanted(entry.name))
        .map(({ name }) => join(folder, name))
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return []
      throw error
    }
  })
}

async function orExplain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw notCleared(path, cause)
  }
}

function notCleared(path: string, cause: unknown): VisorError {
  return new VisorError('read-only', 'A file of the data folder cannot be cleared.', {
    ...(cause === undefined ? {} : { cause }),
    consequence:
      'Who was erased is gone from every list and search, but this file may still name them. It stays due.',
    remedy: 'Check the rights of the data folder, then clear again; Visor also does it at its next start.',
    detail: path,
  })
}
