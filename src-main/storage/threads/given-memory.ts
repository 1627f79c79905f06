/** What goes over to a thread of the store with a call, in place of a copy. Main, command line. */
import { MessagePort, type Transferable } from 'node:worker_threads'
import type { ImportStore } from '../import-store'
import type { ToStore } from './protocol'

/** Ports, and the memory of an import's vectors; see [Note: Packed faces]. */
export function givenWith({ part, method, args }: Extract<ToStore, { type: 'call' }>): Transferable[] {
  const ports = args.filter((arg) => arg instanceof MessagePort)
  if (part !== 'imports' || method !== 'importPortion') return ports
  const [, { faces }] = args as Parameters<ImportStore['importPortion']>
  return [...ports, ...faces.map(({ vectors }) => vectors.buffer)]
}
