/** Fetching over a real server on this computer: what arrives, and what is left where it does not. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type FetchOptions, fetchArtefacts, fetchPack } from '../../../src-main/models/fetch-artefact'
import type { FetchProgress } from '../../../src-main/models/fetch-progress'
import { stateOfFile } from '../../../src-main/models/pack-files'
import type { Artefact } from '../../../src-shared/model-pack'
import { configuration, failure } from '../host/harness'
import { type Behaviour, noise, serve, temporaryFolder } from './archive-server'

const detector = noise(900_000, 1)
const embedder = noise(400_000, 2)
const files = {
  'package/package.json': new TextEncoder().encode('{"name":"faces","version":"1.2.3"}'),
  'package/model/embedder.onnx': embedder,
  'package/other.bin': noise(200_000, 3),
  'package/detector.onnx': detector,
}

const fetchArtefact = (artefact: Artefact, folder: string, options: FetchOptions) =>
  fetchArtefacts([artefact], folder, options)

/** A folder on a disk of 128 KiB. */
function smallDisk(): string {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder], { stdio: 'ignore' })
  onTestFinished(() => {
    execFileSync('umount', [folder])
  })
  return folder
}

/** Only the superuser may, and not in every container. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'visor-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder]).status === 0
  if (mounted) execFileSync('umount', [folder])
  rmdirSync(folder)
  return mounted
}

/** No installed copies, and no registry but the one given. */
const only = (registry: string): FetchOptions => ({ npm: { registry }, packageFolders: [] })

describe.each(['npm', 'zip'] as const)('a file from %s', (kind) => {
  async function server(behaviour: Behaviour = 'well') {
    const { fromNpm, fromZip, registry, downloads } = await serve(files, behaviour)
    const from = kind === 'npm' ? fromNpm : fromZip
    const both = [from('package/detector.onnx', detector), from('package/model/embedder.onnx', embedder)]
    return { from, one: both[0]!, both, options: only(registry), downloads }
  }

  it('arrives whole, beside others of its archive, which is downloaded once', async () => {
    const { both, options, downloads } = await server()
    const folder = join(temporaryFolder(), 'new', 'folder')
    const told: FetchProgress[] = []
    await fetchArtefacts(both, folder, { ...options, onProgress: (progress) => told.push(progress) })
    expect(readdirSync(folder).sort()).toEqual(['detector.onnx', 'embedder.onnx'])
    expect(readFileSync(join(folder, 'detector.onnx')).equals(detector)).toBe(true)
    expect(readFileSync(join(folder, 'embedder.onnx')).equals(embedder)).toBe(true)
    expect(downloads).toHaveLength(1)
    expect(told[0]?.doneBytes).toBe(0)
    expect(told.at(-1)).toMatchObject({ doneBytes: 1_300_000, totalBytes: 1_300_000 })
    expect(told.map(({ doneBytes }) => doneBytes)).toEqual(
      told.map(({ doneBytes }) => doneBytes).toSorted((a, b) => a - b),
    )
  })

  it('is not fetched again where it is there, and replaced where it is corrupt', async () => {
    const { one, options, downloads } = await server()
    const folder = temporaryFolder()
    writeFileSync(join(folder, one.name), 'something else')
    await fetchArtefact(one, folder, options)
    await fetchArtefact(one, folder, options)
    expect(downloads).toHaveLength(1)
    expect(await stateOfFile(one, folder)).toBe('present')
  })

  it.each<[Behaviour, string]>([
    ['altered', 'download-corrupt'],
    ['broken', 'download-corrupt'],
    ['cut', 'network-unreachable'],
    ['missing', 'network-unreachable'],
    ['stalled', 'network-unreachable'],
  ])(
    'that comes %s is `%s`, says how to help oneself, and leaves what was there',
    async (behaviour, code) => {
      const { one, options } = await server(behaviour)
      const folder = temporaryFolder()
      writeFileSync(join(folder, one.name), 'the old one')
      const error = await failure(fetchArtefact(one, folder, { ...options, stallMs: 300 }))
      expect(error).toMatchObject({ code })
      expect(error.remedy).toContain(join(folder, one.name))
      expect(error.remedy).toContain(one.sha256)
      expect(readdirSync(folder)).toEqual([one.name])
      expect(readFileSync(join(folder, one.name), 'utf8')).toBe('the old one')
    },
  )

  it.each<[string, (artefact: Artefact) => Artefact]>([
    ['another hash', (artefact) => ({ ...artefact, sha256: '0'.repeat(64) })],
    ['more bytes than there should be', (artefact) => ({ ...artefact, bytes: artefact.bytes - 1 })],
    [
      'another name',
      (artefact) => ({ ...artefact, source: { ...artefact.source, path: 'package/gone.onnx' } }),
    ],
  ])('with %s is not taken', async (_what, alter) => {
    const { one, options } = await server()
    const folder = temporaryFolder()
    expect(await failure(fetchArtefact(alter(one), folder, options))).toMatchObject({
      code: 'download-corrupt',
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('is given up when cancelled in mid-download', async () => {
    const { one, options } = await server('stalled')
    const folder = temporaryFolder()
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 150)
    const error = await failure(fetchArtefact(one, folder, { ...options, signal: cancel.signal }))
    expect(error).toMatchObject({ code: 'cancelled' })
    expect(readdirSync(folder)).toEqual([])
    const never = failure(fetchArtefact(one, folder, { ...options, signal: AbortSignal.abort() }))
    expect(await never).toMatchObject({ code: 'cancelled' })
  })

  it('may be fetched by several at once', async () => {
    const { both, options } = await server()
    const folder = temporaryFolder()
    await Promise.all(Array.from({ length: 4 }, () => fetchArtefacts(both, folder, options)))
    expect(readdirSync(folder).sort()).toEqual(['detector.onnx', 'embedder.onnx'])
    expect(await stateOfFile(both[0]!, folder)).toBe('present')
  })

  it('needs a server that answers', async () => {
    const { one } = await server()
    const unreachable = 'http://127.0.0.1:9/'
    const artefact: Artefact =
      kind === 'npm' ? one : { ...one, source: { ...one.source, kind, url: unreachable } }
    const error = await failure(fetchArtefact(artefact, temporaryFolder(), only(unreachable)))
    expect(error).toMatchObject({ code: 'network-unreachable' })
  })

  it.runIf(mayMount())('is `disk-full` where there is no room', async () => {
    const { one, options } = await server()
    const folder = smallDisk()
    expect(await failure(fetchArtefact(one, folder, options))).toMatchObject({ code: 'disk-full' })
    expect(readdirSync(folder)).toEqual([])
    execFileSync('mount', ['-o', 'remount,ro', folder])
    expect(await failure(fetchArtefact(one, folder, options))).toMatchObject({ code: 'read-only' })
  })

  it.runIf(process.getuid?.() !== 0)('is `read-only` where nothing may be written', async () => {
    const { one, options } = await server()
    const folder = temporaryFolder()
    chmodSync(folder, 0o500)
    expect(await failure(fetchArtefact(one, folder, options))).toMatchObject({ code: 'read-only' })
  })
})

describe('an installed package', () => {
  function install(version: string, bytes: Uint8Array): string {
    const folder = temporaryFolder()
    const root = join(folder, 'faces')
    mkdirSync(root)
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'faces', version }))
    writeFileSync(join(root, 'detector.onnx'), bytes)
    return folder
  }

  it('of the same version spares the download', async () => {
    const { fromNpm, registry, downloads } = await serve(files)
    const artefact = fromNpm('package/detector.onnx', detector)
    const target = temporaryFolder()
    await fetchArtefact(artefact, target, { ...only(registry), packageFolders: [install('1.2.3', detector)] })
    expect(await stateOfFile(artefact, target)).toBe('present')
    expect(downloads).toEqual([])
  })

  it.each([
    ['another version', '1.2.4', detector],
    ['an altered file', '1.2.3', noise(900_000, 9)],
  ])('with %s does not', async (_what, version, bytes) => {
    const { fromNpm, registry, downloads } = await serve(files)
    const target = temporaryFolder()
    const packageFolders = [install(version, bytes)]
    await fetchArtefact(fromNpm('package/detector.onnx', detector), target, {
      ...only(registry),
      packageFolders,
    })
    expect(downloads).toHaveLength(1)
  })
})

