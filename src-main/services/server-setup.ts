/** The connection to the server and its password: kept, tried, forgotten. Runs in main. */
import { VisorError } from '../../src-shared/errors'
import type { ServerSetup } from '../../src-shared/requests/server'
import type { ServerConnection } from '../../src-shared/server'
import type { ServerTestReport, ServerTestStep } from '../../src-shared/server-test'
import { Listeners } from '../host/listeners'
import type { SchemaPlace, SchemaStore } from '../storage/schema-store'
import type { Secrets } from './secrets'
import { forgetPassword, givePassword, passwordFor, passwordName } from './server-password'
import type { SettingsFile } from './settings-file'

interface SetupDependencies {
  readonly settings: SettingsFile
  readonly secrets: Secrets
  readonly tryServer: (options: {
    readonly connection: ServerConnection
    readonly password?: string
    readonly onStep: (step: ServerTestStep) => void
    readonly signal: AbortSignal
  }) => Promise<ServerTestReport>
  readonly openSchema: (place: SchemaPlace) => SchemaStore
}

/** Where a server is, and how to log in. */
export interface ServerLogin {
  readonly connection: ServerConnection
  readonly password: string | undefined
}

export class ServerSetups {
  /** A step of a test is through. */
  readonly step = new Listeners<{ readonly testId: string; readonly step: ServerTestStep }>()
  readonly #needs: SetupDependencies
  readonly #tests = new Map<string, AbortController>()
  /** Of one server, for the sake of its log. */
  #schema: { readonly name: string; readonly store: SchemaStore } | undefined

  constructor(needs: SetupDependencies) {
    this.#needs = needs
  }

  async shown(): Promise<ServerSetup> {
    const { settings, secrets } = this.#needs
    const { server: connection } = settings.current
    const asked = connection.passwordIn === 'environment' ? undefined : passwordName(connection)
    const [place, canKeep] = await Promise.all([
      asked === undefined ? undefined : secrets.placeOf(asked),
      secrets.canKeep(),
    ])
    return { connection, password: place ?? null, canKeep }
  }

  /** `password`: typed anew, or `null`. What was kept for another server or another way of keeping it is forgotten. */
  async save(connection: ServerConnection, password: string | null): Promise<void> {
    const { settings, secrets } = this.#needs
    const before = settings.current.server
    const same = passwordName(before) === passwordName(connection)
    if (!same || before.passwordIn !== connection.passwordIn) {
      const kept = same && password === null ? await passwordFor(secrets, before) : undefined
      await forgetPassword(secrets, before)
      if (kept !== undefined) await givePassword(secrets, connection, kept)
    }
    if (password !== null) await givePassword(secrets, connection, password)
    settings.update({ server: connection })
    this.#schema = undefined
  }

  async forgetPassword(): Promise<void> {
    await forgetPassword(this.#needs.secrets, this.#needs.settings.current.server)
    this.#schema = undefined
  }

  /** With the password that this console has for it. Raises `server-login` where a kept one cannot be opened. */
  async login(): Promise<ServerLogin> {
    const connection = this.#needs.settings.current.server
    return { connection, password: await passwordFor(this.#needs.secrets, connection) }
  }

  async test(testId: string, connection: ServerConnection, typed: string | null): Promise<ServerTestReport> {
    const cancel = new AbortController()
    this.#tests.set(testId, cancel)
    try {
      const password = typed ?? (await passwordFor(this.#needs.secrets, connection))
      return await this.#needs.tryServer({
        connection,
        ...(password === undefined ? {} : { password }),
        onStep: (step) => this.step.emit({ testId, step }),
        signal: cancel.signal,
      })
    } finally {
      this.#tests.delete(testId)
    }
  }

  cancelTest(testId: string): void {
    this.#tests.get(testId)?.abort(new VisorError('cancelled', 'The test was cancelled.'))
  }

  /** The schema of the server that the settings name. */
  async schema(): Promise<SchemaStore> {
    const { connection, password } = await this.login()
    const name = JSON.stringify([connection, password])
    if (this.#schema?.name !== name) {
      const place = { kind: 'postgres' as const, connection, password }
      this.#schema = { name, store: this.#needs.openSchema(place) }
    }
    return this.#schema.store
  }
}
