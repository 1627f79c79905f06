/** The local store keeps the promises of a `GalleryStore`, with vectors as float32. */
import { describeCuration } from './curation-suite'
import { describeDecisions } from './decisions-suite'
import { describeDistances } from './distances-suite'
import { describeEnrolment } from './enrolment-suite'
import { describeErasure } from './erasure-suite'
import { describeGalleryStore } from './gallery-store-suite'
import { describeHealth } from './health-suite'
import { describeHistory } from './history-suite'
import { localStores } from './local-stores'
import { describePhotos } from './photo-suite'
import { describeTransfer } from './transfer-suite'
import { describeUnknown } from './unknown-suite'

const openEmpty = localStores()
const open = () => openEmpty()
describeGalleryStore('SQLite, float32', open)
describeDistances('SQLite, float32', open)
describeCuration('SQLite, float32', open)
describeDecisions('SQLite', open)
describeHistory('SQLite', open)
describePhotos('SQLite, float32', open)
describeTransfer('SQLite', open)
describeUnknown('SQLite, float32', open)
describeEnrolment('SQLite', open)
describeErasure('SQLite, float32', open, { rewrites: true })
describeHealth('SQLite, float32', open)
