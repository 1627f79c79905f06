/** A way to a server that can be struck, and listeners that are none. */
import net, { type AddressInfo } from 'node:net'

export interface Wire {
  readonly port: number
  /** What happens to every open connection: a reset, an orderly end, or no word any more. */
  strike(fault: 'reset' | 'hang-up' | 'silence'): void
  close(): Promise<void>
}

const listening = (server: net.Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )

const closed = (server: net.Server) => new Promise<void>((resolve) => server.close(() => resolve()))

/** Passes everything on to the server. */
export async function startWire(host: string, port: number): Promise<Wire> {
  const pairs = new Set<{ readonly near: net.Socket; readonly far: net.Socket }>()
  const server = net.createServer((near) => {
    const far = net.connect({ host, port })
    const pair = { near, far }
    pairs.add(pair)
    near.pipe(far)
    far.pipe(near)
    for (const socket of [near, far]) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => pairs.delete(pair))
    }
  })
  return {
    port: await listening(server),
    strike(fault) {
      for (const { near, far } of pairs) {
        near.unpipe()
        far.unpipe()
        if (fault === 'reset') near.resetAndDestroy()
        if (fault === 'hang-up') near.end()
        if (fault === 'silence') near.resume()
        else far.destroy()
      }
    },
    close() {
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
      return closed(server)
    },
  }
}

/** Passes everything on, and counts how often the console waits for the server: each message of it after an answer. */
export async function startCounter(host: string, port: number) {
  let trips = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((near) => {
    const far = net.connect({ host, port })
    let answered = true
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    near.on('data', (chunk) => {
      if (answered) trips++
      answered = false
      far.write(chunk)
    })
    far.on('data', (chunk) => {
      answered = true
      near.write(chunk)
    })
  })
  return {
    port: await listening(server),
    trips: () => trips,
    close() {
      for (const socket of sockets) socket.destroy()
      return closed(server)
    },
  }
}

/** Listens and takes every connection; `greeting` is all it ever says, once it has heard something. */
export async function startSilence(greeting?: string | Buffer) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      if (greeting !== undefined) socket.write(greeting)
    })
  })
  const port = await listening(server)
  return {
    url: `postgresql://ana:word@127.0.0.1:${port}/faces`,
    close() {
      for (const socket of sockets) socket.destroy()
      return closed(server)
    },
  }
}
