/** Requests about gallery health: what was found, what is said of it, what is done to all of a kind. Runs in main. */
import { counted } from '../../../src-shared/amounts'
import { VisorError } from '../../../src-shared/errors'
import { allFindings } from '../../services/health/all-findings'
import { embedAgain } from '../../services/health/embed-again'
import type { Handlers } from '../register'
import { acting } from './acting'
import type { Services } from './services'

export function healthHandlers(services: Services) {
  const { gallery, health, galleryHealth, jobs, packs, photos, settings, actor, galleriesChanged } = services
  const { act } = acting(services)
  return {
    'health.state': () => galleryHealth.state,
    'health.counts': async ({ clientId }) => [...(await health.counts(clientId))],
    'health.findings': async (query) => {
      const { total, findings } = await health.findings(query)
      return { total, findings: [...findings] }
    },
    'health.dismiss': ({ clientId, findingIds, dismissed }) => {
      const what = findingIds.length === 1 ? 'a finding' : counted(findingIds.length, 'finding')
      const summary = dismissed ? `Said of ${what} that it is fine` : `Took ${what} up again`
      return act(clientId, summary, (context) => health.dismiss(clientId, findingIds, dismissed, context))
    },
    'health.takeCopies': async ({ clientId, domain }) => {
      const found = await allFindings(health, { clientId, domain, kind: 'near-duplicate' })
      const copied = found.flatMap(({ evidence, other }) =>
        other === undefined && evidence.kind === 'near-duplicate' ? [evidence.otherFaceId] : [],
      )
      const faceIds = [...new Set(copied)]
      if (faceIds.length === 0) throw new VisorError('conflict', 'There are no copies to take away.')
      const copies = counted(faceIds.length, 'copy', 'copies')
      return act(clientId, `Took away ${copies} of photos`, (context) =>
        gallery.takeFaces(faceIds, { reject: false }, context),
      )
    },
    'health.embedAgain': ({ clientId, domain, personId }) =>
      jobs.start('embed-again', 'Reading faces again', 'people', async ({ signal, progress }) => {
        const modelId = packs.modelIdOf(packs.pack(settings.current.modelPack))
        try {
          const done = await embedAgain(gallery, health, photos, {
            clientId,
            domain,
            ...(personId === undefined ? {} : { personId }),
            modelId,
            flip: settings.current.search.flip,
            actor,
            signal,
            onProgress: progress,
          })
          return {
            outcome: `Read ${counted(done.faces, 'face')} of ${counted(done.persons, 'person', 'people')} again with the model in use.`,
            skipped: done.skipped,
          }
        } finally {
          galleriesChanged(clientId)
        }
      }),
    'health.pause': ({ paused }) => {
      settings.update({ healthPaused: paused })
      galleryHealth.pauseChanged()
    },
    'health.lookAnew': async () => {
      await health.lookAnew()
      galleryHealth.wake()
    },
  } satisfies Partial<Handlers>
}