describe('around a fetch', () => {
  it('npm’s registry and credentials are taken from the environment and the user’s .npmrc', async () => {
    const { fromNpm, registry, authorizations } = await serve(files)
    const userconfig = join(temporaryFolder(), 'npmrc')
    writeFileSync(userconfig, `${registry.replace('http:', '')}:_authToken=\${VISOR_TEST_TOKEN}\n`)
    const variables = {
      npm_config_registry: registry,
      npm_config_userconfig: userconfig,
      VISOR_TEST_TOKEN: 'abc',
    }
    const before = { ...process.env }
    Object.assign(process.env, variables)
    onTestFinished(() => {
      for (const name of Object.keys(variables)) {
        if (before[name] === undefined) delete process.env[name]
        else process.env[name] = before[name]
      }
    })
    await fetchArtefact(fromNpm('package/detector.onnx', detector), temporaryFolder(), { packageFolders: [] })
    expect(authorizations).toEqual(['Bearer abc'])
  })

  it('a pack whose terms need consent is refused without', async () => {
    const { fromZip, registry, downloads } = await serve(files)
    const { pack } = configuration()
    const researchOnly = {
      ...pack,
      licence: { name: 'Research', summary: 'research only', consentRequired: true },
      detector: { ...pack.detector, file: fromZip('package/detector.onnx', detector) },
      embedder: { ...pack.embedder, file: fromZip('package/model/embedder.onnx', embedder) },
    }
    const folder = temporaryFolder()
    const refused = failure(fetchPack(researchOnly, folder, { ...only(registry), consent: false }))
    expect(await refused).toMatchObject({ code: 'consent-required' })
    expect(downloads).toEqual([])
    await fetchPack(researchOnly, folder, { ...only(registry), consent: true })
    expect(readdirSync(folder).sort()).toEqual(['detector.onnx', 'embedder.onnx'])
  })

  it('what a killed process left is removed, what another is at work on is not', async () => {
    const { fromNpm, registry } = await serve(files)
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.fetching-old'))
    mkdirSync(join(folder, '.fetching-new'))
    utimesSync(join(folder, '.fetching-old'), new Date(0), new Date(0))
    await fetchArtefact(fromNpm('package/detector.onnx', detector), folder, only(registry))
    expect(readdirSync(folder).sort()).toEqual(['.fetching-new', 'detector.onnx'])
  })
})
