/** The model packs and sample photos of the manifest: which are here, how to get one, which is in use. Main, command line. */
import { join, sep } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import { type ModelId, modelIdSchema } from '../../src-shared/ids'
import { type Manifest, type ModelPack, modelIdOf } from '../../src-shared/model-pack'
import type { Settings } from '../../src-shared/settings'
import type { PackStatus } from '../../src-shared/status'
import type { VisionParams } from '../../src-shared/vision-protocol'
import { type FetchOptions, fetchArtefacts, fetchPack } from '../models/fetch-artefact'
import { loadManifest, packById } from '../models/manifest'
import { optionalFiles, type PackState, packFiles, stateOfFile, stateOfPack } from '../models/pack-files'

/** Bytes done and in all; `detail` is the file that is being fetched. */
export type OnProgress = (progress: { done: number; total: number; detail: string }) => void

export class ModelPacks {
  readonly manifest: Manifest
  readonly #folder: string

  private constructor(manifest: Manifest, folder: string) {
    this.manifest = manifest
    this.#folder = folder
  }

  /** `folder` holds `manifest.json`, and a folder of files for each pack that was fetched. Raises `internal`. */
  static async open(folder: string): Promise<ModelPacks> {
    return new ModelPacks(await loadManifest(join(folder, 'manifest.json')), folder)
  }

  /** The pack with this id, the default one for `null`. Raises `not-found`. */
  pack(id: string | null): ModelPack {
    return packById(this.manifest, id)
  }

  folderOf(pack: ModelPack): string {
    return join(this.#folder, pack.id)
  }

  /** The vision process as the settings have it. Raises `not-found`. */
  configuration({
    modelPack,
    provider,
    threads,
  }: Pick<Settings, 'modelPack' | 'provider' | 'threads'>): VisionParams<'configure'> {
    const pack = this.pack(modelPack)
    return { pack, packFolder: this.folderOf(pack), provider, threads }
  }

  /** The id that embeddings of this pack carry. */
  modelIdOf(pack: ModelPack): ModelId {
    return modelIdSchema.parse(modelIdOf(pack))
  }

  /** Whether the pack's files are here and have the right hashes. */
  state(pack: ModelPack): Promise<PackState> {
    return stateOfPack(pack, this.folderOf(pack))
  }

  /** All packs as the settings page and `visor models list` show them. */
  list({ modelPack, consents }: Pick<Settings, 'modelPack' | 'consents'>): Promise<PackStatus[]> {
    const inUse = this.pack(modelPack).id
    return Promise.all(
      this.manifest.packs.map(async (pack) => {
        const consentedAt = consents[pack.id]
        return {
          id: pack.id,
          title: pack.title,
          detector: pack.detector.name,
          embedder: pack.embedder.name,
          bytes: packFiles(pack).reduce((sum, file) => sum + file.bytes, 0),
          licence: pack.licence,
          ...(pack.unproven === undefined ? {} : { unproven: pack.unproven }),
          ...(consentedAt === undefined ? {} : { consentedAt }),
          state: await this.state(pack),
          inUse: pack.id === inUse,
          ...(await this.#livenessOf(pack)),
        }
      }),
    )
  }

  /** Fetches and verifies what is missing of a pack. Raises what `fetchPack` raises. */
  fetch(
    pack: ModelPack,
    options: { readonly consent: boolean; readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
  ): Promise<void> {
    return fetchPack(pack, this.folderOf(pack), { consent: options.consent, ...fetchOptions(options) })
  }

  /** Fetches and verifies the pack's optional files. Raises what `fetchArtefacts` raises. */
  fetchOptional(
    pack: ModelPack,
    options: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
  ): Promise<void> {
    return fetchArtefacts(optionalFiles(pack), this.folderOf(pack), fetchOptions(options))
  }

  async #livenessOf(pack: ModelPack): Promise<Pick<PackStatus, 'liveness'>> {
    if (pack.liveness === undefined) return {}
    const { name, file, unproven } = pack.liveness
    const state = await stateOfFile(file, this.folderOf(pack))
    return { liveness: { name, bytes: file.bytes, unproven, state } }
  }

  /** Fetches and verifies what is missing of the sample photos; resolves with their paths, in the manifest's order. */
  async fetchSamples(signal?: AbortSignal): Promise<string[]> {
    await fetchArtefacts(this.manifest.samples, this.#sampleFolder, signal === undefined ? {} : { signal })
    return this.manifest.samples.map(({ name }) => join(this.#sampleFolder, name))
  }

  /** Whether a file is one of the sample photos that {@link fetchSamples} put there. */
  isSample(path: string): boolean {
    return path.startsWith(this.#sampleFolder + sep)
  }

  get #sampleFolder(): string {
    return join(this.#folder, 'samples')
  }
}

/** The options of a fetch as the fetching has them. */
function fetchOptions({
  signal,
  onProgress,
}: {
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}): FetchOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: ({ doneBytes, totalBytes, name }) =>
            onProgress({ done: doneBytes, total: totalBytes, detail: name }),
        }),
  }
}

/** A pack of which a file has the wrong hash. */
export function corruptPack(pack: ModelPack): VisorError {
  return new VisorError('model-corrupt', `A file of ${pack.title} is not the one that the manifest names.`, {
    consequence: 'It is never loaded.',
    remedy: `Fetch the pack again: visor models fetch ${pack.id}`,
  })
}
