/** Answers the calls that come to a thread of the store; see [Note: Store protocol]. Store's threads. */
import type { MessagePort } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import type { SentError } from '../../../src-shared/server-failure'
import type { WriteGate } from '../sql/write-gate'
import type { LedgerContext } from '../written'
import { type FromStore, type MethodKind, methods, type ToStore, toStoreSchema } from './protocol'

type Call = Extract<ToStore, { type: 'call' }>
type Methods = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>

/** What a thread has opened. */
export interface Served {
  readonly engine: string
  /** The parts of `StoreParts` that this thread answers for, or as much of them. */
  readonly parts: { readonly [part in Call['part']]?: object }
  readonly gate: WriteGate
  close(): Promise<void>
}

/** Says `opened`, then answers until `close`. `sent`: what an error is as it is sent. */
export function serve(
  port: MessagePort,
  { engine, parts, gate, close }: Served,
  sent: (error: unknown) => SentError,
): void {
  const send = (message: FromStore) => port.postMessage(message)
  /** Of the calls in work that can be cancelled. */
  const cancels = new Map<number, AbortController>()

  const answer = async ({ id, part, method, args, controlled }: Call): Promise<unknown> => {
    const kinds: Readonly<Record<string, MethodKind>> = methods[part]
    const target = parts[part] as Methods | undefined
    const kind = Object.hasOwn(kinds, method) ? kinds[method] : undefined
    const run = kind === undefined ? undefined : target?.[method]
    if (run === undefined) {
      throw new VisorError('invalid-argument', `The store has no method ${part}.${method}.`)
    }
    if (kind !== 'write' && kind !== 'background') return run.apply(target, args)
    // Before anything is waited for: the next message may cancel it.
    const given = controlled ? withControl(id, args) : args
    if (kind === 'write') await gate.enter()
    try {
      return await run.apply(target, given)
    } finally {
      if (kind === 'write') gate.leave()
      cancels.delete(id)
    }
  }
  const withControl = (id: number, args: readonly unknown[]): unknown[] => {
    const cancel = new AbortController()
    cancels.set(id, cancel)
    const context = args.at(-1) as LedgerContext
    const onProgress: LedgerContext['onProgress'] = ({ done, total }) =>
      send({ type: 'progress', id, done, total })
    return [...args.slice(0, -1), { ...context, signal: cancel.signal, onProgress }]
  }
  const call = async (asked: Call): Promise<void> => {
    try {
      send({ type: 'value', id: asked.id, value: await answer(asked) })
    } catch (error) {
      send({ type: 'error', id: asked.id, error: sent(error) })
    }
  }
  /** Calls in work: a close lets them end. */
  const working = new Set<Promise<void>>()
  port.on('message', async (raw: unknown) => {
    const message = toStoreSchema.parse(raw)
    if (message.type === 'cancel') {
      cancels.get(message.id)?.abort(new VisorError('cancelled', 'Cancelled. Nothing was changed.'))
      return
    }
    if (message.type === 'call') {
      const work = call(message).finally(() => working.delete(work))
      working.add(work)
      return
    }
    await Promise.all(working)
    try {
      await close()
      send({ type: 'value', id: message.id, value: undefined })
    } catch (error) {
      send({ type: 'error', id: message.id, error: sent(error) })
    }
    port.close()
  })
  send({ type: 'opened', engine })
}
