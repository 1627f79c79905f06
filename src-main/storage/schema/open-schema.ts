/** The schema of a database as the rest of Visor sees it: each call in a thread of its own. Main, command line. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { fromWireError, VisorError } from '../../../src-shared/errors'
import {
  appliedMigrationSchema,
  migrationLabel,
  type SchemaLogEntry,
  type SchemaProgress,
  schemaCheckSchema,
  schemaPlanSchema,
  schemaStatusSchema,
} from '../../../src-shared/schema'
import { ServerError } from '../../../src-shared/server-failure'
import type { SchemaControl, SchemaPlace, SchemaStore } from '../schema-store'
import { cancelWork, fromSchemaWorkSchema, type SchemaWork } from './schema-protocol'

export interface OpenSchemaOptions {
  /** Where the built `schema.js` lies. */
  readonly builtFolder: string
}

/** Nothing is opened before the first call, and nothing stays open after one. */
export function openSchema(place: SchemaPlace, { builtFolder }: OpenSchemaOptions): SchemaStore {
  const url = pathToFileURL(join(builtFolder, 'schema.js'))
  const log: SchemaLogEntry[] = []
  const note = (text: string) => log.push({ at: Date.now(), text })

  async function run<T>(
    result: z.ZodType<T>,
    work: SchemaWork['work'],
    { onProgress, signal }: SchemaControl = {},
  ): Promise<T> {
    signal?.throwIfAborted()
    const workerData = { place: withoutUndefined(place), work } satisfies SchemaWork
    const worker = new Worker(url, { workerData, name: `schema, ${work}` })
    const cancel = () => worker.postMessage(cancelWork)
    signal?.addEventListener('abort', cancel)
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        worker.on('message', (raw: unknown) => {
          const message = fromSchemaWorkSchema.parse(raw)
          if (message.type === 'progress') return onProgress?.(message.progress)
          if (message.type === 'value') return resolve(message.value)
          const { error, failure } = message
          reject(failure === undefined ? fromWireError(error) : new ServerError(failure, error))
        })
        worker.on('error', (cause) => reject(ended(cause)))
        worker.on('exit', (code) => reject(ended(new Error(`The thread ended with code ${code}.`))))
      })
      return result.parse(value)
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  return {
    status: () => run(schemaStatusSchema, 'status'),
    plan: () => run(schemaPlanSchema, 'plan'),
    verify: () => run(schemaCheckSchema, 'verify'),
    async up(control = {}) {
      const onProgress = (progress: SchemaProgress) => {
        note(sentenceOf(progress))
        control.onProgress?.(progress)
      }
      try {
        const applied = await run(z.array(appliedMigrationSchema), 'up', { ...control, onProgress })
        note(applied.length === 0 ? 'Nothing was to do.' : 'The schema is this program’s.')
        return applied
      } catch (error) {
        note(error instanceof VisorError ? textOf(error) : String(error))
        throw error
      }
    },
    log: () => log,
  }
}

/** A progress for people, in one sentence. */
export function sentenceOf(progress: SchemaProgress): string {
  switch (progress.type) {
    case 'waiting':
      return 'Another console migrates this database; waiting.'
    case 'running':
      return `${migrationLabel(progress)} begins (${progress.done + 1} of ${progress.total}).`
    case 'applied':
      return `${migrationLabel(progress)} is applied, after ${Math.round(progress.durationMs)} ms.`
  }
}

const textOf = ({ message, consequence, remedy, detail }: VisorError) =>
  [message, consequence, remedy, detail === undefined ? undefined : `(${detail})`]
    .filter((part) => part !== undefined)
    .join(' ')

function withoutUndefined(place: SchemaPlace): SchemaWork['place'] {
  if (place.kind === 'sqlite') return place
  const { password, ...rest } = place
  return password === undefined ? rest : { ...rest, password }
}

const ended = (cause: unknown) =>
  new VisorError('internal', 'The thread that looks after the schema ended.', {
    cause,
    consequence: 'A migration that was running was rolled back; those before it stay.',
    remedy: 'Try again.',
  })
