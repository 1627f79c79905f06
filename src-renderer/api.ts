/** The window's only way out: every request and every event of `window.visor` goes through here. Renderer. */
import type { EventName, PageRequestName } from '../src-shared/channels'
import { fromWireError, VisorError } from '../src-shared/errors'
import type { PersonId } from '../src-shared/ids'
import type { EventPayload, Reply, RequestInput, RequestOutput, VisorApi } from '../src-shared/ipc'

declare global {
  interface Window {
    /** Made by the preload. */
    readonly visor: VisorApi
  }
}

type Input<N extends PageRequestName> = undefined extends RequestInput<N> ? [] : [input: RequestInput<N>]

/** Asks main. Resolves with the value, of the type that main's handlers are held to; throws the {@link VisorError} main answered with. */
export async function request<N extends PageRequestName>(
  name: N,
  ...[input]: Input<N>
): Promise<RequestOutput<N>> {
  const ask = window.visor.request[name] as (input: unknown) => Promise<Reply>
  return unwrapped(await ask(input)) as RequestOutput<N>
}

/** Adds files the user dropped or pasted to the queue, and pictures that have no file. */
export async function addFiles(files: readonly File[]): Promise<RequestOutput<'queue.addPaths'>> {
  return unwrapped(await window.visor.addFiles(files)) as RequestOutput<'queue.addPaths'>
}

/** Enrols files that were dropped on a person. */
export async function addFilesToPerson(
  personId: PersonId,
  files: readonly File[],
): Promise<RequestOutput<'gallery.addPaths'>> {
  return unwrapped(await window.visor.addFilesToPerson(personId, files)) as RequestOutput<'gallery.addPaths'>
}

/** Takes what was dropped as the source of an import; its path, or `null` where nothing of it is a file. */
export function takeSource(files: readonly File[]): Promise<string | null> {
  return window.visor.takeSource(files)
}

/** Compares both sides on files that were dropped. */
export async function replayFiles(files: readonly File[]): Promise<RequestOutput<'dual.replayPaths'>> {
  return unwrapped(await window.visor.replayFiles(files)) as RequestOutput<'dual.replayPaths'>
}

/** Subscribes to what main tells unasked; returns what ends the subscription. */
export function on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return window.visor.on[name](listener)
}

/** The error to show for anything that was thrown. */
export function asVisorError(error: unknown): VisorError {
  if (error instanceof VisorError) return error
  return new VisorError('internal', 'Visor made a mistake.', {
    cause: error,
    consequence: 'What you asked for was not done; nothing else was changed.',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
}

function unwrapped(reply: Reply): unknown {
  if (!reply.ok) throw fromWireError(reply.error)
  return reply.value
}
