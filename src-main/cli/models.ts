/** `visor models`: list, fetch and verify model packs. */
import { byteSize } from '../../src-shared/amounts'
import type { Settings } from '../../src-shared/settings'
import { corruptPack, type ModelPacks, type OnProgress } from '../services/model-packs'
import type { Output } from './output'

export async function listModels(packs: ModelPacks, settings: Settings, output: Output): Promise<void> {
  for (const pack of await packs.list(settings)) {
    const { id, title, state, inUse, bytes, licence, unproven } = pack
    const notes = [
      byteSize(bytes),
      licence.name,
      ...(inUse ? ['in use'] : []),
      ...(licence.consentRequired ? ['asks for your consent'] : []),
      ...(unproven === undefined ? [] : [unproven]),
    ]
    output.answer(
      { id, title, state, in_use: inUse, bytes, licence, unproven },
      `${id}  ${state}  ${notes.join(' · ')}`,
    )
  }
}

export async function fetchModels(
  packs: ModelPacks,
  id: string | undefined,
  { consent, liveness }: { readonly consent: boolean; readonly liveness: boolean },
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const pack = packs.pack(id ?? null)
  const onProgress: OnProgress = ({ done, total, detail }) =>
    output.progress(`${detail}  ${byteSize(done)} of ${byteSize(total)}`)
  await packs.fetch(pack, { consent, signal, onProgress })
  if (liveness) await packs.fetchOptional(pack, { signal, onProgress })
  output.endProgress()
  output.answer({ id: pack.id, state: 'present' }, `${pack.id} is here and verified.`)
}

/** One answer a pack; a pack whose file has the wrong hash is a failure, one that is not here is not. */
export async function verifyModels(packs: ModelPacks, id: string | undefined, output: Output): Promise<void> {
  const chosen = id === undefined ? packs.manifest.packs : [packs.pack(id)]
  for (const pack of chosen) {
    const state = await packs.state(pack)
    if (state === 'corrupt') output.failure(pack.id, corruptPack(pack))
    else output.answer({ id: pack.id, state }, `${pack.id}  ${state}`)
  }
}
