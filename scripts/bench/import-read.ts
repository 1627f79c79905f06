/**
 * Reading a DeepFace pickle through the import thread: rows a second of one as long as a real system's (23,661 × 512 floats, 109 MB),
 * and the memory of a process that reads one of 1.1 GB. Options: `--rows 23661`, `--gigabytes 1.1`, `--read FILE` (one file,
 * in this process). Electron's Node.
 */
import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { SourceThread } from '../../src-main/import/thread/source-thread'
import { defaultPersonRule } from '../../src-shared/import'
import { randomNumbers, unitVector } from '../../test/contract/made-faces'
import { median, printFigure } from './figure'

const benchmark = 'import-read'
const rounds = 3
const facesPerPerson = 9

const reading = z.object({ rows: z.number(), ms: z.number(), peakMegabytes: z.number() })

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rows: { type: 'string', default: '23661' },
      gigabytes: { type: 'string', default: '1.1' },
      read: { type: 'string' },
    },
  })
  if (values.read !== undefined) {
    process.stdout.write(`${JSON.stringify(await readFile(values.read))}\n`)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'visor-bench-import-'))
  try {
    const path = join(folder, 'ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_0.pkl')
    await measureRate(path, Number(values.rows))
    await measureMemory(path, Number(values.gigabytes) * 1e9)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureRate(path: string, rows: number): Promise<void> {
  await pipeline(
    pickle((written) => written.rows < rows),
    createWriteStream(path),
  )
  const bytes = statSync(path).size
  const bare: number[] = []
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    const read = readFileSync(path)
    bare.push(performance.now() - startedAt)
    if (read.length !== bytes) throw new Error('The file changed.')
    const found = await readFile(path)
    if (found.rows !== rows) throw new Error(`${found.rows} of ${rows} rows were read.`)
    times.push(found.ms)
  }
  const [ms, bareMs] = [median(times), median(bare)]
  printFigure({
    benchmark,
    figure: 'rows a second of a pickle, read by the import thread',
    value: (rows / ms) * 1000,
    details: { rows, megabytes: bytes / 1e6, ms, 'bare read of the file, ms': bareMs },
  })
}

async function measureMemory(path: string, bytes: number): Promise<void> {
  await pipeline(
    pickle((written) => written.bytes < bytes),
    createWriteStream(path),
  )
  // A process of its own: what made the file is not counted.
  const [runner = '', name = ''] = [process.argv[1], benchmark]
  const printed = execFileSync(process.execPath, [runner, name, '--read', path], { encoding: 'utf8' })
  const { rows, ms, peakMegabytes } = reading.parse(JSON.parse(printed))
  printFigure({
    benchmark,
    figure: 'memory of the whole process while it reads a pickle, MB',
    value: peakMegabytes,
    goal: '< 300',
    details: { rows, gigabytes: statSync(path).size / 1e9, ms },
  })
}

/** Rows, time and the greatest resident memory of this process. */
async function readFile(path: string): Promise<z.infer<typeof reading>> {
  const source = new SourceThread(
    { place: { at: 'path', path }, kind: null, personRule: defaultPersonRule, mapping: null },
    { builtFolder: import.meta.dirname },
  )
  let peak = 0
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const looking = setInterval(look, 20)
  const startedAt = performance.now()
  let rows = 0
  for await (const portion of source.rows()) rows += portion.rows.length
  const ms = performance.now() - startedAt
  clearInterval(looking)
  look()
  await source.close()
  return { rows, ms, peakMegabytes: peak / 1e6 }
}

/** A list of dictionaries as Python's pickler writes it in protocol 4, while `goesOn`. */
function* pickle(goesOn: (written: { rows: number; bytes: number }) => boolean): Generator<Buffer> {
  const random = randomNumbers(5)
  const vectors = Array.from({ length: 64 }, () => floats(unitVector(random)))
  const written = { rows: 0, bytes: 0 }
  yield Buffer.from([0x80, 4, 0x5d, 0x94])
  while (goesOn(written)) {
    const batch: Buffer[] = [Buffer.from('(')]
    for (let inBatch = 0; inBatch < 1000 && goesOn(written); inBatch++) {
      const content = row(written.rows, vectors[written.rows % vectors.length] as Buffer)
      batch.push(content)
      written.bytes += content.length
      written.rows += 1
    }
    yield Buffer.concat([...batch, Buffer.from('e')])
  }
  yield Buffer.from('.')
}

/** Entries of the memo that hold the keys, from the first row on. */
const keys = {
  identity: 2,
  hash: 4,
  embedding: 6,
  target_x: 8,
  target_y: 9,
  target_w: 10,
  target_h: 11,
} as const

function row(number: number, embedding: Buffer): Buffer {
  const key = (name: keyof typeof keys) => (number === 0 ? text(name) : Buffer.from([0x68, keys[name]]))
  const path = `dataset/Person ${Math.floor(number / facesPerPerson)}/photo ${number}.jpg`
  const hash = number.toString(16).padStart(40, '0')
  const place = (['target_x', 'target_y', 'target_w', 'target_h'] as const).flatMap((name) => [
    key(name),
    Buffer.from([0x4d, 200, 1]),
  ])
  return Buffer.concat([
    Buffer.from([0x7d, 0x94, 0x28]),
    key('identity'),
    text(path),
    key('hash'),
    text(hash),
    key('embedding'),
    embedding,
    ...place,
    Buffer.from('u'),
  ])
}

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([0x8c, value.length]), Buffer.from(value, 'latin1'), Buffer.from([0x94])])

/** A list of floats, 9 bytes each. */
function floats(vector: Float32Array): Buffer {
  const content = Buffer.alloc(vector.length * 9)
  for (const [index, value] of vector.entries()) {
    content[index * 9] = 0x47
    content.writeDoubleBE(value, index * 9 + 1)
  }
  return Buffer.concat([Buffer.from([0x5d, 0x94, 0x28]), content, Buffer.from('e')])
}
