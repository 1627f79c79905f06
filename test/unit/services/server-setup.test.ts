/** The connection and its password: kept, tried, forgotten; a password stays with the server that it was given for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Secrets } from '../../../src-main/services/secrets'
import { ServerSetups } from '../../../src-main/services/server-setup'
import { SettingsFile } from '../../../src-main/services/settings-file'
import type { SchemaPlace, SchemaStore } from '../../../src-main/storage/schema-store'
import { VisorError } from '../../../src-shared/errors'
import type { ServerConnection } from '../../../src-shared/server'
import { asServerConnection } from '../../../src-shared/server-parameters'
import type { ServerTestReport, ServerTestStep } from '../../../src-shared/server-test'
import { parseServerText } from '../../../src-shared/server-url'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-setup-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (url: string): ServerConnection => asServerConnection(parseServerText(url).settings)
const report: ServerTestReport = { steps: [], state: 'pass', failure: null, detail: null }
const step: ServerTestStep = { id: 'reach', state: 'pass', sentence: '', figure: null, next: null }

function set() {
  const settings = new SettingsFile(join(folder, 'settings.json'))
  const secrets = new Secrets(join(folder, 'secrets.json'), {
    isAvailable: async () => true,
    seal: async (text) => Buffer.from([...text].reverse().join('')),
    open: async (sealed) => ({ text: [...sealed.toString()].reverse().join(''), sealAgain: false }),
  })
  const tried: { place: string | undefined; password: string | undefined }[] = []
  const opened: SchemaPlace[] = []
  const setups = new ServerSetups({
    settings,
    secrets,
    tryServer: async ({ connection, password, onStep, signal }) => {
      tried.push({ place: connection.hosts[0]?.host, password })
      onStep(step)
      if (connection.database !== 'slow') return report
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
    openSchema: (place) => {
      opened.push(place)
      return { place } as unknown as SchemaStore
    },
  })
  return { settings, setups, tried, opened }
}

it('keeps the connection in the settings, and the password apart from it', async () => {
  const { settings, setups } = set()
  expect(await setups.shown()).toMatchObject({ password: null, canKeep: true })
  await setups.save(at('postgresql://ana@db/faces'), 'geheim')
  await settings.flush()
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).not.toContain('geheim')
  expect(await setups.shown()).toMatchObject({ connection: { user: 'ana' }, password: 'system-store' })
  expect(await setups.login()).toMatchObject({ password: 'geheim' })
})

it('does not take a password along to another server', async () => {
  const { setups, tried } = set()
  await setups.save(at('postgresql://ana@db/faces'), 'geheim')
  await setups.test('a', at('postgresql://ana@elsewhere/faces'), null)
  await setups.save(at('postgresql://ana@elsewhere/faces'), null)
  expect(tried).toEqual([{ place: 'elsewhere', password: undefined }])
  expect((await setups.shown()).password).toBeNull()
  await setups.save(at('postgresql://ana@db/faces'), null)
  expect((await setups.shown()).password).toBeNull()
})

it('takes it along from one place to another', async () => {
  const { setups } = set()
  await setups.save(at('postgresql://ana@db/faces'), 'geheim')
  await setups.save({ ...at('postgresql://ana@db/faces'), passwordIn: 'ask-each-time' }, null)
  expect((await setups.shown()).password).toBe('memory')
  expect((await setups.login()).password).toBe('geheim')
  await setups.save({ ...at('postgresql://ana@db/faces'), passwordIn: 'environment' }, null)
  expect([(await setups.shown()).password, (await setups.login()).password]).toEqual([null, undefined])
})

it('forgets it', async () => {
  const { setups } = set()
  await setups.save(at('postgresql://ana@db/faces'), 'geheim')
  await setups.forgetPassword()
  expect([(await setups.shown()).password, (await setups.login()).password]).toEqual([null, undefined])
})

it('tries what was typed, tells each step, and can be cancelled', async () => {
  const { setups, tried } = set()
  await setups.save(at('postgresql://ana@db/faces'), 'geheim')
  const told: unknown[] = []
  setups.step.add((one) => told.push(one))
  expect(await setups.test('a', at('postgresql://ana@db/faces'), null)).toBe(report)
  expect(await setups.test('b', at('postgresql://ana@db/faces'), 'typed')).toBe(report)
  expect(tried.map(({ password }) => password)).toEqual(['geheim', 'typed'])
  expect(told).toEqual([
    { testId: 'a', step },
    { testId: 'b', step },
  ])
  const slow = setups.test('c', at('postgresql://ana@db/slow'), 'typed')
  setups.cancelTest('c')
  await expect(slow).rejects.toBeInstanceOf(VisorError)
})

it('looks after the schema of the server that is kept, with one log', async () => {
  const { setups, opened } = set()
  await setups.save(at('postgresql://ana@db/faces'), 'geheim')
  expect(await setups.schema()).toBe(await setups.schema())
  await setups.save(at('postgresql://ana@other/faces'), null)
  await setups.schema()
  expect(opened).toMatchObject([{ kind: 'postgres', password: 'geheim' }, { password: undefined }])
})
