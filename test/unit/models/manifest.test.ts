import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadManifest, packById } from '../../../src-main/models/manifest'
import { failure } from '../../integration/host/harness'

const shipped = resolve(import.meta.dirname, '../../../models/manifest.json')

function manifestWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-manifest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'manifest.json'), text)
  return join(folder, 'manifest.json')
}

it('reads the manifest that ships', async () => {
  const manifest = await loadManifest(shipped)
  expect(packById(manifest, null)).toMatchObject({
    id: manifest.defaultPack,
    licence: { consentRequired: false },
  })
  expect(packById(manifest, 'buffalo_l').licence.consentRequired).toBe(true)
  expect(() => packById(manifest, 'no-such-pack')).toThrow('no-such-pack')
})

it.each([
  ['no JSON', () => '{'],
  ['another format', () => '{"format":2}'],
  [
    'a default pack it does not have',
    (text: string) => text.replace(/"defaultPack": "[^"]+"/, '"defaultPack": "x"'),
  ],
  ['two packs of one id', (text: string) => text.replaceAll('"buffalo_s"', '"buffalo_l"')],
])('refuses a manifest with %s', async (_what, alter) => {
  const path = manifestWith(alter(readFileSync(shipped, 'utf8')))
  expect(await failure(loadManifest(path))).toMatchObject({ code: 'internal' })
})
