/** Which server a command is about: `--postgres URL`, `VISOR_POSTGRES_URL`, or the settings. Runs on the command line. */
import { VisorError } from '../../src-shared/errors'
import { defaultServerConnection, type ServerConnection } from '../../src-shared/server'
import { withServerText } from '../../src-shared/server-parameters'
import { holdsPassword, parseServerText } from '../../src-shared/server-url'

/** A server, and the password that came with it; without one PostgreSQL's own places are asked. */
export interface NamedServer {
  readonly connection: ServerConnection
  readonly password: string | undefined
  /** Parameters that were passed over. */
  readonly ignored: readonly string[]
}

/**
 * `option`: what stood after `--postgres`; `saved`: the settings, whose pool holds in every case. Raises `invalid-argument`;
 * for a password in the option, too, which everybody on the machine can read in the list of processes.
 */
export function namedServer(
  option: string | undefined,
  saved: ServerConnection,
  environment: NodeJS.ProcessEnv = process.env,
): NamedServer {
  if (option !== undefined && holdsPassword(option)) {
    throw new VisorError('invalid-argument', 'A password does not belong on the command line.', {
      consequence: 'Everybody on this machine can read it there, so it is not used. Better change it.',
      remedy:
        'Leave it out, and put it into PGPASSWORD, into .pgpass, or with the whole URL into VISOR_POSTGRES_URL.',
    })
  }
  const text = option ?? (environment.VISOR_POSTGRES_URL || undefined)
  if (text === undefined) return { connection: saved, password: undefined, ignored: [] }
  const { settings, password, ignored } = parseServerText(text)
  // Another server: nothing of the saved one's address or certificates is meant.
  const { pool, passwordIn } = saved
  const connection = withServerText({ ...defaultServerConnection, pool, passwordIn }, settings)
  return { connection, password: password ?? undefined, ignored }
}
