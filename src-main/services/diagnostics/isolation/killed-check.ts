/** Kills the vision process of an isolation check in the middle of its work: what goes on, what is tried again, what is lost. Runs in main and on the command line. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type CheckFinding, failed, passed, warned } from '../../../../src-shared/diagnosis'
import { VisorError } from '../../../../src-shared/errors'
import { timesColumns } from './times'
import type { TriedStore } from './tried-store'
import type { TriedVision } from './tried-vision'

/** Photos for each that can be in work at once. */
const photosEach = 3
/** Between two searches, so that those of somebody who works get in between. */
const pauseMs = 10
/** Photos wait until the vision process is back. */
const longMs = 15_000

/** Raises the reason of `signal`, and what a store raises that cannot be searched. */
export async function checkKilled(
  vision: TriedVision,
  stores: readonly TriedStore[],
  signal: AbortSignal,
): Promise<CheckFinding> {
  const over = new AbortController()
  const searches = Promise.all(
    stores.map((store) => searchUntil(store, AbortSignal.any([over.signal, signal]))),
  )
  // It is waited for below; here it only must not be nobody's.
  searches.catch(() => undefined)
  try {
    const { restarts, retried } = vision
    const photos = Array.from({ length: photosEach * vision.concurrency }, () => vision.embed(signal))
    const answers = Promise.allSettled(photos)
    await Promise.race(photos)
    for (const store of stores) store.takeTimes()
    const killedAt = performance.now()
    vision.kill()
    await vision.back(restarts, signal)
    const backMs = performance.now() - killedAt
    const meanwhile = stores.map((store) => ({ name: store.name, times: store.takeTimes() }))
    const lost = (await answers).filter((answer) => answer.status === 'rejected')
    signal.throwIfAborted()
    over.abort()
    await searches
    return finding({
      photos: photos.length,
      retried: vision.retried - retried,
      lost: lost.map(({ reason }) => reason),
      restarts: vision.restarts - restarts,
      backMs,
      meanwhile,
    })
  } finally {
    over.abort()
  }
}

async function searchUntil(store: TriedStore, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await store.searchStored()
    await sleep(pauseMs)
  }
}

interface Killed {
  readonly photos: number
  readonly retried: number
  readonly lost: readonly unknown[]
  readonly restarts: number
  readonly backMs: number
  readonly meanwhile: readonly {
    readonly name: string
    readonly times: ReturnType<TriedStore['takeTimes']>
  }[]
}

function finding({ photos, retried, lost, restarts, backMs, meanwhile }: Killed): CheckFinding {
  const report = {
    figure: `back in ${(backMs / 1000).toFixed(1)} s`,
    table: {
      columns: timesColumns,
      rows: meanwhile.map(({ name, times }) => times.row(`search meanwhile, ${name}`)),
    },
  }
  if (lost.length > 0) {
    const [reason] = lost
    const why = reason instanceof VisorError ? reason.message : String(reason)
    return failed(`${lost.length} of ${photos} photos were lost: ${why}`, {
      ...report,
      next: { text: 'See Crashes, and the log.', copy: null },
    })
  }
  const silent = meanwhile.find(({ times }) => times.count === 0)
  if (silent !== undefined) {
    return failed(`No search was answered while the vision process was away (${silent.name}).`, {
      ...report,
      next: { text: 'See Search only: it may be slow by itself.', copy: null },
    })
  }
  const sentence = [
    `It was killed with ${retried} ${retried === 1 ? 'photo' : 'photos'} in work, which ${retried === 1 ? 'was' : 'were'} tried again: all ${photos} were answered, none was lost.`,
    ...meanwhile.map(
      ({ name, times }) =>
        `Search went on: ${times.count} on ${name} until it was back, the slowest in ${times.slowest}.`,
    ),
  ].join(' ')
  if (restarts > 1) {
    return failed(`${sentence} It died again when it was back.`, {
      ...report,
      next: { text: 'See Crashes, and the log.', copy: null },
    })
  }
  if (backMs <= longMs) return passed(sentence, report)
  return warned(`${sentence} Photos waited long until it was back.`, {
    ...report,
    next: { text: 'A slow drive or a virus scanner may hold up its start; see the log.', copy: null },
  })
}
