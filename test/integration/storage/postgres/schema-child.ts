/**
 * A process that migrates a database and that tests may kill: `URL MIGRATIONS`, the second as a JSON object of path → SQL, or `built-in`.
 * Says `waiting`, `running N`, `applied N`, then `done N…` or `failed …`. Electron's Node, built beside `schema.js`.
 */
import { resolveServer } from '../../../../src-main/storage/postgres/conninfo'
import { postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import { PostgresSchema } from '../../../../src-main/storage/postgres/postgres-schema'
import { migrateUp } from '../../../../src-main/storage/schema/migrate'
import { parseMigrations } from '../../../../src-main/storage/schema/migrations'
import { toWireError } from '../../../../src-shared/errors'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText } from '../../../../src-shared/server-url'

const say = (line: string) => process.stdout.write(`${line}\n`)

const [url, files] = process.argv.slice(2) as [string, string]
const migrations = files === 'built-in' ? postgresMigrations : parseMigrations(JSON.parse(files))
try {
  const { settings, password } = parseServerText(url)
  const target = await resolveServer(asServerConnection(settings), password ?? undefined)
  const schema = await PostgresSchema.connect(target, migrations)
  const done = await migrateUp(schema, {
    onProgress: (progress) =>
      say(progress.type === 'waiting' ? 'waiting' : `${progress.type} ${progress.version}`),
  })
  await schema.close()
  say(`done ${done.map(({ version }) => version).join(' ')}`)
} catch (error) {
  say(`failed ${JSON.stringify(toWireError(error))}`)
}
