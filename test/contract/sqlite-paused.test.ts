/** The local store keeps the promises of a `GalleryStore` where no write is short enough to be done in one turn. */
import { describeBulk } from './bulk-suite'
import { describeCuration } from './curation-suite'
import { describeHistory } from './history-suite'
import { localStores } from './local-stores'
import { describeLongWrites } from './long-writes-suite'

const openEmpty = localStores()
const pausing = () => openEmpty({ sliceMs: 0 })
describeCuration('SQLite, every write paused', pausing)
describeHistory('SQLite, every write paused', pausing)
describeLongWrites('SQLite', pausing)
describeBulk('SQLite', pausing)
