import { mkdirSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { stateOfPack } from '../../../src-main/models/pack-files'
import { configuration, failure } from '../../integration/host/harness'
import { sha256Of } from '../../integration/models/archive-server'

function packOf(detector: string, embedder: string) {
  const { pack } = configuration()
  const file = (name: string, text: string) => ({
    ...pack.detector.file,
    name,
    bytes: text.length,
    sha256: sha256Of(Buffer.from(text)),
  })
  return {
    ...pack,
    detector: { ...pack.detector, file: file('detector.onnx', detector) },
    embedder: { ...pack.embedder, file: file('embedder.onnx', embedder) },
  }
}

it('follows the files: present, missing, corrupt, and back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-pack-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const pack = packOf('the detector', 'the embedder')
  const detector = join(folder, 'detector.onnx')
  const embedder = join(folder, 'embedder.onnx')
  expect(await stateOfPack(pack, join(folder, 'nowhere'))).toBe('missing')
  writeFileSync(detector, 'the detector')
  expect(await stateOfPack(pack, folder)).toBe('missing')
  writeFileSync(embedder, 'the embedder')
  expect(await stateOfPack(pack, folder)).toBe('present')
  // As long as before: only the hash tells.
  writeFileSync(detector, 'the detectoR')
  utimesSync(detector, new Date(1_000), new Date(1_000))
  expect(await stateOfPack(pack, folder)).toBe('corrupt')
  unlinkSync(embedder)
  expect(await stateOfPack(pack, folder)).toBe('corrupt')
  writeFileSync(detector, 'short')
  writeFileSync(embedder, 'the embedder')
  expect(await stateOfPack(pack, folder)).toBe('corrupt')
  writeFileSync(detector, 'the detector')
  expect(await stateOfPack(pack, folder)).toBe('present')
})

it('says so where a file cannot be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-pack-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'detector.onnx'))
  const error = await failure(stateOfPack(packOf('the detector', 'the embedder'), folder))
  expect(error).toMatchObject({ code: 'file-unreadable' })
})
