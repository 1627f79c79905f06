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

/** Gives the types of a connection's messages, however its bytes come in pieces. The first message of a client has no type: an empty one. */
function messages(typed: boolean, heard: (type: string) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  let head = typed ? 1 : 0
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= head + 4) {
      const length = head + rest.readUInt32BE(head)
      if (rest.length < length) return
      heard(rest.toString('latin1', 0, head))
      rest = rest.subarray(length)
      head = 1
    }
  }
}

/** Passes everything on, and counts how often the console waits for the server: each thing that it asks while no answer is owed to it. */
export async function startCounter(host: string, port: number) {
  const sockets = new Set<net.Socket>()
  /** Of each connection that does not listen: whoever does is told of a change, and asks about it, when it pleases the server. */
  const trips = new Map<net.Socket, number>()
  const server = net.createServer((near) => {
    const far = net.connect({ host, port })
    let listens = false
    /** Of a log-in, of each Query and of each Sync there is an answer, which ends with ReadyForQuery. */
    let owed = 0
    const asked = messages(false, (type) => {
      if (type !== '' && type !== 'Q' && type !== 'S') return
      if (owed === 0 && !listens) trips.set(near, (trips.get(near) ?? 0) + 1)
      owed++
    })
    const answered = messages(true, (type) => {
      if (type === 'Z') owed--
    })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    near.on('data', (chunk) => {
      if (chunk.includes('LISTEN ')) {
        listens = true
        trips.delete(near)
      }
      asked(chunk)
      far.write(chunk)
    })
    far.on('data', (chunk) => {
      answered(chunk)
      near.write(chunk)
    })
  })
  return {
    port: await listening(server),
    trips: () => [...trips.values()].reduce((sum, count) => sum + count, 0),
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
