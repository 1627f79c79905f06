/** Both stores keep the promises of an `ImportStore`. */
import { describeCopies } from './copy-suite'
import { describeImports } from './import-suite'
import { describeLegacyImports } from './legacy-import-suite'
import { localStores } from './local-stores'
import { describeLooks } from './look-suite'
import { serverStores } from './server-stores'

const openLocal = localStores()
const { openEmpty: openServer } = serverStores()
describeImports('SQLite', () => openLocal())
describeImports('PostgreSQL', () => openServer())
describeLooks('SQLite', () => openLocal())
describeLooks('PostgreSQL', () => openServer())
describeLegacyImports('SQLite', () => openLocal())
describeLegacyImports('PostgreSQL', () => openServer())
describeCopies(
  'SQLite to PostgreSQL',
  () => openLocal(),
  () => openServer(),
)
describeCopies(
  'PostgreSQL to SQLite',
  () => openServer(),
  () => openLocal(),
)
