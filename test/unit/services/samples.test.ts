/** The sample gallery keeps apart from what is somebody's own. */
import { expect, it } from 'vitest'
import { installSamples } from '../../../src-main/services/samples'
import type { GalleryStore } from '../../../src-main/storage/gallery-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'

it('adds nobody to a domain of the same name that is not labelled as the sample gallery', async () => {
  const clientId = clientIdSchema.parse('default')
  const own = {
    domain: domainSchema.parse('sample'),
    persons: 1,
    photos: 1,
    faces: 1,
    embeddingsByModel: {},
    sample: false,
  }
  const gallery = { clients: async () => [{ clientId, domains: [own] }] } as unknown as GalleryStore
  const never = () => Promise.reject(new Error('Nothing is to be fetched or analysed.'))
  const options = { clientId, modelId: modelIdSchema.parse('pack/embedder@1'), actor: 'tester' }
  await expect(
    installSamples({ fetchSamples: never }, gallery, { run: never }, options),
  ).rejects.toMatchObject({ code: 'conflict' })
})
