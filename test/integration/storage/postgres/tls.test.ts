/** Each TLS mode against a real server with right and wrong certificates, beside libpq's own client. */
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientFor } from '../../../../src-main/storage/postgres/connect'
import { type SslMode, sslModes } from '../../../../src-shared/server'
import { hasServer } from '../../../postgres/databases'
import { databaseOwner } from '../../../postgres/server'
import {
  type Appearance,
  appearances,
  isSecured,
  type Outcome,
  psql,
  type SecuredServer,
  securedServer,
} from './secured-server'
import { errorOf, failureOf, targetOf } from './target'
import { startSilence } from './wire'

describe.skipIf(!hasServer())('TLS', () => {
  let secured: SecuredServer
  /** A home without, and one with, libpq's own root certificate. */
  let bare: string
  let furnished: string

  beforeAll(async () => {
    secured = await securedServer()
    bare = join(secured.folder, 'bare')
    furnished = join(secured.folder, 'furnished')
    mkdirSync(bare)
    mkdirSync(join(furnished, '.postgresql'), { recursive: true })
    cpSync(secured.authorityFile, join(furnished, '.postgresql', 'root.crt'))
  })
  afterAll(async () => {
    await secured.server.close()
    secured.removeFolder()
  })

  const urlOf = (parameters: string, host = '127.0.0.1') =>
    `postgresql://${databaseOwner}:${secured.server.password}@${host}:${secured.server.port}/postgres?${parameters}`

  async function outcomeOf(parameters: string, home = bare): Promise<Outcome> {
    const client = await clientFor(await targetOf(urlOf(parameters), {}, home)).catch(() => undefined)
    if (client === undefined) return 'refused'
    const { rows } = await client.query<{ ssl: boolean }>(isSecured)
    await client.end()
    return rows[0]?.ssl === true ? 'secured' : 'plain'
  }

  /** By mode in the order none … full. */
  const expectEach = async (parameters: string, home: string, expected: readonly Outcome[]) => {
    const reference = psql()
    for (const [index, mode] of sslModes.entries()) {
      const all = `sslmode=${mode}${parameters}`
      expect(await outcomeOf(all, home), all).toBe(expected[index])
      if (reference !== undefined)
        expect(await reference(urlOf(all), home), `psql: ${all}`).toBe(expected[index])
    }
  }

  describe('the certificate', () => {
    const [p, s, no] = ['plain', 'secured', 'refused'] as const
    const table: Record<Appearance, { readonly without: Outcome[]; readonly root: Outcome[] }> = {
      // The order: disable, allow, prefer, require, verify-ca, verify-full.
      off: { without: [p, p, p, no, no, no], root: [p, p, p, no, no, no] },
      right: { without: [p, p, s, s, no, no], root: [p, p, s, s, s, s] },
      expired: { without: [p, p, s, s, no, no], root: [p, p, p, no, no, no] },
      'other-host': { without: [p, p, s, s, no, no], root: [p, p, s, s, s, no] },
      'other-authority': { without: [p, p, s, s, no, no], root: [p, p, p, no, no, no] },
    }

    test.each(appearances)('%s', async (appearance) => {
      await secured.show(appearance)
      const { without, root } = table[appearance]
      await expectEach('', bare, without)
      await expectEach(`&sslrootcert=${secured.authorityFile}`, bare, root)
      await expectEach('', furnished, root)
    })

    test.each<[Appearance, SslMode, string]>([
      ['off', 'require', 'not-offered'],
      ['expired', 'verify-full', 'expired'],
      ['other-host', 'verify-full', 'wrong-host'],
      ['other-authority', 'verify-ca', 'untrusted'],
    ])('%s in mode %s is told as what it is', async (appearance, mode, reason) => {
      await secured.show(appearance)
      const url = urlOf(`sslmode=${mode}&sslrootcert=${secured.authorityFile}`)
      const error = await errorOf(clientFor(await targetOf(url)))
      expect(error.failure).toMatchObject({ kind: 'tls', reason, outage: true, retry: 'no' })
      expect(error.code).toBe('server-insecure')
    })

    test('the system’s list does not hold our authority', async () => {
      await secured.show('right')
      expect(await failureOf(clientFor(await targetOf(urlOf('sslrootcert=system'))))).toMatchObject({
        kind: 'tls',
        reason: 'untrusted',
      })
    })

    test('a name is checked as it was given, an address too', async () => {
      await secured.show('right')
      const parameters = `sslmode=verify-full&sslrootcert=${secured.authorityFile}`
      const client = await clientFor(await targetOf(urlOf(parameters, 'localhost')))
      await client.end()
    })

    test('a root certificate that is named has to be there, and to be one', async () => {
      const named = async (path: string) =>
        failureOf(clientFor(await targetOf(urlOf(`sslmode=require&sslrootcert=${path}`))))
      expect(await named('/nowhere.crt')).toMatchObject({ kind: 'tls', reason: 'file-missing' })
      const nonsense = secured.own('nonsense.crt', 'nonsense')
      expect(await named(nonsense)).toMatchObject({ kind: 'tls', reason: 'file-unfit' })
      expect(await failureOf(clientFor(await targetOf(urlOf('sslmode=verify-ca'), {}, bare)))).toMatchObject({
        kind: 'tls',
        reason: 'file-missing',
      })
    })
  })

  test.skipIf(process.platform === 'win32')(
    'a socket of this machine has none, whatever the mode',
    async () => {
      await secured.show('right')
      const host = `&host=${secured.socketFolder}`
      await expectEach(host, bare, ['plain', 'plain', 'plain', 'plain', 'plain', 'plain'])
    },
  )

  describe('what the server admits', () => {
    const [p, s, no] = ['plain', 'secured', 'refused'] as const

    test.each<[string, readonly Outcome[]]>([
      ['hostssl', [no, s, s, s, s, s]],
      ['hostnossl', [p, p, p, no, no, no]],
      ['host', [p, p, s, s, s, s]],
    ])('%s', async (kind, expected) => {
      await secured.show('right')
      await secured.admit(secured.everybody.replace('host', kind))
      await expectEach(`&sslrootcert=${secured.authorityFile}`, bare, expected)
      await secured.admit(secured.everybody)
    })

    test('without TLS it says that it lets nobody in', async () => {
      await secured.admit(secured.everybody.replace('host', 'hostssl'))
      expect(await failureOf(clientFor(await targetOf(urlOf('sslmode=disable'))))).toMatchObject({
        kind: 'password',
        reason: 'not-admitted',
        outage: false,
      })
      // What stands in the way is the certificate, not that there is no way without one.
      await secured.show('expired')
      const url = urlOf(`sslmode=prefer&sslrootcert=${secured.authorityFile}`)
      expect(await failureOf(clientFor(await targetOf(url)))).toMatchObject({
        kind: 'tls',
        reason: 'expired',
      })
      await secured.show('right')
      await secured.admit(secured.everybody)
    })
  })

  describe('a client certificate', () => {
    let right: { readonly certificate: string; readonly key: string }
    beforeAll(async () => {
      right = secured.client(databaseOwner)
      await secured.show('right')
      await secured.admit('hostssl all all 127.0.0.1/32 cert')
    })
    afterAll(() => secured.admit(secured.everybody))

    const withFiles = (certificate: string, key: string) => {
      const files = [secured.own('client.crt', certificate), secured.own('client.key', key)]
      return targetOf(urlOf(`sslmode=require&sslcert=${files[0]}&sslkey=${files[1]}`))
    }

    test('logs in without a password', async () => {
      const client = await clientFor(await withFiles(right.certificate, right.key))
      expect((await client.query('SELECT current_user AS name')).rows).toEqual([{ name: databaseOwner }])
      await client.end()
    })

    test('is found in libpq’s own place', async () => {
      const home = join(secured.folder, 'certified')
      mkdirSync(join(home, '.postgresql'), { recursive: true })
      cpSync(secured.own('a.crt', right.certificate), join(home, '.postgresql', 'postgresql.crt'))
      cpSync(secured.own('a.key', right.key), join(home, '.postgresql', 'postgresql.key'))
      expect(await outcomeOf('sslmode=require', home)).toBe('secured')
      expect(await outcomeOf('sslmode=require', bare)).toBe('refused')
    })

    test('has to be there, to be ours alone, to be a pair, and to need no password', async () => {
      const failing = async (parameters: string) =>
        failureOf(clientFor(await targetOf(urlOf(`sslmode=require&${parameters}`))))
      const files = [secured.own('b.crt', right.certificate), secured.own('b.key', right.key)]
      expect(await failing(`sslcert=/nowhere.crt&sslkey=${files[1]}`)).toMatchObject({
        reason: 'file-missing',
      })
      expect(await failing(`sslcert=${files[0]}&sslkey=/nowhere.key`)).toMatchObject({
        reason: 'file-missing',
      })
      chmodSync(files[1] ?? '', 0o644)
      expect(await failing(`sslcert=${files[0]}&sslkey=${files[1]}`)).toMatchObject({
        reason: 'file-open-to-others',
      })
      const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      const format = { type: 'pkcs8', format: 'pem' } as const
      const unfit = { kind: 'tls', reason: 'file-unfit', outage: true }
      const otherKey = String(stranger.export(format))
      expect(await failureOf(clientFor(await withFiles(right.certificate, otherKey)))).toMatchObject(unfit)
      const locked = String(stranger.export({ ...format, cipher: 'aes-256-cbc', passphrase: 'geheim' }))
      expect(await failureOf(clientFor(await withFiles(right.certificate, locked)))).toMatchObject(unfit)
      const error = await errorOf(clientFor(await withFiles('nonsense', right.key)))
      expect(error.failure).toMatchObject(unfit)
      expect(error.detail).not.toContain('PRIVATE KEY')
    })

    test('of somebody else, or of a stranger’s authority, is refused', async () => {
      const other = secured.client('somebody')
      expect(await failureOf(clientFor(await withFiles(other.certificate, other.key)))).toMatchObject({
        kind: 'password',
        reason: 'not-admitted',
      })
      const stranger = secured.strangersClient(databaseOwner)
      expect(await failureOf(clientFor(await withFiles(stranger.certificate, stranger.key)))).toMatchObject({
        kind: 'tls',
        reason: 'handshake',
      })
    })
  })

  describe('somebody in between', () => {
    test('with a certificate of their own gets no log-in out of “require”: the password is bound to the certificate', async () => {
      const { certificate, key } = secured.pem('other-authority')
      const middle = net.createServer((near) => {
        near.once('data', () => {
          near.write('S')
          const fromClient = new tls.TLSSocket(near, { isServer: true, cert: certificate, key })
          const far = net.connect({ host: '127.0.0.1', port: secured.server.port })
          far.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
          far.once('data', () => {
            const toServer = tls.connect({ socket: far, rejectUnauthorized: false })
            fromClient.pipe(toServer).pipe(fromClient)
            toServer.on('error', () => near.destroy())
          })
          for (const socket of [near, far, fromClient]) socket.on('error', () => far.destroy())
        })
      })
      await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', resolve))
      const port = (middle.address() as AddressInfo).port
      const url = `postgresql://${databaseOwner}:${secured.server.password}@127.0.0.1:${port}/postgres?sslmode=require`
      expect(await failureOf(clientFor(await targetOf(url)))).toMatchObject({ kind: 'password' })
      await new Promise((resolve) => middle.close(resolve))
    })

    test('who slips something in before the encryption is noticed', async () => {
      const other = await startSilence('Sslipped in')
      expect(await failureOf(clientFor(await targetOf(`${other.url}?sslmode=require`)))).toMatchObject({
        kind: 'unreachable',
        reason: 'not-postgres',
      })
      await other.close()
    })
  })
})
