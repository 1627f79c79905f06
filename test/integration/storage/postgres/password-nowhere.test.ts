/** The password is in no error, log, file or process list: it is looked for in all of them, byte for byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import log from 'electron-log/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataFolder } from '../../../../src-main/data-folder'
import { childProcessLauncher } from '../../../../src-main/host/child-process'
import { Secrets } from '../../../../src-main/services/secrets'
import { givePassword } from '../../../../src-main/services/server-password'
import { SettingsFile } from '../../../../src-main/services/settings-file'
import { clientFor, poolFor } from '../../../../src-main/storage/postgres/connect'
import { serverErrorOf } from '../../../../src-main/storage/postgres/failures'
import { testConnection } from '../../../../src-main/storage/postgres/test-connection'
import { toWireError } from '../../../../src-shared/errors'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText, serverUrl } from '../../../../src-shared/server-url'
import { hasServer, type TestDatabase, testDatabase } from '../../../postgres/databases'
import { targetOf } from './target'
import { startSilence } from './wire'

const folder = mkdtempSync(join(tmpdir(), 'visor-password-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each way in which bytes of it could lie somewhere. */
const formsOf = (password: string) => [
  password,
  encodeURIComponent(password),
  Buffer.from(password).toString('base64').replaceAll('=', ''),
  Buffer.from(password).toString('hex'),
]

function expectNowhere(text: string, password: string, what: string): void {
  for (const form of formsOf(password)) expect(text.includes(form), what).toBe(false)
}

const everythingIn = (path: string): string =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

const allOf = (thing: unknown) => inspect(thing, { depth: null, showHidden: true, maxStringLength: null })

describe.skipIf(!hasServer())('the password', () => {
  const wrong = 'wrong§horse battery'
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase({ extension: true })
  })
  afterAll(() => database.drop())

  test('is in no error, however it is printed or logged', async () => {
    const silence = await startSilence()
    const at = `${database.host}:${database.port}`
    const urls = [
      `postgresql://${database.user}:PW@${at}/${database.database}`,
      `postgresql://${database.user}:PW@${at}/nowhere`,
      `postgresql://a:PW@127.0.0.1:1/x`,
      `postgresql://a:PW@visor.invalid/x`,
      `${silence.url.replace('word', 'PW')}?sslmode=disable`,
      `postgresql://a:PW@${at}/x?sslmode=require`,
      `postgresql://a:PW@${at}/x?sslmode=verify-full&sslrootcert=/nowhere`,
    ]
    const opened = openDataFolder(join(folder, 'data'))
    log.transports.file.resolvePathFn = () => opened.logFile
    log.transports.console.level = false
    for (const url of urls) {
      const text = url.replace('PW', encodeURIComponent(wrong))
      const target = await targetOf(text, { connectTimeoutMs: 300 })
      const pool = poolFor(target)
      for (const work of [() => clientFor(target), () => pool.query('SELECT 1')]) {
        const error: unknown = await work().catch((reason: unknown) => reason)
        log.error('server', error)
        const wire = toWireError(error)
        expectNowhere(
          [allOf(error), JSON.stringify(error), JSON.stringify(wire), String(error)].join(),
          wrong,
          url,
        )
      }
      expectNowhere(allOf(pool) + allOf(target), wrong, 'the pool')
      await pool.end()
      const { settings, password } = parseServerText(text)
      const connection = asServerConnection(settings)
      const report = await testConnection(
        { ...connection, pool: { ...connection.pool, connectTimeoutMs: 300 } },
        {
          password: password ?? undefined,
          surroundings: { environment: {}, platform: process.platform, home: folder, systemUser: 'x' },
        },
      )
      expectNowhere(JSON.stringify(report), wrong, 'the report')
      expectNowhere(serverUrl(connection), wrong, 'the URL')
    }
    expect(readFileSync(opened.logFile, 'utf8')).toContain('server VisorError')
    expectNowhere(everythingIn(opened.path), wrong, 'the data folder')
    await silence.close()
  })

  test('is kept by no connection that it opened', async () => {
    const target = await targetOf(database.url)
    const client = await clientFor(target)
    const failed: unknown = await client.query('SELECT nonsense').catch((reason: unknown) => reason)
    const pool = poolFor(target)
    await pool.query('SELECT 1')
    const printed = [client, pool, target, failed, serverErrorOf(failed)].map(allOf).join()
    expectNowhere(printed, database.password, 'a connection')
    await client.end()
    await pool.end()
  })

  test('is in no file of the data folder, however it was given', async () => {
    const opened = openDataFolder(join(folder, 'kept'))
    const settings = new SettingsFile(opened.settingsFile)
    settings.update({ theme: 'light' })
    await settings.flush()
    const none = {
      isAvailable: async () => false,
      seal: async () => Buffer.of(),
      open: async () => ({ text: '', sealAgain: false }),
    }
    const secrets = new Secrets(opened.secretsFile, none)
    const { settings: parsed, password } = parseServerText(database.url)
    for (const passwordIn of ['system-store', 'ask-each-time', 'environment'] as const) {
      await givePassword(secrets, { ...asServerConnection(parsed), passwordIn }, password ?? '')
    }
    expect(readFileSync(opened.settingsFile, 'utf8')).toContain('light')
    expectNowhere(everythingIn(opened.path), database.password, 'the data folder')
  })

  test.runIf(process.platform === 'linux')(
    'is in no process of ours: neither in its arguments nor in what it inherits',
    async () => {
      process.env.PGPASSWORD = wrong
      process.env.VISOR_POSTGRES_URL = `postgresql://ana:${encodeURIComponent(wrong)}@db/x`
      try {
        const client = await clientFor(await targetOf(database.url))
        const waits = join(folder, 'waits.mjs')
        writeFileSync(waits, 'setInterval(() => {}, 1000)')
        const child = childProcessLauncher(waits)({ message: () => {}, exit: () => {}, output: () => {} })
        const of = (pid: number | 'self', what: string) => readFileSync(`/proc/${pid}/${what}`, 'latin1')
        await expect.poll(() => child.pid).toBeGreaterThan(0)
        const pid = child.pid ?? 0
        await expect.poll(() => of(pid, 'cmdline')).toContain('waits.mjs')
        const seen = of(pid, 'cmdline') + of(pid, 'environ') + of('self', 'cmdline')
        expectNowhere(seen, wrong, 'a child')
        expectNowhere(seen, database.password, 'a child')
        child.kill()
        await client.end()
      } finally {
        delete process.env.PGPASSWORD
        delete process.env.VISOR_POSTGRES_URL
      }
    },
  )
})
