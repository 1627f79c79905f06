/** Fetches model files and sample photos, verified, whole or not at all. Main process and command line. */
import { VisorError } from '../../src-shared/errors'
import type { Artefact, ModelPack, Source } from '../../src-shared/model-pack'
import { consentRequired, sourceFailure } from './fetch-errors'
import { type FetchProgress, ProgressMeter } from './fetch-progress'
import { type NpmSettings, readNpmSettings } from './npm-settings'
import { ownPackageFolders, readInstalled, readTarball } from './npm-source'
import { packFiles, stateOfFile } from './pack-files'
import { StallGuard } from './stall-guard'
import type { Transfer } from './transfer'
import { type CheckedFile, WorkFolder } from './work-folder'
import { readZip } from './zip-source'

const defaultStallMs = 30_000

export interface FetchOptions {
  readonly signal?: AbortSignal
  /** At most ten times a second, and once at the end. */
  readonly onProgress?: (progress: FetchProgress) => void
  /** A transfer in which nothing comes for so long is given up, ms; 30,000 by default. */
  readonly stallMs?: number
  /** As npm is set on this computer, by default. */
  readonly npm?: NpmSettings
  /** `node_modules` folders to look for installed copies in; those of the program itself by default. */
  readonly packageFolders?: readonly string[]
}

/**
 * Puts the pack's files into `folder`: see {@link fetchArtefacts}. Raises `consent-required` where the pack's terms have not
 * been agreed to.
 */
export async function fetchPack(
  pack: ModelPack,
  folder: string,
  options: FetchOptions & { readonly consent: boolean },
): Promise<void> {
  if (pack.licence.consentRequired && !options.consent) {
    throw consentRequired(pack.title, pack.licence.summary)
  }
  await fetchArtefacts(packFiles(pack), folder, options)
}

/**
 * Puts files into `folder`, each under its `name`, whole and with the right hash, or leaves what was there. A file that is
 * there and right is left alone; one that an installed npm package holds is copied; the rest is downloaded, each archive
 * once. Several processes may do this at the same time.
 *
 * Raises `network-unreachable`, `download-corrupt`, `disk-full`, `read-only` and `cancelled`; each says how to put the
 * file there by hand.
 */
export async function fetchArtefacts(
  artefacts: readonly Artefact[],
  folder: string,
  options: FetchOptions = {},
): Promise<void> {
  const missing: Artefact[] = []
  for (const artefact of artefacts) {
    if ((await stateOfFile(artefact, folder)) !== 'present') missing.push(artefact)
  }
  if (missing.length === 0) return
  const progress = new ProgressMeter(missing, options.onProgress)
  const work = await WorkFolder.open(folder)
  try {
    for (const group of byArchive(missing)) await fetchGroup(group, work, progress, options)
  } finally {
    await work.close()
  }
}

async function fetchGroup(
  group: readonly Artefact[],
  work: WorkFolder,
  progress: ProgressMeter,
  options: FetchOptions,
): Promise<void> {
  const [first] = group
  if (first === undefined) return
  const guard = new StallGuard(options.stallMs ?? defaultStallMs, options.signal)
  const wanted = new Map(group.map((artefact) => [artefact.source.path, artefact]))
  progress.begin(group)
  try {
    const files = await read(first.source, { wanted, work, guard, progress }, options)
    options.signal?.throwIfAborted()
    for (const file of files) await work.place(file)
    progress.end()
  } catch (error) {
    if (options.signal?.aborted) throw cancelled(options.signal.reason)
    // What ended the transfer says more than how the transfer took it.
    throw sourceFailure(guard.signal.aborted ? guard.signal.reason : error, first, work.target)
  } finally {
    guard.end()
  }
}

async function read(
  source: Source,
  transfer: Transfer,
  options: FetchOptions,
): Promise<readonly CheckedFile[]> {
  if (source.kind === 'zip') return readZip(source.url, transfer)
  const installed = await readInstalled(source, transfer, options.packageFolders ?? ownPackageFolders())
  return installed ?? readTarball(source, transfer, options.npm ?? readNpmSettings())
}

function cancelled(cause: unknown): VisorError {
  return new VisorError('cancelled', 'The download was cancelled.', {
    cause,
    consequence: 'Nothing was changed.',
  })
}

/** Files that come out of the same archive are fetched together. */
function byArchive(artefacts: readonly Artefact[]): readonly Artefact[][] {
  const groups = Object.groupBy(artefacts, ({ source }) =>
    source.kind === 'npm' ? `${source.package}@${source.version}` : source.url,
  )
  return Object.values(groups).filter((group) => group !== undefined)
}
