/** Every code of the server, the network and TLS has its kind; no text decides. */
import pg from 'pg'
import { describe, expect, it, test } from 'vitest'
import { foundFailure, serverErrorOf } from '../../../../src-main/storage/postgres/failures'
import { Routes } from '../../../../src-main/storage/postgres/routes'
import { encryptionOrder } from '../../../../src-main/storage/postgres/tls'
import { toWireError } from '../../../../src-shared/errors'
import type { SslMode } from '../../../../src-shared/server'
import { ServerError, serverFailureSchema } from '../../../../src-shared/server-failure'

function fromServer(code: string, message = 'any words'): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, 0, 'error'), { code })
}
const fromSystem = (code: string) => Object.assign(new Error('any words'), { code })

describe('what the server says', () => {
  test.each([
    ['25006', { kind: 'read-only', outage: true, retry: 'no' }],
    ['28P01', { kind: 'password', reason: 'wrong', outage: false, retry: 'no' }],
    ['28000', { kind: 'password', reason: 'not-admitted', outage: false, retry: 'no' }],
    ['3D000', { kind: 'database', outage: false, retry: 'no' }],
    ['42501', { kind: 'rights', outage: false, retry: 'no' }],
    ['0LP01', { kind: 'rights', outage: false, retry: 'no' }],
    ['53100', { kind: 'disk-full', outage: true, retry: 'no' }],
    ['53300', { kind: 'too-many-connections', where: 'server', outage: true, retry: 'safe' }],
    ['57014', { kind: 'cancelled', outage: true, retry: 'no' }],
    ['57P01', { kind: 'shutdown', outage: true, retry: 'unknown' }],
    ['57P02', { kind: 'shutdown', outage: true, retry: 'unknown' }],
    ['57P03', { kind: 'shutdown', outage: true, retry: 'safe' }],
    ['57P05', { kind: 'unreachable', reason: 'closed', outage: true, retry: 'unknown' }],
    ['08006', { kind: 'unreachable', reason: 'closed', outage: true, retry: 'unknown' }],
    ['08P01', { kind: 'other', outage: false, retry: 'no' }],
    ['40001', { kind: 'serialization', outage: false, retry: 'safe' }],
    ['40P01', { kind: 'serialization', outage: false, retry: 'safe' }],
    ['55P03', { kind: 'serialization', outage: false, retry: 'safe' }],
    ['40003', { kind: 'other', outage: false, retry: 'unknown' }],
    ['23505', { kind: 'constraint', type: 'unique', outage: false, retry: 'no' }],
    ['23503', { kind: 'constraint', type: 'foreign-key', outage: false, retry: 'no' }],
    ['23000', { kind: 'constraint', type: 'other', outage: false, retry: 'no' }],
    ['53200', { kind: 'other', outage: true, retry: 'no' }],
    ['58030', { kind: 'other', outage: true, retry: 'no' }],
    ['XX001', { kind: 'other', outage: true, retry: 'no' }],
    ['42601', { kind: 'other', outage: false, retry: 'no' }],
  ])('%s', (code, expected) => {
    const { failure } = serverErrorOf(fromServer(code))
    expect(failure).toMatchObject({ ...expected, sqlState: code })
    expect(serverFailureSchema.parse(failure)).toEqual(failure)
  })
})

describe('what the network says', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'name'],
    ['EAI_AGAIN', 'name'],
    ['EHOSTUNREACH', 'no-route'],
    ['ENETUNREACH', 'no-route'],
    ['EACCES', 'forbidden'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
  ])('%s', (code, reason) => {
    expect(serverErrorOf(fromSystem(code)).failure).toEqual({
      kind: 'unreachable',
      reason,
      outage: true,
      retry: 'unknown',
      sqlState: null,
    })
    expect(serverErrorOf(fromSystem(code), 'db:5432', 'connecting').failure.retry).toBe('safe')
  })

  test.each([
    ['CERT_HAS_EXPIRED', 'expired'],
    ['CERT_NOT_YET_VALID', 'not-yet-valid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-host'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
    ['CERT_REVOKED', 'revoked'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'handshake'],
  ])('%s', (code, reason) => {
    expect(serverErrorOf(fromSystem(code)).failure).toMatchObject({
      kind: 'tls',
      reason,
      outage: true,
      retry: 'no',
    })
  })
})

