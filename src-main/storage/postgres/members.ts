/** Who works for which clients on a server; for admins. Command line. */
import type pg from 'pg'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { clientIdSchema } from '../../../src-shared/ids'
import { serverErrorOf } from './failures'

/** What stands for all clients, also those that are yet to come. */
export const everyClient = '*'
export const memberClientSchema = z.union([z.literal(everyClient), clientIdSchema])

const memberRow = z.object({
  /** A login, or a group of logins. */
  role: z.string(),
  client: memberClientSchema,
  /** `false`: the server has no such role any more. */
  exists: z.boolean(),
  /** Those of Visor's roles that it has: what it may do. */
  may: z.array(z.string()),
})
export type Member = z.infer<typeof memberRow>

const selectMembers = `
  SELECT role_name AS role, client_id AS client, to_regrole(quote_ident(role_name)) IS NOT NULL AS exists,
         ARRAY(SELECT own.rolname::text FROM pg_roles AS own
               WHERE own.rolname IN ('visor_admin', 'visor_curator', 'visor_analyst')
                 AND pg_has_role(to_regrole(quote_ident(role_name)), own.oid, 'USAGE') ORDER BY own.rolname) AS may
  FROM visor.members ORDER BY role_name, client_id`

/** Everybody who is bound to a client. Raises `rights-missing` unless an admin asks, and what the server raises. */
export async function listMembers(client: pg.ClientBase): Promise<Member[]> {
  const { rows } = await asked(() => client.query(selectMembers))
  return z.array(memberRow).parse(rows)
}

/** Binds a role to a client; whether it was not. Raises `not-found` where the server has no such role, and as {@link listMembers}. */
export async function addMember(
  client: pg.ClientBase,
  role: string,
  clientId: Member['client'],
): Promise<boolean> {
  const { rowCount: there } = await asked(() =>
    client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]),
  )
  if (there === 0) {
    throw new VisorError('not-found', `The server has no login or group “${role}”.`, {
      consequence: 'Nobody was bound to a client.',
      remedy:
        'Check the spelling, or have it made first: CREATE ROLE … LOGIN …, then GRANT visor_analyst TO …',
    })
  }
  const { rowCount } = await asked(() =>
    client.query('INSERT INTO visor.members (role_name, client_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      role,
      clientId,
    ]),
  )
  return rowCount === 1
}

/** Takes the binding back; whether there was one. Raises as {@link listMembers}. */
export async function removeMember(
  client: pg.ClientBase,
  role: string,
  clientId: Member['client'],
): Promise<boolean> {
  const { rowCount } = await asked(() =>
    client.query('DELETE FROM visor.members WHERE role_name = $1 AND client_id = $2', [role, clientId]),
  )
  return rowCount === 1
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw serverErrorOf(error)
  }
}
