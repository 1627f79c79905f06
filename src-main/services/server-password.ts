/** The password of the server: asked for, kept or left to the environment, as the settings say. Runs in main. */
import type { ServerConnection } from '../../src-shared/server'
import type { SecretPlace, Secrets } from './secrets'

/** Whose password it is: it must not go to a server or a user that it was not given for. */
export const passwordName = ({ hosts, user, service }: ServerConnection): string =>
  JSON.stringify({ user, hosts: hosts.map(({ host, port }) => `${host} ${port ?? ''}`.trim()), service })

/** Where a password is that was given; `environment`: it was not taken, as Visor is to look for it there. */
export type PasswordPlace = SecretPlace | 'environment'

/** Remembers what somebody typed, or pasted with a URL, as the settings ask. */
export async function givePassword(
  secrets: Secrets,
  settings: ServerConnection,
  password: string,
): Promise<PasswordPlace> {
  const name = passwordName(settings)
  switch (settings.passwordIn) {
    case 'system-store':
      return secrets.keep(name, password)
    case 'ask-each-time':
      await secrets.hold(name, password)
      return 'memory'
    case 'environment':
      await secrets.forget(name)
      return 'environment'
  }
}

/**
 * The password to connect with; `undefined`: PostgreSQL's own places are asked, and where they have none the server says
 * that one is missing. Raises `server-login` where a saved one can no longer be opened.
 */
export async function passwordFor(secrets: Secrets, settings: ServerConnection): Promise<string | undefined> {
  const name = passwordName(settings)
  switch (settings.passwordIn) {
    case 'system-store':
      return secrets.read(name)
    case 'ask-each-time':
      return secrets.held(name)
    case 'environment':
      return undefined
  }
}

/** For a connection that is no longer used, or no longer so: nothing of its password is left. */
export const forgetPassword = (secrets: Secrets, settings: ServerConnection): Promise<void> =>
  secrets.forget(passwordName(settings))
