/** Writes the answers of the queue as JSON or CSV. Runs in main. */

import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify/sync'
import { v4 as uuid } from 'uuid'
import type { WireError } from '../../src-shared/errors'
import type { QueueItem } from '../../src-shared/queue'
import type { Recognition } from '../../src-shared/recognition'
import type { JobContext } from './jobs'
import { writeError } from './photo-files'
import { recognitionJson } from './recognition-json'

type ExportFormat = 'json' | 'csv'

const columns = [
  'file',
  'path',
  'sha256',
  'face',
  'x',
  'y',
  'w',
  'h',
  'score',
  'quality',
  'decision',
  'person',
  'confirmed',
  'domain',
  'distance',
  'confidence',
  'occurrences',
  'weighted_score',
  'match_threshold',
  'possible_threshold',
  'model',
  'error',
  'manual',
] as const

/**
 * Writes `items` to `path`: JSON is an array of one object a photo (`recognitionJsonSchema`, or `{status:"error", path,
 * error}`), CSV one row a face, and one row for a photo without faces. The file appears when it is whole. Raises
 * `disk-full`, `read-only`, `cancelled`.
 */
export async function exportAnswers(
  path: string,
  format: ExportFormat,
  items: readonly QueueItem[],
  recognitionOf: (item: QueueItem) => Promise<Recognition | undefined>,
  { signal, progress }: JobContext,
): Promise<void> {
  const partial = `${path}.${uuid()}.part`
  async function* text() {
    // Written by Excel too, which takes a file for UTF-8 only where it begins with this mark.
    yield format === 'json' ? '[' : `\uFEFF${stringify([[...columns]])}`
    for (const [index, item] of items.entries()) {
      const recognition = await recognitionOf(item)
      if (format === 'json') yield `${index === 0 ? '\n' : ',\n'}${jsonOf(item, recognition)}`
      else yield stringify(rowsOf(item, recognition), { escape_formulas: true })
      progress({ done: index + 1, total: items.length, detail: item.name })
    }
    if (format === 'json') yield '\n]\n'
  }
  try {
    await pipeline(text, createWriteStream(partial, { flags: 'wx' }), { signal })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    signal.throwIfAborted()
    throw error instanceof Error && 'code' in error && 'syscall' in error ? writeError(path, error) : error
  }
}

function jsonOf(item: QueueItem, recognition: Recognition | undefined): string {
  if (recognition !== undefined) return JSON.stringify(recognitionJson(recognition, item.path))
  return JSON.stringify({ status: 'error', path: item.path, error: whyUnanswered(item) })
}

/** Why there is no answer to export. */
function whyUnanswered({ state, error }: QueueItem): WireError {
  if (error !== undefined) return error
  if (state === 'cancelled') return { code: 'cancelled', message: 'Cancelled.' }
  const message =
    state === 'done' ? 'No domain is searched, or the photo was taken out.' : 'This photo has no answer yet.'
  return { code: 'not-found', message }
}

function rowsOf(item: QueueItem, recognition: Recognition | undefined): unknown[][] {
  const row = (values: Partial<Record<(typeof columns)[number], unknown>>) =>
    columns.map((column) => values[column] ?? '')
  const photo = { file: item.name, path: item.path }
  if (recognition === undefined) return [row({ ...photo, error: whyUnanswered(item).message })]
  const known = {
    ...photo,
    sha256: recognition.sha256,
    match_threshold: recognition.thresholds.match,
    possible_threshold: recognition.thresholds.possible,
    model: recognition.model,
  }
  if (recognition.faces.length === 0) return [row(known)]
  return recognition.faces.map((face) => {
    const candidate = face.candidates.find(({ personId }) => personId === face.person?.personId)
    return row({
      ...known,
      ...face.box,
      face: face.index + 1,
      score: face.score,
      quality: face.quality.value,
      decision: face.decision,
      person: face.person?.name,
      confirmed: String(face.confirmed),
      manual: String(face.manual === true),
      domain: face.person?.domain,
      distance: candidate?.distance,
      confidence: candidate?.confidence,
      occurrences: candidate?.occurrences,
      weighted_score: candidate?.weightedScore,
    })
  })
}
