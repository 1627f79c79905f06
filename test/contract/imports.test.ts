/** Both stores keep the promises of an `ImportStore`. */
import { describeImports } from './import-suite'
import { localStores } from './local-stores'
import { serverStores } from './server-stores'

const openLocal = localStores()
const { openEmpty: openServer } = serverStores()
describeImports('SQLite', () => openLocal())
describeImports('PostgreSQL', () => openServer())
