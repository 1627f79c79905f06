/** A server whose certificate and admission rules a test changes while it runs, and psql to compare with. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeAuthority, pemOf, type Signed, signClient, signServer } from '../../../postgres/certificates'
import { privateServer } from '../../../postgres/databases'
import { chosenPostgres, handOver, makeServerFolder } from '../../../postgres/program'

/** What the server shows for itself. */
export const appearances = ['off', 'right', 'expired', 'other-host', 'other-authority'] as const
export type Appearance = (typeof appearances)[number]

export type SecuredServer = Awaited<ReturnType<typeof securedServer>>

/** The caller closes it. */
export async function securedServer() {
  const folder = mkdtempSync(join(tmpdir(), 'visor-tls-'))
  const serverFolder = join(folder, 'server')
  // PostgreSQL runs as another user, and comes by here to its own files.
  chmodSync(folder, 0o711)
  const own = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const authority = makeAuthority('Visor tests')
  const other = makeAuthority('Somebody else')
  const certificates: Record<Exclude<Appearance, 'off'>, Signed> = {
    right: signServer(authority, ['localhost', '127.0.0.1'], 365),
    expired: signServer(authority, ['localhost', '127.0.0.1'], -1),
    'other-host': signServer(authority, ['db.example.org']),
    'other-authority': signServer(other, ['localhost', '127.0.0.1']),
  }
  return {
    folder,
    /** Who signed the right certificate, and somebody else, as files. */
    authorityFile: own('authority.crt', pemOf(authority).certificate),
    otherAuthorityFile: own('other-authority.crt', pemOf(other).certificate),
    pem: (name: Exclude<Appearance, 'off'>) => pemOf(certificates[name]),
    client: (user: string) => pemOf(signClient(authority, user)),
    strangersClient: (user: string) => pemOf(signClient(other, user)),
    own,
    ...(await started(serverFolder, certificates, pemOf(authority).certificate)),
    removeFolder: () => rmSync(folder, { recursive: true }),
  }
}

async function started(folder: string, certificates: Record<string, Signed>, authority: string) {
  makeServerFolder(folder)
  const write = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    handOver(path)
    return path
  }
  for (const [name, signed] of Object.entries(certificates)) {
    write(`${name}.crt`, pemOf(signed).certificate)
    write(`${name}.key`, pemOf(signed).key)
  }
  write('authority.crt', authority)
  // The superuser always gets in, to change the rest.
  const rules = (lines: string) =>
    write('hba.conf', `local all all scram-sha-256\nhost all postgres 127.0.0.1/32 scram-sha-256\n${lines}\n`)
  const everybody = 'host all all 127.0.0.1/32 scram-sha-256'
  const server = await privateServer({
    tls: 'offered',
    settings: {
      hba_file: rules(everybody),
      ssl_ca_file: join(folder, 'authority.crt'),
      unix_socket_directories: folder,
    },
  })
  await server.asSuperuser((client) => client.query('CREATE EXTENSION vector'))
  const reload = async (...statements: string[]) => {
    await server.asSuperuser(async (client) => {
      for (const statement of [...statements, 'SELECT pg_reload_conf()']) await client.query(statement)
      // The postmaster reads its files when it gets round to it; a new connection then has them.
      await client.query('SELECT pg_sleep(0.15)')
    })
  }
  return {
    server,
    socketFolder: folder,
    everybody,
    admit: async (lines: string) => {
      rules(lines)
      await reload()
    },
    show: (appearance: Appearance) =>
      appearance === 'off'
        ? reload('ALTER SYSTEM SET ssl = off')
        : reload(
            'ALTER SYSTEM SET ssl = on',
            `ALTER SYSTEM SET ssl_cert_file = '${join(folder, `${appearance}.crt`)}'`,
            `ALTER SYSTEM SET ssl_key_file = '${join(folder, `${appearance}.key`)}'`,
          ),
  }
}

/** What came of connecting. */
export type Outcome = 'secured' | 'plain' | 'refused'

/** The question that tells the first two apart. */
export const isSecured = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'

/** PostgreSQL's own client, where there is one, to say what libpq does. */
export function psql(): ((url: string, home: string) => Promise<Outcome>) | undefined {
  const chosen = chosenPostgres()
  const program = chosen.kind === 'server' ? join(chosen.bin, 'psql') : ''
  if (!existsSync(program)) return undefined
  return async (url, home) => {
    try {
      const { stdout } = await promisify(execFile)(program, ['-XAtc', isSecured, url], {
        env: { HOME: home, LC_ALL: 'C' },
      })
      return stdout.trim() === 't' ? 'secured' : 'plain'
    } catch {
      return 'refused'
    }
  }
}
