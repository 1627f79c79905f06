/** Puts the contract's requests on their channels: who asks is checked, then what is asked. Runs in main. */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import type { z } from 'zod'
import { type RequestName, requestChannel } from '../../src-shared/channels'
import { toWireError, VisorError } from '../../src-shared/errors'
import { type Reply, type Requests, requests } from '../../src-shared/ipc'

/** One function a request; what it throws becomes the reply's error. */
export type Handlers = {
  readonly [N in RequestName]: (
    input: z.output<Requests[N]['input']>,
  ) => z.output<Requests[N]['output']> | Promise<z.output<Requests[N]['output']>>
}

/**
 * Answers the requests of whom `isTrusted` lets in; anybody else gets `forbidden`.
 *
 * @param onInternalError told of errors that are Visor's own fault, for the log
 * @param run runs what a request does; see [Note: One act, one store]
 */
export function registerHandlers(
  handlers: Handlers,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
  onInternalError: (name: RequestName, error: unknown) => void,
  run: Run,
): void {
  for (const name of Object.keys(requests) as RequestName[])
    register(name, handlers, isTrusted, onInternalError, run)
}

type Run = <T>(work: () => T | Promise<T>) => Promise<T>

/** They change which store is worked on: bound to one, they would wait for their own end. */
const changingStore: ReadonlySet<RequestName> = new Set([
  'mode.use',
  'mode.connect',
  'server.save',
  'schema.up',
])

function register<N extends RequestName>(
  name: N,
  handlers: Handlers,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
  onInternalError: (name: RequestName, error: unknown) => void,
  run: Run,
): void {
  ipcMain.handle(requestChannel(name), async (event, input: unknown): Promise<Reply> => {
    try {
      if (!isTrusted(event)) throw new VisorError('forbidden', 'This page may not ask anything of Visor.')
      const parsed = requests[name].input.safeParse(input)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new VisorError('invalid-argument', issue?.message ?? 'That cannot be asked for.', {
          detail: `${name}: ${issue?.path.join('.') ?? ''}`,
        })
      }
      const { data } = parsed
      const work = () => handlers[name](data as z.output<Requests[N]['input']>)
      return { ok: true, value: await (changingStore.has(name) ? work() : run(work)) }
    } catch (error) {
      if (!(error instanceof VisorError) || error.fault === 'internal') onInternalError(name, error)
      return { ok: false, error: toWireError(error) }
    }
  })
}

/** Whether a request comes from the top frame of `contents`, showing a page of `origin` (`scheme://host`). */
export function isTopFrameOf(contents: WebContents, origin: string): (event: IpcMainInvokeEvent) => boolean {
  return ({ senderFrame }) =>
    senderFrame !== null &&
    !contents.isDestroyed() &&
    senderFrame === contents.mainFrame &&
    senderFrame.url.startsWith(`${origin}/`)
}
