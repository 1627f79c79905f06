/** A line to a server that can be cut, slowed, reset, half closed and silenced. Tests. */
import { once } from 'node:events'
import net from 'node:net'

/** What becomes of connections: `silent` takes them and passes nothing on, as a cable does that was pulled. */
export type LineState = 'open' | 'refusing' | 'silent'

interface Pair {
  readonly near: net.Socket
  readonly far: net.Socket
  /** What the server says next is lost, and the line with it. */
  muted: boolean
}

export class FaultyLine {
  readonly #target: { readonly host: string; readonly port: number }
  readonly #server: net.Server
  readonly #pairs = new Set<Pair>()
  #state: LineState = 'open'
  #delayMs = 0
  /** Once the far side has said so many bytes more, the line is reset: in the middle of an answer. */
  #bytesToReset = Number.POSITIVE_INFINITY
  #muteAt: string | undefined

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target
    this.#server = net.createServer({ allowHalfOpen: true }, (near) => this.#accept(near))
  }

  static async to(target: { readonly host: string; readonly port: number }): Promise<FaultyLine> {
    const line = new FaultyLine(target)
    line.#server.listen(0, '127.0.0.1')
    await once(line.#server, 'listening')
    return line
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  /** A server's URL, through here. */
  through(url: string): string {
    const changed = new URL(url)
    changed.host = `127.0.0.1:${this.port}`
    return changed.href
  }

  /** New connections fail; those there are go on. */
  refuse(): void {
    this.#state = 'refusing'
  }

  /** New connections fail, those there are end as if the other side had crashed. */
  cut(): void {
    this.refuse()
    this.reset()
  }

  /** Nothing passes any more, and nobody is told. */
  silence(): void {
    this.#state = 'silent'
  }

  /** Whatever was wrong is over; what was held back stays lost, and its connections with it. */
  heal(): void {
    if (this.#state === 'silent') this.reset()
    for (const pair of this.#pairs) if (pair.muted) this.#reset(pair)
    this.#state = 'open'
    this.#delayMs = 0
    this.#bytesToReset = Number.POSITIVE_INFINITY
    this.#muteAt = undefined
  }

  /** Every connection is reset (RST). */
  reset(): void {
    for (const pair of this.#pairs) this.#reset(pair)
  }

  /** The same in the middle of what the server says next. */
  resetAfter(bytes: number): void {
    this.#bytesToReset = bytes
  }

  /** The next such statement gets to the server and is carried out; then the line is cut before the answer is through. */
  muteAt(statement: string): void {
    this.#muteAt = statement
  }

  /** The server's side says that it is done, and listens on. */
  halfClose(): void {
    for (const { near } of this.#pairs) near.end()
  }

  /** What the server says comes so much later. */
  delay(delayMs: number): void {
    this.#delayMs = delayMs
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #reset(pair: Pair): void {
    this.#pairs.delete(pair)
    if (!pair.near.destroyed) pair.near.resetAndDestroy()
    pair.far.destroy()
  }

  #accept(near: net.Socket): void {
    near.on('error', () => undefined)
    if (this.#state === 'refusing') {
      near.resetAndDestroy()
      return
    }
    const far = net.connect({ ...this.#target, allowHalfOpen: true })
    const pair: Pair = { near, far, muted: false }
    this.#pairs.add(pair)
    const over = () => {
      this.#pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    far.on('error', () => (near.destroyed ? undefined : near.resetAndDestroy()))
    for (const socket of [near, far]) socket.setNoDelay(true).on('close', over)
    near.on('data', (bytes) => {
      if (this.#state === 'silent') return
      far.write(bytes)
      if (this.#muteAt === undefined || !bytes.includes(this.#muteAt)) return
      this.#muteAt = undefined
      pair.muted = true
    })
    near.on('end', () => far.end())
    far.on('data', (bytes) => this.#back(pair, bytes))
    far.on('end', () => near.end())
  }

  #back(pair: Pair, bytes: Buffer): void {
    if (this.#state === 'silent') return
    if (pair.muted) {
      this.cut()
      return
    }
    const pass = () => {
      if (this.#state === 'silent' || pair.near.destroyed) return
      this.#bytesToReset -= bytes.length
      if (this.#bytesToReset > 0) {
        pair.near.write(bytes)
        return
      }
      this.#bytesToReset = Number.POSITIVE_INFINITY
      pair.near.write(bytes.subarray(0, bytes.length >> 1), () => pair.near.resetAndDestroy())
    }
    if (this.#delayMs === 0) pass()
    else setTimeout(pass, this.#delayMs)
  }
}
