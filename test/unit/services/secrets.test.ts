/** Passwords: in the key store where there is one, else in memory; a file never has one in clear. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { type KeyStore, Secrets } from '../../../src-main/services/secrets'
import {
  forgetPassword,
  givePassword,
  passwordFor,
  passwordName,
} from '../../../src-main/services/server-password'
import { defaultServerConnection, type ServerConnection } from '../../../src-shared/server'

const word = 'correct horse ünïcode'

/** A user's key store: its key can be changed, and be somebody else's. */
class UsersKeys implements KeyStore {
  available = true
  #keys = [randomBytes(32)]

  isAvailable = async () => this.available
  changeKey = () => this.#keys.unshift(randomBytes(32))
  loseKeys = () => {
    this.#keys = [randomBytes(32)]
  }

  async seal(text: string): Promise<Buffer> {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0] ?? '', iv)
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  async open(sealed: Buffer) {
    for (const [index, key] of this.#keys.entries()) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
      decipher.setAuthTag(sealed.subarray(-16))
      try {
        const text = decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
        return { text, sealAgain: index > 0 }
      } catch {
        // Another key may fit.
      }
    }
    throw new Error('no key fits')
  }
}

let folder: string
let path: string
let keys: UsersKeys
const opened = () => new Secrets(path, keys)
const everyFile = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-secrets-'))
  path = join(folder, 'secrets.json')
  keys = new UsersKeys()
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('with a key store', () => {
  it('keeps a secret beyond this run, sealed, for its owner alone', async () => {
    expect(await opened().keep('a', word)).toBe('system-store')
    expect(await opened().read('a')).toBe(word)
    expect(await opened().placeOf('a')).toBe('system-store')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    for (const form of [word, Buffer.from(word).toString('base64'), Buffer.from(word).toString('latin1')]) {
      expect(everyFile()).not.toContain(form)
    }
  })

  it('keeps several, one after the other however they come', async () => {
    const secrets = opened()
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => secrets.keep(name, `${name} ${word}`)))
    for (const name of ['a', 'b', 'c', 'd']) expect(await opened().read(name)).toBe(`${name} ${word}`)
  })

  it('forgets, and leaves no file behind the last', async () => {
    const secrets = opened()
    await secrets.keep('a', word)
    await secrets.keep('b', word)
    await secrets.forget('a')
    expect(await opened().read('a')).toBeUndefined()
    expect(await opened().read('b')).toBe(word)
    await secrets.forget('b')
    expect(existsSync(path)).toBe(false)
  })

  it('seals again when the key has changed', async () => {
    await opened().keep('a', word)
    const before = readFileSync(path, 'utf8')
    keys.changeKey()
    expect(await opened().read('a')).toBe(word)
    expect(readFileSync(path, 'utf8')).not.toBe(before)
  })

  it('says so when the key is lost, and takes a new one', async () => {
    await opened().keep('a', word)
    keys.loseKeys()
    await expect(opened().read('a')).rejects.toMatchObject({ code: 'server-login' })
    await opened().keep('a', 'new')
    expect(await opened().read('a')).toBe('new')
  })

  it.each(['', 'nonsense', '{"version":2}', '{"version":1,"sealed":{"a":7}}'])(
    'asks again after a broken file: %j',
    async (text) => {
      writeFileSync(path, text)
      expect(await opened().read('a')).toBeUndefined()
      await opened().keep('a', word)
      expect(await opened().read('a')).toBe(word)
    },
  )
})

describe('without one', () => {
  beforeEach(() => {
    keys.available = false
  })

  it('holds a secret until Visor is closed, and writes nothing', async () => {
    const secrets = opened()
    expect(await secrets.canKeep()).toBe(false)
    expect(await secrets.keep('a', word)).toBe('memory')
    expect(await secrets.read('a')).toBe(word)
    expect(await secrets.placeOf('a')).toBe('memory')
    expect(readdirSync(folder)).toEqual([])
    expect(await opened().read('a')).toBeUndefined()
  })
})

it('shows no secret, however it is printed', async () => {
  const secrets = opened()
  await secrets.keep('a', word)
  expect(inspect(secrets, { depth: null, showHidden: true }) + JSON.stringify(secrets)).not.toContain('horse')
})

describe('the password of a server', () => {
  const settings = (more: Partial<ServerConnection>): ServerConnection => ({
    ...defaultServerConnection,
    hosts: [{ host: 'db', port: 5432 }],
    user: 'ana',
    ...more,
  })

  test('is kept where the settings say', async () => {
    expect(await givePassword(opened(), settings({}), word)).toBe('system-store')
    expect(await passwordFor(opened(), settings({}))).toBe(word)
  })

  test('that is asked for each time is held, and what was kept goes', async () => {
    const secrets = opened()
    await givePassword(secrets, settings({}), word)
    expect(await givePassword(secrets, settings({ passwordIn: 'ask-each-time' }), 'typed')).toBe('memory')
    expect(await passwordFor(secrets, settings({ passwordIn: 'ask-each-time' }))).toBe('typed')
    expect(readdirSync(folder)).toEqual([])
    expect(await passwordFor(opened(), settings({ passwordIn: 'ask-each-time' }))).toBeUndefined()
  })

  test('that was kept is not used by somebody who wants to be asked, and can be forgotten', async () => {
    await givePassword(opened(), settings({}), word)
    expect(await passwordFor(opened(), settings({ passwordIn: 'ask-each-time' }))).toBeUndefined()
    await forgetPassword(opened(), settings({}))
    expect(await passwordFor(opened(), settings({}))).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })

  test('in the environment is left there', async () => {
    const secrets = opened()
    await givePassword(secrets, settings({}), word)
    expect(await givePassword(secrets, settings({ passwordIn: 'environment' }), word)).toBe('environment')
    expect(await passwordFor(secrets, settings({ passwordIn: 'environment' }))).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })

  test('goes to nobody else', async () => {
    const secrets = opened()
    await givePassword(secrets, settings({}), word)
    for (const other of [
      { user: 'bor' },
      { hosts: [{ host: 'evil', port: 5432 }] },
      { hosts: [{ host: 'db', port: 1 }] },
      { service: 'x' },
    ]) {
      expect(await passwordFor(secrets, settings(other))).toBeUndefined()
    }
    expect(passwordName(settings({ sslMode: 'require', database: 'other' }))).toBe(passwordName(settings({})))
  })
})