describe('the error', () => {
  it('has sentences for every failure there is', () => {
    for (const option of serverFailureSchema.options) {
      const { kind } = option.shape
      const details = Object.entries(option.shape).flatMap(([name, schema]) =>
        name !== 'kind' && 'options' in schema
          ? [(schema.options as string[]).map((value) => ({ [name]: value }))]
          : [],
      )
      const variants = details[0] ?? [{}]
      for (const variant of variants) {
        const core = { kind: kind.value, found: '9.6', needed: '14', name: null, ...variant }
        const { message, consequence, remedy } = foundFailure(
          core as Parameters<typeof foundFailure>[0],
          'db:5432',
        )
        for (const sentence of [message, consequence, remedy]) expect(sentence).toMatch(/^[A-Z].*[.…;]$/s)
      }
    }
  })

  it('is told once, and keeps nothing of what was sent', () => {
    const raw = Object.assign(fromServer('23505', 'duplicate key value'), {
      detail: 'Key (name)=(Ana Secretname) already exists.',
      constraint: 'people_name_key',
      table: 'people',
    })
    const error = serverErrorOf(raw)
    expect(serverErrorOf(error)).toBe(error)
    expect(error).toBeInstanceOf(ServerError)
    expect(toWireError(error).detail).toBe('SQLSTATE 23505, table people, constraint people_name_key')
    expect(JSON.stringify(toWireError(error))).not.toContain('Secretname')
    expect(error.failure).toMatchObject({ name: 'people_name_key' })
  })
})

describe('the ways', () => {
  test.each<[SslMode, readonly boolean[]]>([
    ['disable', [false]],
    ['allow', [false, true]],
    ['prefer', [true, false]],
    ['require', [true]],
    ['verify-ca', [true]],
    ['verify-full', [true]],
  ])('%s with TLS (true) or without; a socket never has it', (mode, order) => {
    expect(encryptionOrder(mode, 'db')).toEqual(order)
    expect(encryptionOrder(mode, '/run')).toEqual([false])
  })

  const found = (core: Parameters<typeof foundFailure>[0]) => foundFailure(core, 'db:5432')
  const tried = async (routes: Routes, answers: Readonly<Record<string, ServerError | 'ok'>>) => {
    const order: string[] = []
    const ended = await routes
      .along(async () => {
        const route = routes.current
        const name = `${route.host}${route.tls ? ' tls' : ''}`
        order.push(name)
        const answer = answers[name] ?? 'ok'
        if (answer === 'ok') return name
        routes.failed(route, answer)
        throw answer
      })
      .catch((error: ServerError) => error.failure.kind)
    return { order, ended }
  }
  const two = () =>
    new Routes({
      hosts: [
        { host: 'a', port: 1 },
        { host: 'b', port: 1 },
      ],
      sslMode: 'prefer',
    })
  const refused = found({ kind: 'unreachable', reason: 'refused' })
  const noTls = found({ kind: 'tls', reason: 'not-offered' })
  const wrong = found({ kind: 'password', reason: 'wrong' })

  it('a host that is away is followed by the next, at once', async () => {
    expect(await tried(two(), { 'a tls': refused })).toEqual({ order: ['a tls', 'b tls'], ended: 'b tls' })
    expect(await tried(two(), { 'a tls': refused, 'b tls': refused })).toEqual({
      order: ['a tls', 'b tls'],
      ended: 'unreachable',
    })
  })

  it('no TLS is followed by none, and remembered', async () => {
    const routes = two()
    expect(await tried(routes, { 'a tls': noTls })).toEqual({ order: ['a tls', 'a'], ended: 'a' })
    expect(await tried(routes, { 'a tls': noTls })).toEqual({ order: ['a'], ended: 'a' })
  })

  it('after the last the first has its turn again', async () => {
    const routes = two()
    expect((await tried(routes, { 'a tls': refused })).ended).toBe('b tls')
    expect(await tried(routes, { 'b tls': refused })).toEqual({ order: ['b tls', 'a tls'], ended: 'a tls' })
  })

  it('a wrong password is the end', async () => {
    expect(await tried(two(), { 'a tls': wrong })).toEqual({ order: ['a tls'], ended: 'password' })
    expect(await tried(two(), { 'a tls': refused, 'b tls': wrong })).toEqual({
      order: ['a tls', 'b tls'],
      ended: 'password',
    })
  })
})
