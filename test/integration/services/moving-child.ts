/**
 * A console that tests may kill while it goes from mode to mode: `FOLDER URL SEED`. Edits all the while, and says `acknowledged NAME` of
 * everybody who was enrolled, `went MODE` of each mode that it went to. Electron's Node, built beside `store.js`.
 */
import { VisorError } from '../../../src-shared/errors'
import type { StoreMode } from '../../../src-shared/store-mode'
import { randomNumbers } from '../../contract/made-faces'
import { enrol } from '../storage/team/paired-console'
import { openConsole } from './moving-console'

const [folder, url, seed] = process.argv.slice(2) as [string, string, string]
const random = randomNumbers(Number(seed))

function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

/** Refused for now, as an analyst sees it: the server is away, a roll-back is under way. */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof VisorError && error.fault !== 'internal') return false
    throw error
  }
}

const here = await openConsole(import.meta.dirname, folder, url, {
  connectTimeoutMs: 500,
  statementTimeoutMs: 2000,
})
await say(`opened ${here.modes.current.mode}`)

async function edits(): Promise<never> {
  for (let made = 0; ; made++) {
    const name = `Edit ${seed} ${made}`
    if (await attempt(() => enrol(here.store, name, Number(seed) * 1000 + made)))
      await say(`acknowledged ${name}`)
    await new Promise((resolve) => setTimeout(resolve, 10 + 40 * random()))
  }
}

async function moves(): Promise<never> {
  const ways: readonly StoreMode[] = ['dual', 'server', 'local']
  for (;;) {
    const to = ways[Math.floor(random() * ways.length)]!
    if (to !== here.modes.current.mode && (await attempt(() => here.moves.go(to, 'a test'))))
      await say(`went ${to}`)
    await new Promise((resolve) => setTimeout(resolve, 300 * random()))
  }
}

await Promise.all([edits(), moves()])
