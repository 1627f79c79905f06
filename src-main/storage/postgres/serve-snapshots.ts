/** Reads the database for a thread that keeps a cache of it; see [Note: Snapshots]. Server thread. */
import type { MessagePort } from 'node:worker_threads'
import type { PoolClient } from 'pg'
import { to } from 'pg-copy-streams'
import { toSentError } from '../../../src-shared/server-failure'
import { failureOn, type ServerPool } from './connect'
import { serverErrorOf } from './failures'
import type { SnapshotReply, SnapshotRequest } from './snapshot-protocol'

/** Of a copy, in one message. */
const chunkBytes = 256 * 1024
/** Sent and not yet taken: more would only lie in memory. */
const windowBytes = 4 * 1024 * 1024

/** Serves one reader until its port is closed. */
export function serveSnapshots(pool: () => Promise<ServerPool>, port: MessagePort): void {
  let own: PoolClient | undefined
  let underway = 0
  let room = Promise.withResolvers<void>()
  const send = (reply: SnapshotReply, bytes?: ArrayBuffer) =>
    port.postMessage(reply, bytes === undefined ? [] : [bytes])

  const chunk = async (parts: readonly Buffer[]) => {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    underway += bytes.length
    send({ type: 'chunk', bytes }, bytes.buffer)
    while (underway > windowBytes) {
      room = Promise.withResolvers<void>()
      await room.promise
    }
  }
  const copy = async (client: PoolClient, sql: string) => {
    let parts: Buffer[] = []
    let size = 0
    for await (const part of client.query(to(sql)) as AsyncIterable<Buffer>) {
      parts.push(part)
      size += part.length
      if (size < chunkBytes) continue
      await chunk(parts)
      parts = []
      size = 0
    }
    await chunk(parts)
  }
  const opened = (): PoolClient => {
    if (own === undefined) throw new Error('There is no snapshot.')
    return own
  }
  const answer = async (request: Exclude<SnapshotRequest, { type: 'taken' }>): Promise<SnapshotReply> => {
    switch (request.type) {
      case 'begin':
        own = await (await pool()).connect()
        await own.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        return { type: 'done' }
      case 'rows': {
        const { sql, values } = request
        const { rows } = await opened().query({ text: sql, values: [...values], rowMode: 'array' })
        return { type: 'rows', rows }
      }
      case 'set':
        for (const [name, value] of Object.entries(request.settings)) {
          await opened().query('SELECT set_config($1, $2, true)', [name, value])
        }
        return { type: 'done' }
      case 'copy':
        await copy(opened(), request.sql)
        return { type: 'done' }
      case 'end': {
        const client = opened()
        await client.query('COMMIT')
        own = undefined
        client.release()
        return { type: 'done' }
      }
    }
  }
  /** Nobody knows what state it is in. */
  const drop = () => {
    own?.release(true)
    own = undefined
  }
  port.on('message', async (request: SnapshotRequest) => {
    if (request.type === 'taken') {
      underway -= request.bytes
      return room.resolve()
    }
    try {
      send(await answer(request))
    } catch (cause) {
      const error = own === undefined ? serverErrorOf(cause) : failureOn(own, cause)
      drop()
      send({ type: 'error', error: toSentError(error) })
    }
  })
  port.on('close', () => {
    drop()
    underway = 0
    room.resolve()
  })
}
