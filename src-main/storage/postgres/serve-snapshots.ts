/** Reads the database for a thread that keeps a cache of it; see [Note: Snapshots]. Server thread. */
import type { MessagePort } from 'node:worker_threads'
import type { PoolClient } from 'pg'
import { toSentError } from '../../../src-shared/server-failure'
import { failureOn, type ServerPool } from './connect'
import { CopyOut } from './copy-out'
import { serverErrorOf } from './failures'
import type { SnapshotReply, SnapshotRequest } from './snapshot-protocol'

/** Sent and not yet given back: more would only lie in memory. */
const windowBytes = 16 * 1024 * 1024

/** Serves one reader until its port is closed. */
export function serveSnapshots(pool: () => Promise<ServerPool>, port: MessagePort): void {
  let own: PoolClient | undefined
  let closed = false
  let copying: CopyOut | undefined
  let underway = 0
  const free: ArrayBuffer[] = []
  const send = (reply: SnapshotReply, bytes?: ArrayBuffer) =>
    port.postMessage(reply, bytes === undefined ? [] : [bytes])

  const begin = async () => {
    const client = await (await pool()).connect()
    if (closed) return client.release(true)
    own = client
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  }
  const copy = async (client: PoolClient, sql: string) => {
    const copied = new CopyOut(sql, free, (bytes) => {
      underway += bytes.length
      send({ type: 'chunk', bytes }, bytes.buffer)
      if (underway > windowBytes && !closed) copied.pause()
    })
    copying = copied
    try {
      await client.query(copied).done
    } finally {
      copying = undefined
    }
  }
  const opened = (): PoolClient => {
    if (own === undefined) throw new Error('There is no snapshot.')
    return own
  }
  const answer = async (request: Exclude<SnapshotRequest, { type: 'taken' }>): Promise<SnapshotReply> => {
    switch (request.type) {
      case 'begin':
        await begin()
        return { type: 'done' }
      case 'rows': {
        const { sql, values } = request
        const { rows } = await opened().query({ text: sql, values: [...values], rowMode: 'array' })
        return { type: 'rows', rows }
      }
      case 'set':
        await set(opened(), request.settings)
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
  const serve = async (request: Exclude<SnapshotRequest, { type: 'taken' }>) => {
    try {
      send(await answer(request))
    } catch (cause) {
      const error = own === undefined ? serverErrorOf(cause) : failureOn(own, cause)
      drop()
      send({ type: 'error', error: toSentError(error) })
    }
  }
  let last = Promise.resolve()
  port.on('message', (request: SnapshotRequest) => {
    if (request.type === 'taken') {
      underway -= request.bytes.length
      free.push(request.bytes.buffer)
      if (underway <= windowBytes) copying?.resume()
      return
    }
    last = last.then(() => serve(request))
  })
  port.on('close', () => {
    closed = true
    drop()
    // It ends once it has said what it was about to.
    copying?.resume()
  })
}

/** All in one statement. */
async function set(client: PoolClient, settings: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(settings)
  const calls = entries.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
  await client.query(`SELECT ${calls.join(', ')}`, entries.flat())
}
