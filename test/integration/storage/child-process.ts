/** Starts `store-child.ts` and reads what it says. Tests. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

export class StoreChild {
  readonly lines: string[] = []
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Set<() => void>()
  readonly ended: Promise<void>

  constructor(builtFolder: string, ...args: string[]) {
    this.#process = spawn(process.execPath, [join(builtFolder, 'child.js'), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    })
    const reader = createInterface({ input: this.#process.stdout })
    reader.on('line', (line) => {
      this.lines.push(line)
      for (const look of this.#waiting) look()
    })
    this.ended = new Promise((resolve) => reader.once('close', resolve))
    void this.ended.then(() => {
      for (const look of this.#waiting) look()
    })
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Sends it a line. */
  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  /** The first line that begins so; `undefined` where the process ends without it. */
  async line(start: string): Promise<string | undefined> {
    const find = () => this.lines.find((line) => line.startsWith(start))
    let over = false
    void this.ended.then(() => {
      over = true
    })
    while (find() === undefined && !over) {
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#waiting.delete(look)
          resolve()
        }
        this.#waiting.add(look)
      })
    }
    return find()
  }

  /** kill -9; resolves when everything it said has been read. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.ended
  }
}
