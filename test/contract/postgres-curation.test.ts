/** The server store keeps the promises of a `GalleryStore` on a real PostgreSQL with pgvector: to keep galleries clean. */
import { describeBulk } from './bulk-suite'
import { describeCuration } from './curation-suite'
import { describeDecisions } from './decisions-suite'
import { describeErasure } from './erasure-suite'
import { describeHealth } from './health-suite'
import { describeHistory } from './history-suite'
import { describeLongWrites } from './long-writes-suite'
import { serverStores } from './server-stores'

const { openEmpty, openWithDesk } = serverStores()
const open = () => openEmpty()
describeCuration('PostgreSQL', open)
describeDecisions('PostgreSQL', open)
describeHistory('PostgreSQL', open)
// No write is short enough to be done in one turn.
const pausing = () => openEmpty({ sliceMs: 0 })
describeLongWrites('PostgreSQL', pausing)
describeBulk('PostgreSQL', pausing)
describeHealth('PostgreSQL', open)
describeErasure('PostgreSQL', openWithDesk, { rewrites: false })
