/** URLs, service files and password files mean what they mean to psql: both are asked, and reach the same. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientFor } from '../../../../src-main/storage/postgres/connect'
import { resolveServer } from '../../../../src-main/storage/postgres/conninfo'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText } from '../../../../src-shared/server-url'
import { hasServer, type TestDatabase, testDatabase } from '../../../postgres/databases'
import { chosenPostgres } from '../../../postgres/program'

const folder = mkdtempSync(join(tmpdir(), 'visor-psql-'))
afterAll(() => rmSync(folder, { recursive: true }))

function psqlProgram(): string | undefined {
  if (!hasServer()) return undefined
  const chosen = chosenPostgres()
  const program = chosen.kind === 'server' ? join(chosen.bin, 'psql') : ''
  return existsSync(program) ? program : undefined
}
const program = psqlProgram()

const question =
  "SELECT concat_ws(' ', current_user, current_database(), current_setting('application_name'))"

describe.skipIf(program === undefined)('as psql', () => {
  let database: TestDatabase
  const strange = { name: 'o:ne\\two', word: 'w:o\\rd %' }

  beforeAll(async () => {
    database = await testDatabase()
    const superuser = await clientFor(await target(database.superuserUrl, {}), { vector: 'optional' })
    await superuser.query(`CREATE ROLE "${strange.name}" LOGIN PASSWORD '${strange.word}'`)
    await superuser.end()
  })
  afterAll(async () => {
    const superuser = await clientFor(await target(database.superuserUrl, {}), { vector: 'optional' })
    await superuser.query(`DROP ROLE "${strange.name}"`)
    await superuser.end()
    await database.drop()
  })

  async function target(text: string, environment: NodeJS.ProcessEnv) {
    const { settings, password } = parseServerText(text)
    const surroundings = { environment, platform: process.platform, home: folder, systemUser: 'root' }
    return resolveServer(asServerConnection(settings), password ?? undefined, surroundings)
  }

  async function visor(text: string, environment: NodeJS.ProcessEnv): Promise<string> {
    const client = await target(text, environment)
      .then((found) => clientFor(found, { vector: 'optional' }))
      .catch(() => undefined)
    if (client === undefined) return 'refused'
    const { rows } = await client.query<{ concat_ws: string }>(question)
    await client.end()
    return rows[0]?.concat_ws ?? ''
  }

  async function psql(text: string, environment: NodeJS.ProcessEnv): Promise<string> {
    try {
      const env = { HOME: folder, LC_ALL: 'C', PGAPPNAME: 'visor', ...environment }
      const { stdout } = await promisify(execFile)(program ?? '', ['-XwAtc', question, text], { env })
      return stdout.trimEnd()
    } catch {
      return 'refused'
    }
  }

  const same = async (text: string, environment: NodeJS.ProcessEnv = {}) => {
    const reached = await visor(text, environment)
    expect(reached, text).toBe(await psql(text, environment))
    return reached
  }
  const filled = (text: string) =>
    text
      .replaceAll('HOST', database.host)
      .replaceAll('PORT', String(database.port))
      .replaceAll('DB', database.database)
      .replaceAll('USER', database.user)
      .replaceAll('WORD', database.password)
  const file = (name: string, text: string, mode = 0o600) => {
    const path = join(folder, name)
    writeFileSync(path, filled(text))
    chmodSync(path, mode)
    return path
  }

  test.each([
    'postgresql://USER:WORD@HOST:PORT/DB',
    'postgres://USER:WORD@HOST:PORT/DB?application_name=a%20b',
    'postgresql://?host=HOST&port=PORT&dbname=DB&user=USER&password=WORD',
    'postgresql://HOST:PORT/other?user=USER&password=WORD&dbname=DB',
    'postgresql://USER:WORD@HOST:1,HOST:PORT/DB',
    'postgresql://USER:WORD@HOST,HOST/DB?port=1,PORT',
    'postgresql://USER:WORD@HOST/DB?host=HOST&port=PORT',
    'host=HOST port=PORT dbname=DB user=USER password=WORD',
    "host = 'HOST' port='PORT'dbname=DB user=USER password=WORD",
    "host=HOST port=PORT dbname='DB' user = USER password='WORD' application_name='o\\'n \\\\e'",
    "host=HOST port=PORT dbname=DB user=USER password=WORD application_name=o'n\\ e'",
    'host=HOST,HOST port=1,PORT dbname=DB user=USER password=WORD',
    'host=HOST port=1,PORT dbname=DB user=USER password=WORD',
    'postgresql://o%3Ane%5Ctwo:w%3Ao%5Crd%20%25@HOST:PORT/DB',
    'postgresql://USER:WORD@HOST:PORT/DB?target_session_attrs=read-write',
    'postgresql://USER:WORD@HOST:PORT/DB?sslmode=nonsense',
    'postgresql://USER:WORD@[HOST]:PORT/DB',
  ])('%s', async (text) => {
    await same(filled(text))
  })

  test.each([
    ['plain', 'HOST:PORT:DB:USER:WORD\n', 'USER'],
    ['any', '*:*:*:*:WORD\n', 'USER'],
    ['comment and order', '#HOST:PORT:DB:USER:no\nHOST:1:*:*:no\nHOST:PORT:DB:USER:WORD\n*:*:*:*:no', 'USER'],
    ['the first counts', '*:*:*:*:no\nHOST:PORT:DB:USER:WORD\n', 'USER'],
    ['escapes', 'HOST:PORT:DB:o\\:ne\\\\two:w\\:o\\\\rd %\n', 'o%3Ane%5Ctwo'],
    ['no escapes', 'HOST:PORT:DB:o:ne\\two:w:o\\rd %\n', 'o%3Ane%5Ctwo'],
    ['more fields', 'HOST:PORT:DB:USER:WORD:more\n', 'USER'],
    ['Windows', 'HOST:PORT:DB:USER:WORD\r\n', 'USER'],
    ['too few', 'HOST:PORT:DB:WORD\n', 'USER'],
    ['blank before', ' HOST:PORT:DB:USER:WORD\n', 'USER'],
    ['escaped star', '\\*:*:*:*:no\nHOST:PORT:DB:USER:WORD\n', 'USER'],
  ])('a password file: %s', async (_, text, user) => {
    const PGPASSFILE = file('pass', text)
    await same(filled(`postgresql://${user}@HOST:PORT/DB`), { PGPASSFILE })
  })

  test('a password file that others can read, and the password of the environment', async () => {
    const PGPASSFILE = file('open', '*:*:*:*:WORD\n', 0o640)
    const url = filled('postgresql://USER@HOST:PORT/DB')
    expect(await same(url, { PGPASSFILE })).toBe('refused')
    expect(await same(url, { PGPASSFILE, PGPASSWORD: database.password })).not.toBe('refused')
    expect(await same(url, { PGPASSWORD: 'wrong', PGPASSFILE: file('pass', '*:*:*:*:WORD\n') })).toBe(
      'refused',
    )
  })

  test.each([
    ['alone', '[s]\nhost=HOST\nport=PORT\ndbname=DB\nuser=USER\npassword=WORD\n', 'service=s', {}],
    [
      'by the environment',
      '[s]\nhost=HOST\nport=PORT\ndbname=DB\nuser=USER\npassword=WORD\n',
      'application_name=x',
      { PGSERVICE: 's' },
    ],
    [
      'before the environment',
      '[s]\nhost=HOST\nport=PORT\nuser=USER\npassword=WORD\n',
      'service=s',
      { PGPORT: '1', PGPASSWORD: 'wrong', PGDATABASE: 'DB' },
    ],
    [
      'after what is said',
      '[s]\nhost=HOST\nport=PORT\ndbname=no\nuser=USER\npassword=WORD\n',
      'service=s dbname=DB',
      {},
    ],
    [
      'the first of two',
      '[s]\nhost=HOST\nport=PORT\nport=1\ndbname=DB\nuser=USER\npassword=WORD\n[s]\nport=1\n',
      'service=s',
      {},
    ],
    [
      'blanks',
      '  [s]  \n  host=HOST  \nport=PORT\n\n# no\ndbname=DB\nuser=USER\npassword=WORD\n',
      'service=s',
      {},
    ],
    ['another', '[t]\nhost=HOST\n', 'service=s', {}],
    [
      'nonsense',
      '[s]\nhost=HOST\nport=PORT\ndbname=DB\nuser=USER\npassword=WORD\nnonsense\n',
      'service=s',
      {},
    ],
    [
      'an unknown name',
      '[s]\nhost=HOST\nport=PORT\ndbname=DB\nuser=USER\npassword=WORD\nnonsense=1\n',
      'service=s',
      {},
    ],
    [
      'a port of the environment',
      '[s]\nhost=HOST\ndbname=DB\nuser=USER\npassword=WORD\n',
      'service=s',
      { PGPORT: 'PORT' },
    ],
  ])('a service: %s', async (_, text, asked, environment) => {
    const PGSERVICEFILE = file('service.conf', text)
    const all = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]))
    await same(filled(asked), { PGSERVICEFILE, PGSYSCONFDIR: folder, ...all })
  })
})
