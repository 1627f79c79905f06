/** The server store keeps the promises of a `GalleryStore` on a real PostgreSQL with pgvector: to search, and to see to faces. */
import { defaultIndexParameters } from '../../src-shared/search-index'
import { model } from './curated-store'
import { describeDistances } from './distances-suite'
import { describeEnrolment } from './enrolment-suite'
import { describeGalleryStore } from './gallery-store-suite'
import { describePhotos } from './photo-suite'
import { serverStores } from './server-stores'
import { describeTransfer } from './transfer-suite'
import { describeUnknown } from './unknown-suite'

const { openEmpty } = serverStores()
const open = () => openEmpty()
describeGalleryStore('PostgreSQL', open)
describeGalleryStore('PostgreSQL, by its index', async () => {
  const store = await openEmpty({
    // Among the suite's few people nobody stands out, and all of them would be compared.
    searchBounds: { smallUpToRows: 0, indexFromRows: 1, doubtsIndex: false },
    role: 'visor_admin',
  })
  await store.index.rebuild({ ...defaultIndexParameters, modelId: model })
  return store
})
describeDistances('PostgreSQL', open)
describePhotos('PostgreSQL', open)
describeTransfer('PostgreSQL', open)
describeUnknown('PostgreSQL', open)
describeEnrolment('PostgreSQL', open)
