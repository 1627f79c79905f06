/** Consoles that edit while their lines fail, their server crashes and they are killed: from a seed, for a number of rounds. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { randomNumbers } from '../contract/made-faces'
import { StoreChild } from '../integration/storage/child-process'
import { privateServer } from '../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'
import type { PostgresServer } from '../postgres/server'
import { FaultyLine } from './faulty-line'

/** Between two faults at most, and a fault lasts as long at most, ms. */
const longestMs = 500
/** A line is silent for as long at most: longer than a console waits for a connection. */
const longestSilenceMs = 3000
/** What a console may take to start: a hundred times what it takes where nothing else runs. It says itself when it cannot come to rest. */
const startMs = 120_000

const settledSchema = z.object({
  waiting: z.array(z.string()),
  differences: z.array(z.unknown()),
  next: z.string().optional(),
})

/** What is left of a run once everybody has come to rest. */
export interface ChaosOutcome {
  /** What each fault was. */
  readonly faults: readonly string[]
  /** Edits that were acknowledged. */
  readonly acknowledged: readonly string[]
  /** Of these: neither in the server's ledger, nor waiting for a decision. */
  readonly lost: readonly string[]
  readonly waiting: readonly string[]
  /** Entries and acts of the server that are there more than once. */
  readonly twice: number
  /** What the caches had otherwise than the server. */
  readonly differences: readonly unknown[]
  /** What a console said that none should say. */
  readonly failures: readonly string[]
}

class ConsoleUnderTest {
  readonly line: FaultyLine
  readonly #start: (seed: number) => StoreChild
  readonly #folder: string
  readonly #said: string[] = []
  #child: StoreChild | undefined

  private constructor(line: FaultyLine, folder: string, start: (seed: number) => StoreChild) {
    this.line = line
    this.#folder = folder
    this.#start = start
  }

  static async make(
    name: string,
    builtFolder: string,
    database: MigratedDatabase,
  ): Promise<ConsoleUnderTest> {
    const line = await FaultyLine.to(database)
    const folder = mkdtempSync(join(tmpdir(), 'visor-chaos-'))
    const url = line.through(database.url)
    const start = (seed: number) => new StoreChild(builtFolder, folder, url, name, String(seed))
    return new ConsoleUnderTest(line, folder, start)
  }

  /** Starts it, or again. Resolves once it works. */
  async start(seed: number): Promise<void> {
    const child = this.#start(seed)
    this.#child = child
    const timer = setTimeout(() => void child.kill(), startMs)
    const line = await child.line('open')
    clearTimeout(timer)
    if (line === undefined) throw new Error(`A console did not start: ${child.lines.join(' / ')}`)
  }

  async kill(): Promise<void> {
    await this.#child?.kill()
    this.#said.push(...(this.#child?.lines ?? []))
    this.#child = undefined
  }

  async settle(): Promise<z.infer<typeof settledSchema>> {
    this.#child!.tell('settle')
    const line = await this.#child!.line('settled ')
    await this.#child?.ended
    this.#said.push(...(this.#child?.lines ?? []))
    if (line === undefined)
      throw new Error(`A console did not come to rest: ${this.#said.slice(-8).join(' / ')}`)
    return settledSchema.parse(JSON.parse(line.slice('settled '.length)))
  }

  /** What followed a word in its lines. */
  said(word: string): string[] {
    return this.#said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  }

  async close(): Promise<void> {
    await this.kill()
    await this.line.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** `builtFolder` has `child.js`, which is `console-child.ts`. `tell`: of each fault, as it begins. */
export async function runChaos(
  builtFolder: string,
  rounds: number,
  seed: number,
  tell: (fault: string) => void,
): Promise<ChaosOutcome> {
  const random = randomNumbers(seed)
  const within = (most: number) => Math.floor(random() * most)
  const server = await privateServer({ fsync: true })
  const database = await migratedDatabase({ server })
  const consoles = [
    await ConsoleUnderTest.make('Ana', builtFolder, database),
    await ConsoleUnderTest.make('Bojan', builtFolder, database),
  ]
  const faults: string[] = []
  const left: Fault[] = []
  try {
    for (const console of consoles) await console.start(within(1e9))
    for (let round = 0; round < rounds; round++) {
      await sleep(random() * longestMs)
      const console = consoles[within(consoles.length)]!
      // Each before any comes again.
      if (left.length === 0) left.push(...allFaults)
      const [fault] = left.splice(within(left.length), 1) as [Fault]
      faults.push(fault.name)
      tell(fault.name)
      await fault.happen({ server, console, number: within, pause: () => sleep(random() * longestMs) })
    }
    for (const { line } of consoles) line.heal()
    const settled = await Promise.all(consoles.map((console) => console.settle()))
    // Whoever came to rest first has not seen what the other brought last.
    const ledger = await database.query('SELECT id::text AS id FROM ledger')
    const [doubled] = await database.query(
      'SELECT (SELECT count(*) - count(DISTINCT id) FROM ledger) + (SELECT count(*) - count(DISTINCT act_id) FROM acts) AS twice',
    )
    const there = new Set([...ledger.map(({ id }) => id), ...settled.flatMap(({ waiting }) => waiting)])
    const acknowledged = consoles.flatMap((console) => console.said('acknowledged'))
    return {
      faults,
      acknowledged,
      lost: acknowledged.filter((id) => !there.has(id)),
      waiting: settled.flatMap(({ waiting }) => waiting),
      twice: Number(doubled!.twice),
      differences: settled.flatMap(({ differences }) => differences),
      failures: [
        ...consoles.flatMap((console) => console.said('failed')),
        ...settled.flatMap(({ next }) => (next === undefined ? [] : [`left behind: ${next}`])),
      ],
    }
  } finally {
    for (const console of consoles) await console.close()
    await server.close()
  }
}

interface Scene {
  readonly server: PostgresServer
  readonly console: ConsoleUnderTest
  /** A number from 0, less than the most. */
  readonly number: (most: number) => number
  /** Some time goes by. */
  readonly pause: () => Promise<unknown>
}

interface Fault {
  readonly name: string
  readonly happen: (scene: Scene) => Promise<void>
}

const allFaults: readonly Fault[] = [
  {
    name: 'line cut',
    happen: async ({ console: { line }, pause }) => {
      line.cut()
      await pause()
      line.heal()
    },
  },
  {
    name: 'line silent',
    happen: async ({ console: { line }, number }) => {
      line.silence()
      await sleep(number(longestSilenceMs))
      line.heal()
    },
  },
  { name: 'line reset', happen: async ({ console: { line } }) => line.reset() },
  {
    name: 'line reset in an answer',
    happen: async ({ console: { line }, number }) => line.resetAfter(number(4000)),
  },
  {
    name: 'commit unanswered',
    happen: async ({ console: { line }, pause }) => {
      line.muteAt('COMMIT')
      await pause()
      line.heal()
    },
  },
  { name: 'line half closed', happen: async ({ console: { line } }) => line.halfClose() },
  {
    name: 'line slow',
    happen: async ({ console: { line }, number, pause }) => {
      line.delay(number(1500))
      await pause()
      line.heal()
    },
  },
  { name: 'server restarted', happen: ({ server }) => server.restart('immediate') },
  {
    name: 'server killed',
    happen: async ({ server, pause }) => {
      await server.kill()
      await pause()
      await server.start()
    },
  },
  {
    name: 'console killed',
    happen: async ({ console, number }) => {
      await console.kill()
      await console.start(number(1e9))
    },
  },
]
