/** A database as a diagnosis asks it: in a thread of its own, which is ended where an answer is no longer wanted. Main, command line. */
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { type CheckFinding, checkFindingSchema } from '../../../src-shared/diagnosis'
import { fromWireError, VisorError } from '../../../src-shared/errors'
import { unitEmbeddingSchema } from '../../../src-shared/face'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
} from '../../../src-shared/ids'
import type { DatabaseCheckId, DiagnosticsStore, StoredFace } from '../diagnostics-store'
import type { SchemaPlace } from '../schema-store'
import { type DiagnosticsData, errorReplySchema, type ToDiagnostics } from './diagnostics-protocol'

export interface OpenDiagnosticsOptions {
  /** Where the built `diagnostics.js` lies. */
  readonly builtFolder: string
  /** The server ends a statement that takes longer. */
  readonly statementTimeoutMs: number
}

const findingReply = z.object({ type: z.literal('finding'), finding: checkFindingSchema })
const facesReply = z.object({
  type: z.literal('faces'),
  faces: z.array(
    z.object({
      clientId: clientIdSchema,
      domain: domainSchema,
      modelId: modelIdSchema,
      personId: personIdSchema,
      faceId: faceIdSchema,
      embedding: unitEmbeddingSchema,
    }),
  ),
})

/** Nothing is opened before the first question. One question at a time. */
export function openDiagnostics(
  place: SchemaPlace,
  { builtFolder, statementTimeoutMs }: OpenDiagnosticsOptions,
): DiagnosticsStore {
  const url = pathToFileURL(join(builtFolder, 'diagnostics.js'))
  let worker: Worker | undefined

  const started = (): Worker => {
    if (worker !== undefined) return worker
    const workerData: DiagnosticsData = { place: withoutUndefined(place), statementTimeoutMs }
    worker = new Worker(url, { workerData, name: 'diagnosis' })
    return worker
  }

  /** Ends the thread where `signal` says so: whatever it was at, the server takes back. */
  async function ask<T>(question: ToDiagnostics, reply: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    const asked = started()
    const listening = new AbortController()
    try {
      const answer = new Promise<unknown>((resolve, reject) => {
        const on = (name: string, listener: (value: unknown) => void) => {
          asked.on(name, listener)
          listening.signal.addEventListener('abort', () => asked.off(name, listener))
        }
        on('message', resolve)
        on('error', (cause) => reject(ended(cause)))
        on('exit', (code) => reject(ended(new Error(`The thread ended with code ${String(code)}.`))))
        signal.addEventListener('abort', () => reject(signal.reason), { signal: listening.signal })
      })
      asked.postMessage(question)
      const raw = await answer
      const failure = errorReplySchema.safeParse(raw)
      if (failure.success) throw fromWireError(failure.data.error)
      return reply.parse(raw)
    } finally {
      listening.abort()
      if (signal.aborted) await stop()
    }
  }

  async function stop(): Promise<void> {
    const stopped = worker
    worker = undefined
    await stopped?.terminate()
  }

  return {
    async check(id: DatabaseCheckId, signal): Promise<CheckFinding> {
      return (await ask({ type: 'check', id }, findingReply, signal)).finding
    },
    async storedFaces(limit, signal): Promise<readonly StoredFace[]> {
      return (await ask({ type: 'stored-faces', limit }, facesReply, signal)).faces
    },
    async close() {
      if (worker === undefined) return
      const closing = worker
      worker = undefined
      const exit = once(closing, 'exit')
      closing.postMessage({ type: 'close' } satisfies ToDiagnostics)
      await exit
    },
  }
}

function withoutUndefined(place: SchemaPlace): DiagnosticsData['place'] {
  if (place.kind === 'sqlite') return place
  const { password, ...rest } = place
  return password === undefined ? rest : { ...rest, password }
}

const ended = (cause: unknown) =>
  new VisorError('internal', 'The thread that makes the diagnosis ended.', { cause, remedy: 'Try again.' })
