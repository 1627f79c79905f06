/**
 * The optional model in the real vision process. Its place is taken by a graph that gives the mean of each channel: what it
 * says shows which part of the photo it was given, in which order of colours, and which class was read.
 */

import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { surroundingsOf } from '../../../src-main/vision/maths/surroundings'
import { sharp } from '../../../src-main/vision/native/sharp'
import type { ModelPack } from '../../../src-shared/model-pack'
import { defaultPack, samplePath, VisionChild } from './vision-child'

const standIn = 'test/fixtures/channel-means.onnx'
/** Makes the means small: likelihoods would be 0 or 1 else. */
const scale = 64

let vision: VisionChild
let packFolder: string
let pack: ModelPack

beforeEach(async () => {
  const { pack: real, packFolder: from } = defaultPack()
  packFolder = mkdtempSync(join(tmpdir(), 'visor-liveness-'))
  for (const { file } of [real.detector, real.embedder]) {
    copyFileSync(join(from, file.name), join(packFolder, file.name))
  }
  const { liveness } = real
  if (liveness === undefined) throw new Error('The default pack has an optional model.')
  const sha256 = createHash('sha256').update(readFileSync(standIn)).digest('hex')
  pack = {
    ...real,
    liveness: { ...liveness, file: { ...liveness.file, sha256 }, input: { ...liveness.input, scale } },
  }
  vision = new VisionChild()
  await vision.ready
})
afterEach(async () => {
  await vision.end()
  rmSync(packFolder, { recursive: true })
})

const configure = () => vision.request('configure', { pack, packFolder, provider: 'cpu', threads: 1 })
const put = (bytes: Uint8Array) => writeFileSync(join(packFolder, pack.liveness!.file.name), bytes)

it('says of each face that gets a crop how likely it is real, by what lies around it', async () => {
  put(readFileSync(standIn))
  expect(await configure()).toMatchObject({ tellsReal: true })
  const { faces, width, height } = await vision.analyse(samplePath(1), { crops: true })
  expect(faces).toHaveLength(3)
  for (const { box, real } of faces) {
    const { x: left, y: top, w, h } = surroundingsOf(box, { width, height }, 2.7)
    const around = await sharp(readFileSync(samplePath(1)))
      .extract({ left, top, width: w, height: h })
      .png()
      .toBuffer()
    const { channels } = await sharp(around).stats()
    const powers = channels.slice(0, 3).map(({ mean }) => Math.exp(mean / scale))
    // Class 0 of a picture whose channels are blue, green, red.
    expect(real).toBeCloseTo(powers[2]! / powers.reduce((a, b) => a + b), 2)
  }
})

it('is not asked of faces that get no crop', async () => {
  put(readFileSync(standIn))
  await configure()
  const { faces } = await vision.analyse(samplePath(1))
  expect(faces.map(({ real }) => real)).toEqual([undefined, undefined, undefined])
})

it.each([
  ['is not here', () => undefined],
  ['is not the one it should be', () => put(new Uint8Array([1, 2, 3]))],
])('is off where its file %s; all else goes on', async (_, prepare) => {
  prepare()
  expect(await configure()).toMatchObject({ tellsReal: false })
  const { faces } = await vision.analyse(samplePath(1), { crops: true })
  expect(faces.map(({ real }) => real)).toEqual([undefined, undefined, undefined])
})
