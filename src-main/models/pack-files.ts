/** Whether a pack's files are here and are the right ones. Main process and command line. */
import { join } from 'node:path'
import type { Artefact, ModelPack } from '../../src-shared/model-pack'
import type { PackStatus } from '../../src-shared/status'
import { hashFile } from './file-hash'

/** `corrupt`: a file is there whose size or hash is wrong. It is never loaded; fetching replaces it. */
export type PackState = PackStatus['state']

/** The files of a pack, in the order in which they are used. */
export function packFiles(pack: ModelPack): readonly Artefact[] {
  return [pack.detector.file, pack.embedder.file]
}

/** Files of a pack that it works without. */
export function optionalFiles({ liveness }: ModelPack): readonly Artefact[] {
  return liveness === undefined ? [] : [liveness.file]
}

/** Whether `folder` holds the file, whole and unaltered. */
export async function stateOfFile(artefact: Artefact, folder: string): Promise<PackState> {
  const found = await hashFile(join(folder, artefact.name))
  if (found === undefined) return 'missing'
  return found.bytes === artefact.bytes && found.sha256 === artefact.sha256 ? 'present' : 'corrupt'
}

/** The worst of the states of its files: `corrupt`, then `missing`. */
export async function stateOfPack(pack: ModelPack, folder: string): Promise<PackState> {
  const states = await Promise.all(packFiles(pack).map((file) => stateOfFile(file, folder)))
  if (states.includes('corrupt')) return 'corrupt'
  return states.includes('missing') ? 'missing' : 'present'
}
