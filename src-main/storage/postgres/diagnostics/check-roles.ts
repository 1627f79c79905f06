/** What the login may do, and which other logins there are. Diagnostics worker thread. */
import { z } from 'zod'
import { type CheckFinding, failed, passed, unchecked, warned } from '../../../../src-shared/diagnosis'
import type { ServerDatabase } from './server-database'

const presentRow = z.object({ rights: z.boolean(), members: z.boolean(), readsMembers: z.boolean() })
const present = `
  SELECT to_regprocedure('visor.my_rights()') IS NOT NULL AS rights,
         to_regclass('visor.members') IS NOT NULL AS members,
         coalesce(has_table_privilege(to_regclass('visor.members'), 'SELECT'), false) AS "readsMembers"`

const rightsRow = z.object({
  login: z.string(),
  search: z.boolean(),
  curate: z.boolean(),
  erase: z.boolean(),
  administer: z.boolean(),
  everyClient: z.boolean(),
  clients: z.array(z.string()),
  unbound: z.boolean(),
})
const myRights = `
  SELECT login, search, curate, erase, administer, every_client AS "everyClient", clients,
         (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user) AS unbound
  FROM visor.my_rights()`

const withoutRolesRow = z.object({ login: z.string(), unbound: z.boolean() })

/** What the connected login may do, and for which clients. */
export async function checkRights(database: ServerDatabase): Promise<CheckFinding> {
  const { rights } = await database.one(presentRow, present)
  if (!rights) {
    const { login } = await database.one(
      withoutRolesRow,
      `SELECT session_user::text AS login, rolsuper AS unbound FROM pg_roles WHERE rolname = session_user`,
    )
    return unchecked('The schema has no roles yet; see Schema.', { figure: login })
  }
  const found = await database.one(rightsRow, myRights)
  const { login, search, curate, erase, administer, everyClient, clients, unbound } = found
  const word = (may: boolean) => (may ? 'yes' : 'no')
  const whose = everyClient ? 'every client' : clients.length === 0 ? 'none' : clients.join(', ')
  const table = {
    columns: ['Right', 'State'],
    rows: [
      ['search', word(search)],
      ['change galleries', word(curate)],
      ['erase', word(erase)],
      ['administer', word(administer)],
      ['clients', whose],
    ],
  }
  const figure = administer ? 'admin' : curate ? 'curator' : search ? 'analyst' : 'none'
  if (!search) {
    return failed(`The login ${login} has no role in Visor: it cannot search.`, {
      figure,
      next: {
        text: 'Let an admin give it one: visor_analyst, visor_curator or visor_admin.',
        copy: `GRANT visor_analyst TO "${login.replaceAll('"', '""')}";`,
      },
      table,
    })
  }
  if (unbound) {
    return warned(`The login ${login} is bound by no rules: it sees and changes the data of every client.`, {
      figure: `${figure}, unbound`,
      next: {
        text: 'For daily work, log in with a user of its own, with one of Visor’s roles. It sees what is its client’s, nothing else.',
        copy: null,
      },
      table,
    })
  }
  if (!everyClient && clients.length === 0) {
    return failed(`The login ${login} works for no client: it finds nobody.`, {
      figure,
      next: {
        text: 'Let an admin bind it to its clients.',
        copy: `INSERT INTO visor.members (role_name, client_id) VALUES ('${login.replaceAll("'", "''")}', 'default');`,
      },
      table,
    })
  }
  const may = administer ? 'administer' : curate ? 'search and change galleries' : 'search'
  return passed(`The login ${login} may ${may}, for ${everyClient ? 'every client' : whose}.`, {
    figure,
    table,
  })
}

const loginRow = z.object({
  login: z.string(),
  roles: z.array(z.string()),
  unbound: z.boolean(),
  clients: z.array(z.string()).nullable(),
})
/** `pg_has_role` says of a superuser that it is a member of everything. */
const loginsWith = (clients: string) => `
  SELECT login.rolname::text AS login, login.rolsuper OR login.rolbypassrls AS unbound,
         ARRAY(SELECT own.rolname::text FROM pg_roles AS own
               WHERE own.rolname IN ('visor_admin', 'visor_curator', 'visor_analyst')
                 AND NOT login.rolsuper AND pg_has_role(login.oid, own.oid, 'MEMBER') ORDER BY own.rolname) AS roles,
         ${clients} AS clients
  FROM pg_roles AS login
  WHERE login.rolcanlogin AND NOT starts_with(login.rolname::text, 'pg_')
    AND (login.rolsuper OR EXISTS (
      SELECT FROM pg_roles AS own WHERE own.rolname IN ('visor_admin', 'visor_curator', 'visor_analyst')
        AND pg_has_role(login.oid, own.oid, 'MEMBER')))
  ORDER BY login.rolname LIMIT 500`
const clientsOfLogin = `
  ARRAY(SELECT DISTINCT members.client_id FROM visor.members
        JOIN pg_roles AS bound ON bound.rolname = members.role_name
        WHERE NOT login.rolsuper AND pg_has_role(login.oid, bound.oid, 'USAGE') ORDER BY members.client_id)`
const goneRow = z.object({ name: z.string() })

/** Who may log in and work with Visor; for which clients, an admin sees. */
export async function checkLogins(database: ServerDatabase): Promise<CheckFinding> {
  const { members, readsMembers } = await database.one(presentRow, present)
  if (!members) return unchecked('The schema has no roles yet; see Schema.')
  const { rows } = await database.query(loginsWith(readsMembers ? clientsOfLogin : 'NULL::text[]'))
  const logins = z.array(loginRow).parse(rows)
  const table = {
    columns: ['Login', 'Roles', 'Clients'],
    rows: logins.map(({ login, roles, unbound, clients }) => [
      login,
      unbound
        ? 'superuser, or bound by no rules'
        : roles.map((role) => role.replace('visor_', '')).join(', '),
      unbound
        ? 'every client'
        : clients === null
          ? 'only an admin sees'
          : clients.includes('*')
            ? 'every client'
            : clients.length === 0
              ? 'none'
              : clients.join(', '),
    ]),
  }
  const figure = `${logins.length} ${logins.length === 1 ? 'login' : 'logins'}`
  if (!readsMembers) {
    return unchecked('These may log in. For which clients they work only an admin sees.', { figure, table })
  }
  const gone = z.array(goneRow).parse(
    (
      await database.query(
        `SELECT DISTINCT role_name AS name FROM visor.members
           WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) ORDER BY role_name`,
      )
    ).rows,
  )
  const idle = logins.filter(({ unbound, clients }) => !unbound && clients?.length === 0)
  if (gone.length > 0) {
    return warned(
      'A role that is no longer there is still bound to clients: whoever is given its name gets them.',
      {
        figure,
        next: {
          text: 'Let an admin remove it.',
          copy: gone
            .map(({ name }) => `DELETE FROM visor.members WHERE role_name = '${name.replaceAll("'", "''")}';`)
            .join('\n'),
        },
        table,
      },
    )
  }
  if (idle.length > 0) {
    return warned(
      idle.length === 1
        ? `The login ${idle[0]!.login} works for no client: it finds nobody.`
        : `${idle.length} logins work for no client: they find nobody.`,
      {
        figure,
        next: {
          text: 'Let an admin bind them to their clients.',
          copy: idle
            .map(
              ({ login }) =>
                `INSERT INTO visor.members (role_name, client_id) VALUES ('${login.replaceAll("'", "''")}', 'default');`,
            )
            .join('\n'),
        },
        table,
      },
    )
  }
  return passed('Every login has a role and the clients that it works for.', { figure, table })
}
