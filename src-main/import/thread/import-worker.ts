/** Reads one source, portion by portion. Entry, worker thread of main (and of the command line). */
import { setImmediate as turn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import { toSentError } from '../../../src-shared/server-failure'
import { Inspector } from '../inspector'
import { openReader } from '../open-reader'
import { portions } from '../portions'
import type { Portion, SourceRow } from '../source'
import { type FromImport, importDataSchema, type ToImport, toImportSchema, toSent } from './protocol'

const port = parentPort
if (port === null) throw new Error('A source is read in a worker thread.')
const { spec, password } = importDataSchema.parse(workerData)

const opening = openReader(spec, password)
// Told to whoever asks first.
opening.catch(() => undefined)
let reading: AsyncGenerator<Portion<SourceRow>, void, void> | undefined
let isCancelled = false

async function answer(asked: Exclude<ToImport, { type: 'stop' | 'cancel' | 'close' }>): Promise<FromImport> {
  const { id } = asked
  if (asked.type === 'inspect') return inspect(id)
  if (asked.type === 'holdsImages') {
    return { type: 'holdsImages', id, holds: await (await opening).holdsImages() }
  }
  if (asked.type === 'rows') {
    await reading?.return()
    const { from, withImages } = asked
    reading = portions((await opening).batches({ withImages }), from)
  }
  const step = await reading?.next()
  return { type: 'portion', id, portion: step?.value === undefined ? null : toSent(step.value) }
}

async function inspect(id: number): Promise<FromImport> {
  isCancelled = false
  const reader = await opening
  const inspector = new Inspector()
  let rows = 0
  for await (const { rows: read } of portions(reader.batches({ withImages: false }), 0)) {
    for (const row of read) inspector.add(row)
    rows += read.length
    port?.postMessage({ type: 'progress', id, rows, share: reader.share() } satisfies FromImport)
    // Lets a word to cancel in.
    await turn()
    if (isCancelled) throw new VisorError('cancelled', 'Cancelled. Nothing was changed.')
  }
  return { type: 'inspection', id, inspection: inspector.result(reader.kind, await reader.facts()) }
}

/** A connection that cannot be ended well is gone all the same: whoever reads next is told. */
async function giveUp(): Promise<void> {
  await reading?.return().catch(() => undefined)
}

async function close(): Promise<void> {
  isCancelled = true
  await giveUp()
  const reader = await opening.catch(() => undefined)
  await reader?.close()
  port?.close()
}

port.on('message', async (raw: unknown) => {
  const asked = toImportSchema.parse(raw)
  if (asked.type === 'cancel') {
    isCancelled = true
    return
  }
  if (asked.type === 'close') return close()
  if (asked.type === 'stop') return giveUp()
  const reply = await answer(asked).catch(
    (error: unknown): FromImport => ({ type: 'error', id: asked.id, error: toSentError(error) }),
  )
  const buffers = reply.type === 'portion' && reply.portion !== null ? [reply.portion.vectors.buffer] : []
  port.postMessage(reply, buffers)
})
