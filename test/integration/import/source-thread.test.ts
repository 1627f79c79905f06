/** A source in a thread of its own: portions, progress, cancelling, a file that goes away, a thread that dies. */
import { createWriteStream, mkdirSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { expect, test } from 'vitest'
import type { GivenRow, Portion } from '../../../src-main/import/source'
import { SourceThread } from '../../../src-main/import/thread/source-thread'
import { hasCode } from '../../../src-shared/errors'
import type { SourceSpec } from '../../../src-shared/import'
import { type Python, pickledList } from '../../unit/import/pickle-writer'
import { specOf } from '../../unit/import/read-all'
import { fileIn, temporaryFolder } from '../../unit/import/temp-file'

const folder = temporaryFolder()
const builtFolder = join(import.meta.dirname, '../../../out/main')
let last = 0

const embedding = (row: number) =>
  Array.from({ length: 16 }, (_, index) => ((row * 31 + index * 7) % 64) / 64)

function* made(rows: number): Generator<Python> {
  for (let row = 0; row < rows; row++) {
    yield {
      identity: `photos/Person ${row % 50}/${row}.jpg`,
      hash: 'h',
      embedding: row === 3 ? null : embedding(row),
    }
  }
}

async function pickleOf(rows: number): Promise<string> {
  const path = join(
    folder,
    `ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_${++last}.pkl`,
  )
  const file = createWriteStream(path)
  for (const piece of pickledList(made(rows), { protocol: 5 })) file.write(piece)
  file.end()
  await finished(file)
  return path
}

async function withSource<T>(spec: SourceSpec, act: (source: SourceThread) => Promise<T>): Promise<T> {
  const source = new SourceThread(spec, { builtFolder })
  try {
    return await act(source)
  } finally {
    await source.close()
  }
}

function atLengthOne(numbers: readonly number[]): Float32Array {
  const vector = Float32Array.from(numbers)
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / length)
}

async function rowsOf(portions: AsyncIterable<Portion>): Promise<GivenRow[]> {
  const rows: GivenRow[] = []
  for await (const portion of portions) {
    expect(portion.rows.length).toBeLessThanOrEqual(1000)
    expect(portion.rows[0]?.position).toBe(portion.from)
    rows.push(...portion.rows)
  }
  return rows
}

test('an inspection with progress, and the rows, from the beginning and from a position', async () => {
  const path = await pickleOf(3500)
  await withSource(specOf(path), async (source) => {
    const shares: number[] = []
    const inspection = await source.inspect({ onProgress: ({ share }) => shares.push(share) })
    expect(inspection).toMatchObject({
      kind: 'deepface-pkl',
      layout: 'Pickle, protocol 5: a list of dictionaries',
      rows: 3500,
      persons: 50,
      models: [{ modelId: 'deepface/arcface', dimension: 16, rows: 3499 }],
      problems: [{ reason: 'no-embedding', rows: 1, example: { key: 'row 3' } }],
    })
    expect(inspection.fingerprint).toMatch(/^\d+ bytes, SHA-256 [0-9a-f]{64}$/)
    expect(inspection.preview[0]).toMatchObject({ key: 'row 0', person: 'Person 0' })
    expect(shares.length).toBeGreaterThan(1)
    const rows = await rowsOf(source.rows())
    expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index))
    expect(rows[3499]?.embedding).toEqual(atLengthOne(embedding(3499)))
    expect(rows[3]).toMatchObject({ embedding: null, problem: { reason: 'no-embedding' } })
    const late = await rowsOf(source.rows(2345))
    expect(late.map(({ position }) => position)).toEqual(rows.slice(2345).map(({ position }) => position))
    expect(late[0]?.embedding).toEqual(rows[2345]?.embedding)
  })
})

test('a reading that is given up ends, and another one begins anew', async () => {
  const path = await pickleOf(5000)
  await withSource(specOf(path), async (source) => {
    for await (const portion of source.rows()) {
      expect(portion.from).toBe(0)
      break
    }
    expect(await rowsOf(source.rows())).toHaveLength(5000)
  })
})

test('an inspection is cancelled', async () => {
  const path = await pickleOf(5000)
  await withSource(specOf(path), async (source) => {
    const cancel = new AbortController()
    const reason = new Error('enough')
    const inspected = source.inspect({ signal: cancel.signal, onProgress: () => cancel.abort(reason) })
    await expect(inspected).rejects.toBe(reason)
    expect((await source.inspect()).rows).toBe(5000)
  })
})

test('a file that becomes shorter, one that is not there, and one that is refused', async () => {
  const path = await pickleOf(20_000)
  await withSource(specOf(path), async (source) => {
    const cut = async () => {
      for await (const portion of source.rows()) if (portion.from === 0) truncateSync(path, 1000)
    }
    await expect(cut()).rejects.toSatisfy((error) => hasCode(error, 'file-changed'))
  })
  await withSource(specOf(join(folder, 'none.pkl')), async (source) => {
    await expect(source.inspect()).rejects.toSatisfy((error) => hasCode(error, 'file-missing'))
  })
  const hostile = fileIn(folder, Buffer.from('\x80\x02]cos\nsystem\n(X\x04\0\0\0exittR.', 'latin1'))
  await withSource(specOf(hostile), async (source) => {
    await expect(rowsOf(source.rows())).rejects.toThrow('names os.system')
  })
})

test('the death of the thread rejects all that it owes, and what is asked after it', async () => {
  const path = await pickleOf(20_000)
  const source = new SourceThread(specOf(path), { builtFolder })
  const inspected = source.inspect()
  const rows = rowsOf(source.rows())
  await source.kill()
  for (const owed of [inspected, rows, source.inspect()]) {
    await expect(owed).rejects.toSatisfy((error) => hasCode(error, 'internal'))
  }
  await source.close()
})

test('a folder of photos: who is in each by its place, in the same order every time', async () => {
  const root = join(folder, 'photos')
  for (const person of ['Ana Kovač', 'Bor']) mkdirSync(join(root, person), { recursive: true })
  for (const name of ['Ana Kovač/2.jpg', 'Ana Kovač/10.JPG', 'Bor/1.png', 'loose.jpg', 'Bor/notes.txt']) {
    fileIn(root, 'x', name)
  }
  await withSource(specOf(root), async (source) => {
    const inspection = await source.inspect()
    expect(inspection).toMatchObject({ kind: 'folder', rows: 4, persons: 2, models: [] })
    const rows = await rowsOf(source.rows())
    expect(
      rows.map(({ key, person, problem }) => [key, person?.name ?? null, problem?.reason ?? null]),
    ).toEqual([
      ['Ana Kovač/2.jpg', 'Ana Kovač', null],
      ['Ana Kovač/10.JPG', 'Ana Kovač', null],
      ['Bor/1.png', 'Bor', null],
      ['loose.jpg', null, 'no-person'],
    ])
    expect(rows.every(({ embedding: none }) => none === null)).toBe(true)
    expect(rows[0]?.photoPath).toBe(join(root, 'Ana Kovač', '2.jpg'))
    expect((await source.inspect()).fingerprint).toBe(inspection.fingerprint)
    fileIn(root, 'xx', 'Bor/2.jpg')
    expect((await source.inspect()).fingerprint).not.toBe(inspection.fingerprint)
    rmSync(root, { recursive: true })
    await expect(rowsOf(source.rows())).rejects.toSatisfy((error) => hasCode(error, 'file-missing'))
  })
})
