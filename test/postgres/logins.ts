/** Logins with Visor's roles, for tests of who may do what. Electron's Node. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { TestDatabase } from './databases'

export type GroupRole = 'visor_analyst' | 'visor_curator' | 'visor_admin'

export interface Login {
  readonly name: string
  readonly url: string
  /** Ends with its database: a role that owns or may do anything there cannot go before. */
  drop(): Promise<void>
}

async function asSuperuser(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A login of a migrated database: what it may do, and for which clients; `*` for all. */
export async function makeLogin(
  database: TestDatabase,
  roles: readonly GroupRole[],
  clients: readonly string[],
): Promise<Login> {
  const name = `visor_test_${randomBytes(6).toString('hex')}`
  await asSuperuser(
    database.superuserUrl,
    `CREATE ROLE ${name} LOGIN PASSWORD '${database.password}'`,
    ...roles.map((role) => `GRANT ${role} TO ${name}`),
    ...clients.map(
      (client) => `INSERT INTO visor.members (role_name, client_id) VALUES ('${name}', '${client}')`,
    ),
  )
  const url = new URL(database.url)
  url.username = name
  const elsewhere = new URL(database.superuserUrl)
  elsewhere.pathname = '/postgres'
  return { name, url: url.href, drop: () => asSuperuser(elsewhere.href, `DROP ROLE ${name}`) }
}
