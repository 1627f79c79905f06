/**
 * How long a cut-over and a roll-back take, as whoever presses the button waits: with the machine as it is, and with all cores busy. The gallery
 * is on both sides, paired. Options: `--faces 23640`, `--rounds 30` (of each). Electron's Node.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hasCode } from '../../src-shared/errors'
import { client, model, slovenia } from '../../test/contract/curated-store'
import { openConsole } from '../../test/integration/services/moving-console'
import { withBusyCores } from './busy-cores'
import { median, printFigure } from './figure'
import { type PairedGallery, withPairedGallery } from './paired-gallery'

const benchmark = 'cut-over'
const builtFolder = import.meta.dirname
/** Whoever is on the server stays there for a while. */
const onServerMs = 300
/** The cores are not kept busy for longer. */
const busyAtMostMs = 600_000

/** Milliseconds of those that were done, and of those that were refused as they could not be decided in time. */
interface Times {
  readonly done: number[]
  readonly refused: number[]
}

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { faces: { type: 'string', default: '23640' }, rounds: { type: 'string', default: '30' } },
  })
  const [faces, rounds] = [Number(values.faces), Number(values.rounds)]
  await withPairedGallery(builtFolder, faces, async (gallery) => {
    await measure(gallery, faces, rounds, 'as it is')
    await withBusyCores(busyAtMostMs, () => measure(gallery, faces, rounds, 'busy'))
  })
}

async function measure(
  { folder, line, url }: PairedGallery,
  faces: number,
  rounds: number,
  machine: string,
): Promise<void> {
  const here = await openConsole(builtFolder, folder, url, { connectTimeoutMs: 1000 })
  const reaches = async (state: string) => {
    while (here.modes.current.server?.state !== state) await sleep(5)
  }
  const times = () => ({ done: [], refused: [] }) satisfies Times
  const [over, back, backDead]: [Times, Times, Times] = [times(), times(), times()]
  const timed = async ({ done, refused }: Times, move: () => Promise<unknown>) => {
    const startedAt = performance.now()
    try {
      await move()
      done.push(performance.now() - startedAt)
      return true
    } catch (error) {
      if (!hasCode(error, 'deadline-exceeded')) throw error
      refused.push(performance.now() - startedAt)
      return false
    }
  }
  while (over.done.length + over.refused.length < 2 * rounds) {
    await here.moves.go('dual')
    await reaches('up')
    if (!(await timed(over, () => here.moves.go('server', 'bench')))) continue
    await reaches('up')
    await sleep(onServerMs)
    const dead = over.done.length % 2 === 1
    if (dead) {
      line.cut()
      await here.store.gallery.gallerySize(client, [slovenia], model)
      await reaches('gone')
    }
    while (!(await timed(dead ? backDead : back, () => here.moves.go('local'))));
    line.heal()
  }
  await here.close()
  for (const [what, { done, refused }] of [
    ['a cut-over', over],
    ['a roll-back', back],
    ['a roll-back with the server dead', backDead],
  ] as const) {
    printFigure({
      benchmark,
      figure: `${what}, the slowest, seconds; the machine ${machine}`,
      value: Math.max(...done, ...refused) / 1000,
      goal: '<= 1',
      details: { faces, medianMs: median(done), times: done.length, refused: refused.length },
    })
  }
}
