/**
 * Whether native code that decodes and embeds, and stores that are searched, do each other no harm. Runs in main and on the
 * command line.
 *
 * [Note: Isolation check] The system before this one decoded, embedded and searched in one process, which native code brought
 * down. Here the same is done in the same mixture: photos in a vision process of the check's own, started and supervised as the
 * console's is but of low priority, and searches in the stores' threads beside it. What the console works on is left alone: its
 * own vision process is not used, and a store is asked one thing at a time.
 */
import {
  type CheckFinding,
  type CheckOf,
  type Diagnosis,
  isolationLimits,
  unchecked,
} from '../../../../src-shared/diagnosis'
import { VisorError } from '../../../../src-shared/errors'
import { type DiagnosisOptions, runChecks } from '../run-checks'
import { checkKilled } from './killed-check'
import { MemoryWatch } from './memory-watch'
import { crashesFinding, type StepOutcome, stepFinding } from './step-findings'
import { type StoreToTry, TriedStore } from './tried-store'
import { TriedVision, type VisionToTry } from './tried-vision'

/** What is tried. */
export interface IsolationParts {
  /** For people: all that is searched. */
  readonly place: string
  /** Starts and configures it. Raises why it cannot be used. */
  readonly startVision: (signal: AbortSignal) => Promise<VisionToTry>
  readonly stores: readonly StoreToTry[]
}

export interface IsolationOptions extends DiagnosisOptions {
  /** How often photos and searches are mixed. */
  readonly rounds: number
  /** Whether the vision process is killed in the middle. */
  readonly kill: boolean
  /** Told after each round how far the whole is. */
  readonly onRounds?: (done: number, total: number) => void
  /** A test's own, in milliseconds. */
  readonly limits?: { readonly shortMs: number; readonly longMs: number }
}

type Step = Exclude<CheckOf<'isolation'>, 'memory' | 'killed' | 'crashes'>

/** What a step does after its time is up is ended after so long. */
const graceMs = 70_000

/** What was found; cancelled, what was found until then. */
export function diagnoseIsolation(
  { place, startVision, stores }: IsolationParts,
  { rounds, kill, onRounds, limits = isolationLimits, ...options }: IsolationOptions,
): Promise<Diagnosis> {
  const run = new IsolationRun({ startVision, stores, rounds, kill, limits, onRounds })
  return runChecks(
    {
      diagnosed: 'isolation',
      place,
      limitMs: (id) => (id === 'interleaved' ? limits.longMs : limits.shortMs) + graceMs,
      check: (id, limited) => run.check(id, limited),
      close: () => run.close(),
    },
    options,
  )
}

interface RunParts
  extends Pick<IsolationParts, 'startVision' | 'stores'>,
    Required<Pick<IsolationOptions, 'rounds' | 'kill' | 'limits'>> {
  readonly onRounds: IsolationOptions['onRounds'] | undefined
}

class IsolationRun {
  readonly #parts: RunParts
  /** Of the steps around the mixture. */
  readonly #fewRounds: number
  readonly #memory = new MemoryWatch(() => this.#vision!.residentBytes())
  #done = 0
  #vision: TriedVision | undefined
  #stores: readonly TriedStore[] = []

  constructor(parts: RunParts) {
    this.#parts = parts
    this.#fewRounds = Math.max(10, Math.ceil(parts.rounds / 10))
  }

