/** What a step of an isolation check says of itself. Runs in main and on the command line. */
import {
  type CheckFinding,
  type CheckOf,
  failed,
  passed,
  warned,
  worstOf,
} from '../../../../src-shared/diagnosis'
import { type Times, timesColumns } from './times'
import type { TriedVision } from './tried-vision'

export interface StepOutcome {
  readonly step: Exclude<CheckOf<'isolation'>, 'memory' | 'killed' | 'crashes'>
  /** Rounds. */
  readonly done: number
  readonly wanted: number
  /** Deaths of the vision process. */
  readonly crashes: number
  /** Photos that gave another embedding than the first. */
  readonly differing: number
  /** Stored faces that did not find their own person. */
  readonly lost: number
  /** Stores that could not be searched at all. */
  readonly left: readonly { readonly name: string; readonly why: string }[]
  readonly vision: Times | undefined
  readonly stores: readonly { readonly name: string; readonly times: Times }[]
}

const inOrder: Readonly<Record<StepOutcome['step'], (times: string) => string>> = {
  embed: (times) => `A photo was embedded ${times}, and gave the same each time.`,
  search: (times) => `Stored faces were searched for ${times}, and each found its own person.`,
  'embed-then-search': (times) => `A photo was embedded and then searched for, ${times}.`,
  interleaved: (times) =>
    `Photos were embedded while searches ran, ${times}: neither side failed, or gave another answer than alone.`,
}

export function stepFinding(outcome: StepOutcome): CheckFinding {
  const { step, done, wanted, crashes, differing, lost, left, vision, stores } = outcome
  const rows = [
    ...(vision === undefined || vision.count === 0 ? [] : [vision.row('photo embedded')]),
    ...stores.flatMap(({ name, times }) => (times.count === 0 ? [] : [times.row(`search, ${name}`)])),
  ]
  const problems: { readonly state: 'warn' | 'fail'; readonly sentence: string; readonly next: string }[] = []
  if (crashes > 0) {
    problems.push({
      state: 'fail',
      sentence: `The vision process died ${timesOf(crashes)}; its photos were tried again.`,
      next: 'See Crashes, and the log.',
    })
  }
  if (differing > 0) {
    problems.push({
      state: 'fail',
      sentence: `The same photo gave another embedding ${timesOf(differing)}.`,
      next: 'Choose CPU in Settings, Vision, and run it again: if it passes then, the driver of the graphics card is to blame.',
    })
  }
  if (lost > 0) {
    problems.push({
      state: 'warn',
      sentence: `${lost} stored ${lost === 1 ? 'face was' : 'faces were'} not found for their own person.`,
      next: 'Whoever was changed meanwhile is counted, too. If it stays, run the checks of that store: see A face finds itself.',
    })
  }
  if (done < wanted) {
    problems.push({
      state: 'warn',
      sentence: `Its time was up after ${done.toLocaleString('en-GB')} of ${wanted.toLocaleString('en-GB')} rounds.`,
      next: 'Choose fewer rounds, or run it again when less is done.',
    })
  }
  for (const { name, why } of left) {
    problems.push({
      state: 'warn',
      sentence: `Left out: ${name}. ${why}`,
      next: 'Only the other store was searched; mend this one, and run it again.',
    })
  }
  const report = {
    figure: (step === 'search' ? stores[0]?.times.median : vision?.median) ?? null,
    table: { columns: timesColumns, rows },
  }
  const [first] = problems
  if (first === undefined) return passed(inOrder[step](timesOf(done)), report)
  const worst = problems.find(({ state }) => state === worstOf(problems)) ?? first
  const finding = worst.state === 'fail' ? failed : warned
  return finding(problems.map(({ sentence }) => sentence).join(' '), {
    ...report,
    next: { text: worst.next, copy: null },
  })
}

/** Deaths that nobody asked for: there must be none. */
export function crashesFinding(vision: Pick<TriedVision, 'crashes' | 'kills' | 'restarts'>): CheckFinding {
  const { crashes, kills, restarts } = vision
  const report = {
    figure: String(crashes),
    table: {
      columns: ['What', 'Times'],
      rows: [
        ['crashes', String(crashes)],
        ['killed on purpose', String(kills)],
        ['restarts', String(restarts)],
      ],
    },
  }
  if (crashes === 0) {
    return passed(
      'The vision process did not die once by itself, and Visor itself went on throughout.',
      report,
    )
  }
  return failed(`The vision process died ${timesOf(crashes)}. Visor went on, and started it again.`, {
    ...report,
    next: {
      text: 'The log has its last words (Settings, Diagnostics, Show the log). Choose CPU in Settings, Vision, and run it again: if it passes then, the driver of the graphics card is to blame.',
      copy: null,
    },
  })
}

const timesOf = (count: number) => (count === 1 ? 'once' : `${count.toLocaleString('en-GB')} times`)
