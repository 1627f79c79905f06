/** Requests about the server: its connection, its schema, whether it is worked on. Runs in main. */
import { type MigrationName, migrationLabel, type SchemaProgress } from '../../../src-shared/schema'
import type { Handlers } from '../register'
import type { Services } from './services'

const fileTitles = {
  certificate: 'Choose a Certificate',
  key: 'Choose the Key of the Certificate',
  password: 'Choose a Password File',
} as const

export function serverHandlers({ server, modes, moves, jobs, desktop }: Services) {
  return {
    'server.setup': () => server.shown(),
    'server.save': async ({ connection, password }) => {
      await server.save(connection, password)
      await modes.start()
      return server.shown()
    },
    'server.forgetPassword': async () => {
      await server.forgetPassword()
      return server.shown()
    },
    'server.test': ({ testId, connection, password }) => server.test(testId, connection, password),
    'server.cancelTest': ({ testId }) => server.cancelTest(testId),
    'server.chooseFile': async ({ what }) => (await desktop.chooseFile(fileTitles[what])) ?? null,
    'mode.use': async ({ mode }) => {
      await moves.go(mode)
    },
    'mode.connect': () => modes.tryNow(),
    'schema.status': async () => (await server.schema()).status(),
    'schema.plan': async () => (await server.schema()).plan(),
    'schema.verify': async () => (await server.schema()).verify(),
    'schema.log': async () => [...(await server.schema()).log()],
    'schema.up': async () => {
      const schema = await server.schema()
      return jobs.start('schema', 'Preparing the database', 'steps', async ({ signal, progress }) => {
        const applied = await schema.up({
          signal,
          onProgress: (now) => progress({ ...amount(now), detail: detail(now) }),
        })
        // A store that could not be opened for its schema can be now: once this work, which began on it, is over.
        if (modes.current.server?.state === 'failed') void modes.start()
        return { outcome: outcome(applied) }
      })
    },
  } satisfies Partial<Handlers>
}

const amount = (now: SchemaProgress) =>
  now.type === 'waiting' ? { done: 0, total: 0 } : { done: now.done, total: now.total }

function detail(now: SchemaProgress): string {
  return now.type === 'waiting' ? 'Another console migrates it; waiting.' : migrationLabel(now)
}

function outcome(applied: readonly MigrationName[]): string {
  const last = applied.at(-1)
  if (last === undefined) return 'Nothing was to do.'
  const steps = applied.length === 1 ? 'One step was' : `${applied.length} steps were`
  return `${steps} applied, up to ${migrationLabel(last)}.`
}