  async check(id: CheckOf<'isolation'>, signal: AbortSignal): Promise<CheckFinding> {
    if (id === 'embed') return this.#embed(signal)
    if (id === 'search') return this.#search(signal)
    if (this.#vision === undefined) return unchecked('The vision process cannot be used; see Embed only.')
    if (id === 'memory') return this.#memory.finding()
    if (id === 'crashes') return crashesFinding(this.#vision)
    if (id === 'killed' && !this.#parts.kill) return unchecked('The vision process was not to be killed.')
    if (id === 'killed') return checkKilled(this.#vision, this.#stores, signal)
    if (this.#stores.length === 0) return unchecked('There is no store to be searched; see Search only.')
    return id === 'interleaved'
      ? this.#interleaved(this.#vision, signal)
      : this.#embedThenSearch(this.#vision, signal)
  }

  async close(): Promise<void> {
    await Promise.all([this.#vision?.stop(), ...this.#stores.map((store) => store.close())])
  }

  async #embed(signal: AbortSignal): Promise<CheckFinding> {
    const vision = new TriedVision(await this.#parts.startVision(signal))
    this.#vision = vision
    const outcome = await this.#go('embed', signal, async () => {
      await vision.embed(signal)
    })
    await this.#memory.look({ now: true })
    return outcome
  }

  async #search(signal: AbortSignal): Promise<CheckFinding> {
    const opened = await Promise.allSettled(this.#parts.stores.map((store) => TriedStore.open(store, signal)))
    this.#stores = opened.flatMap((store) =>
      store.status === 'fulfilled' && store.value ? [store.value] : [],
    )
    signal.throwIfAborted()
    const left = opened.flatMap((store, index) => {
      const { name } = this.#parts.stores[index]!
      if (store.status === 'fulfilled') {
        return store.value === undefined ? [{ name, why: 'Nobody is enrolled there yet.' }] : []
      }
      if (!(store.reason instanceof VisorError)) throw store.reason
      return [{ name, why: store.reason.message }]
    })
    if (this.#stores.length === 0) {
      return unchecked(left.map(({ name, why }) => `${capital(name)}: ${why}`).join(' '), {
        next: { text: 'Enrol somebody, or install the sample gallery, and run it again.', copy: null },
      })
    }
    return this.#go('search', signal, () => this.#inEach((store) => store.searchStored()), left)
  }

  #embedThenSearch(vision: TriedVision, signal: AbortSignal): Promise<CheckFinding> {
    return this.#go('embed-then-search', signal, async () => {
      const { embedding, modelId } = await vision.embed(signal)
      await this.#inEach((store) => store.searchFresh(embedding, modelId))
    })
  }

  /** A photo is in work while each store searches for a stored face, and for the face of the photo before. */
  async #interleaved(vision: TriedVision, signal: AbortSignal): Promise<CheckFinding> {
    let fresh = await vision.embed(signal)
    const outcome = await this.#go('interleaved', signal, async () => {
      const { embedding, modelId } = fresh
      const searched = this.#inEach(async (store) => {
        await store.searchStored()
        await store.searchFresh(embedding, modelId)
      })
      const [next] = await Promise.all([vision.embed(signal), searched])
      fresh = next
      await this.#memory.look()
    })
    await this.#memory.look({ now: true })
    return outcome
  }

  async #inEach(work: (store: TriedStore) => Promise<void>): Promise<void> {
    await Promise.all(this.#stores.map(work))
  }

  /** Does `round` over and over, and says what came of it. Raises what `round` raises. */
  async #go(
    step: Step,
    signal: AbortSignal,
    round: () => Promise<void>,
    left: StepOutcome['left'] = [],
  ): Promise<CheckFinding> {
    const { rounds, limits } = this.#parts
    const long = step === 'interleaved'
    const wanted = long ? rounds : this.#fewRounds
    const before = this.#counted()
    const until = performance.now() + (long ? limits.longMs : limits.shortMs)
    let done = 0
    while (done < wanted && performance.now() < until) {
      signal.throwIfAborted()
      await round()
      done += 1
      this.#tell()
    }
    this.#done += wanted - done
    const after = this.#counted()
    return stepFinding({
      step,
      done,
      wanted,
      crashes: after.crashes - before.crashes,
      differing: after.differing - before.differing,
      lost: after.lost - before.lost,
      left,
      vision: this.#vision?.takeTimes(),
      stores: this.#stores.map((store) => ({ name: store.name, times: store.takeTimes() })),
    })
  }

  #counted() {
    return {
      crashes: this.#vision?.crashes ?? 0,
      differing: this.#vision?.differing ?? 0,
      lost: this.#stores.reduce((sum, { lost }) => sum + lost, 0),
    }
  }

  #tell(): void {
    this.#done += 1
    this.#parts.onRounds?.(this.#done, this.#parts.rounds + 3 * this.#fewRounds)
  }
}

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
