/** The vision process as the command line runs it, for the benchmarks that measure it. Electron's Node. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { childProcessLauncher } from '../../src-main/host/child-process'
import { VisionHost } from '../../src-main/host/vision-host'
import { type Manifest, type ModelPack, manifestSchema } from '../../src-shared/model-pack'
import type { AnalyseParams } from '../../src-shared/vision-protocol'

/** The nearest folder above this file, as it was bundled, that holds `name`. */
function nearestWith(name: string): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, name))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`No folder above the benchmarks holds ${name}.`)
    folder = parent
  }
  return folder
}

const visor = nearestWith('package.json')

export const manifest: Manifest = manifestSchema.parse(
  JSON.parse(readFileSync(join(visor, 'models', 'manifest.json'), 'utf8')),
)

export const samplePaths = manifest.samples.map((sample) =>
  join(visor, 'node_modules', '@vladmandic', 'face-api', 'demo', sample.name),
)

/** The default pack and the folder with its files. */
export function defaultPack(): { readonly pack: ModelPack; readonly packFolder: string } {
  const pack = manifest.packs.find((candidate) => candidate.id === manifest.defaultPack)
  if (pack === undefined) throw new Error('The manifest has no default pack.')
  return { pack, packFolder: join(visor, 'models', pack.id) }
}

/** Starts the vision process with the default pack on the CPU. */
export async function startVision(): Promise<VisionHost> {
  const host = new VisionHost({ launch: childProcessLauncher(join(nearestWith('vision.js'), 'vision.js')) })
  await host.configure({ ...defaultPack(), provider: 'cpu', threads: 0 })
  return host
}

/** Faces and embeddings of a file, no pictures. */
export function facesOnly(path: string): AnalyseParams {
  return { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: false }
}
