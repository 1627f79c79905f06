/** The local store keeps the promises of a `GalleryStore`, with vectors as int8 codes. */
import { describeCuration } from './curation-suite'
import { describeDistances } from './distances-suite'
import { describeErasure } from './erasure-suite'
import { describeGalleryStore } from './gallery-store-suite'
import { describeHealth } from './health-suite'
import { localStores } from './local-stores'
import { describePhotos } from './photo-suite'
import { describeUnknown } from './unknown-suite'

const openEmpty = localStores()
const open = () => openEmpty({ int8FromRows: 0 })
describeGalleryStore('SQLite, int8', open)
describeDistances('SQLite, int8', open)
describeCuration('SQLite, int8', open)
describePhotos('SQLite, int8', open)
describeUnknown('SQLite, int8', open)
describeErasure('SQLite, int8', open, { rewrites: true })
describeHealth('SQLite, int8', open)
