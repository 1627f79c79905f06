/** The PostgreSQL with pgvector that tests and benchmarks run against, or what stands in for it. Set-up scripts, system Node. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetUpFailure } from './failure.mjs'
import { buildPgvector, builtPgvector, installedPgvector, installPgvector } from './pgvector.mjs'
import { at, postgresMarker } from './places.mjs'
import { findServers, installServer, programFile } from './postgres-server.mjs'
import { readJson } from './stamp.mjs'

/** How long the stand-in is used before a server is tried again, unless one was installed meanwhile. */
const retryAfterMs = 24 * 60 * 60 * 1000

/** What `VISOR_TEST_POSTGRES` asks for: `server`, `pglite`, or nothing. */
const wish = () => process.env.VISOR_TEST_POSTGRES ?? ''

/**
 * What tests run against, or `null` where nothing was chosen yet. A server is
 * `{kind:'server', version, bin, share, library, pgvector:{version, folder}}`, `folder` being where our own build of the
 * extension is and `null` where the server has it already; the stand-in is `{kind:'pglite', reason, found}`, `found` being the servers without the extension. Both say `chosenAt`.
 */
export function postgresInUse() {
  const chosen = readJson(postgresMarker)
  if (chosen?.kind === 'server') {
    const { bin, share, pgvector } = chosen
    const control = join(pgvector.folder ?? join(share, 'extension'), 'vector.control')
    return existsSync(join(bin, programFile('postgres'))) && existsSync(control) ? chosen : null
  }
  return chosen
}

const foldersOf = (servers) => servers.map(({ bin }) => bin).join(', ')

function use(choice) {
  mkdirSync(at('.cache'), { recursive: true })
  const text = JSON.stringify({ ...choice, chosenAt: new Date().toISOString() }, null, 2)
  writeFileSync(`${postgresMarker}.new`, text)
  renameSync(`${postgresMarker}.new`, postgresMarker)
}

/**
 * A server with the extension: one that has it, else one for which we built or can build it. Resolves to
 * `{server, pgvector}`, or to `{reason}`, one line.
 */
async function provide() {
  let servers = await findServers()
  if (servers.length === 0) {
    const reason = await installServer()
    if (reason !== null) return { reason }
    servers = await findServers()
    if (servers.length === 0) return { reason: 'its packages were installed, and there is no server still' }
  }
  for (const server of servers) {
    const pgvector = installedPgvector(server) ?? builtPgvector(server)
    if (pgvector !== null) return { server, pgvector }
  }
  const [newest] = servers
  const installed = await installPgvector(newest)
  if (installed !== null) return { server: newest, pgvector: installed }
  const { pgvector, reason } = await buildPgvector(newest)
  return pgvector === null
    ? { reason: `pgvector for PostgreSQL ${newest.version} is missing: ${reason}` }
    : { server: newest, pgvector }
}

export const postgres = {
  title: 'Getting PostgreSQL with pgvector for the tests',
  async isCurrent() {
    const chosen = postgresInUse()
    if (chosen === null || (wish() !== '' && wish() !== chosen.kind)) return false
    if (chosen.kind === 'server' || wish() === 'pglite') return true
    const found = foldersOf(await findServers())
    return found === chosen.found && Date.now() - Date.parse(chosen.chosenAt) < retryAfterMs
  },
  async run() {
    if (wish() === 'pglite') return use({ kind: 'pglite', reason: 'VISOR_TEST_POSTGRES=pglite', found: '' })
    const { server, pgvector, reason } = await provide()
    if (server) return use({ kind: 'server', ...server, pgvector })
    if (wish() === 'server') {
      throw new SetUpFailure(
        `There is no PostgreSQL with pgvector: ${reason}.`,
        'VISOR_TEST_POSTGRES=server asks for one, so no test was run.',
        'Install PostgreSQL 14 or newer with pgvector 0.7 or newer, then run the same command again.',
      )
    }
    use({ kind: 'pglite', reason, found: foldersOf(await findServers()) })
  },
}

/** One line for a person: which PostgreSQL tests run against, and what is not tested where it is a stand-in. */
export function postgresNotice(chosen) {
  if (chosen.kind === 'server') {
    const { version, bin, pgvector } = chosen
    const whose = pgvector.folder === null ? '' : ', built for the tests'
    return `PostgreSQL ${version} (${bin}) with pgvector ${pgvector.version}${whose}.`
  }
  return `PostgreSQL stand-in: PGlite (${chosen.reason}). Only the schema and the store’s statements are tested on it: it serves one session, takes no binary COPY and cannot be stopped.`
}
