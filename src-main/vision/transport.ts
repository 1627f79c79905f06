/** The channel to main: an Electron `parentPort`, or a forked Node child's `process.send`. Vision process. */

/** The two ends look the same from here on. */
export interface Transport {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Main is gone. */
  onClose(listener: () => void): void
}

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** Opens the channel that this process was started with. */
export function openTransport(): Transport {
  const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort }
  if (parentPort !== undefined) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
      // Electron ends a utility process itself when main is gone.
      onClose: () => undefined,
    }
  }
  if (process.send === undefined) throw new Error('The vision process is started by Visor, not by hand.')
  return {
    send: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.on('disconnect', listener),
  }
}
