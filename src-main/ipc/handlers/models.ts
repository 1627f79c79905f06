/** Requests about model packs and the vision process. Runs in main. */
import { VisorError } from '../../../src-shared/errors'
import type { Handlers } from '../register'
import type { Services } from './services'

export function modelHandlers({
  packs,
  jobs,
  settings,
  vision,
  queue,
  galleryHealth,
  configureVision,
}: Services) {
  return {
    'models.list': () => packs.list(settings.current),
    'models.fetch': ({ packId, consent, optional = false }) => {
      const pack = packs.pack(packId)
      if (optional) {
        const title = `Fetching what tells prints and screens for ${pack.title}`
        return jobs.start('fetch-models', title, 'bytes', async ({ signal, progress }) => {
          await packs.fetchOptional(pack, { signal, onProgress: progress })
          if (packs.pack(settings.current.modelPack).id === packId) await configureVision()
          return { outcome: 'Prints and screens are looked for from now on.' }
        })
      }
      return jobs.start('fetch-models', `Fetching ${pack.title}`, 'bytes', async ({ signal, progress }) => {
        await packs.fetch(pack, { consent, signal, onProgress: progress })
        if (pack.licence.consentRequired) {
          settings.update({ consents: { ...settings.current.consents, [packId]: new Date().toISOString() } })
        }
        if (packs.pack(settings.current.modelPack).id === packId) await configureVision()
        return { outcome: `${pack.title} is here and verified.` }
      })
    },
    'models.use': async ({ packId }) => {
      const pack = packs.pack(packId)
      if ((await packs.state(pack)) !== 'present') {
        throw new VisorError('model-missing', `The files of ${pack.title} are not here.`, {
          remedy: 'Fetch the pack first.',
        })
      }
      settings.update({ modelPack: packId })
      queue.searchAgain()
      galleryHealth.wake()
      await configureVision()
    },
    'vision.tryAgain': () => vision.tryAgain(),
  } satisfies Partial<Handlers>
}
