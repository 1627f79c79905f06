/** The move to a server and back: on trial, cut over, rolled back, rehearsed. Runs in main and on the command line. */
import type { DualState, GateCriteria, GateVerdict, MoveReport } from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import type { StoreMode } from '../../../src-shared/store-mode'
import type { CacheStore } from '../../storage/cache/cache-store'
import { giveUp, newClaim } from '../../storage/claim'
import type { Decided, DualStore } from '../../storage/dual-store'
import type { OutboxStore } from '../../storage/outbox-store'
import type { FarServer, ServerSide } from '../server-side'
import type { SettingsFile } from '../settings-file'
import type { StoreModes } from '../store-mode'
import { catchUp } from './catch-up'
import { Deadline } from './deadline'
import type { Decide, Decision } from './decide'
import type { DualRun } from './dual-run'
import { judge, judgedSince } from './gate'
import { anotherServer, gateNotPassed, notInTime } from './move-errors'
import { decidedAfter, reportOf } from './move-report'
import { Stopwatch } from './stopwatch'

/**
 * A cut-over and a roll-back are decided within this, or not at all. The rest of a second is for the switch.
 *
 * [Note: A move in time] Whoever goes to a server or back is told within a second how that went. All that takes long is done before
 * ({@link Moves.prepare}), or bounded. What is decided is one transaction, in a thread that may be busy; once the time is up, whoever waits
 * and the thread settle by a `Claim` which of them came first: either it was decided, and the switch follows, or it never will be.
 */
const decidedWithinMs = 850
/** Of that, a roll-back waits so long for its own entry in the server's ledger. */
const tellServerMs = 200
/** The switch is in memory by then, and the decision on disk: the settings' file may follow. */
const settingsMs = 100
/** Comparisons are kept so long. */
const keptDays = 90
const dayMs = 24 * 60 * 60 * 1000

interface MovesDependencies {
  readonly local: { readonly dual: DualStore; readonly outbox: OutboxStore; readonly cache: CacheStore }
  readonly modes: Pick<StoreModes, 'current' | 'use' | 'side' | 'tryNow'>
  readonly settings: Pick<SettingsFile, 'current' | 'update' | 'flush'>
  readonly decide: Decide
  /** Opens the server that the settings name, for a moment. Raises why it cannot be used. */
  readonly openServer: () => Promise<FarServer>
  /** Has the server open before somebody goes there from this machine. Raises why it cannot be used. */
  readonly prepareServer: () => Promise<void>
  /** Of the server that the settings name. */
  readonly place: () => string
  /** The comparisons under way, in mode `dual`. */
  readonly run: () => DualRun | undefined
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
}

export class Moves {
  readonly #needs: MovesDependencies

  constructor(needs: MovesDependencies) {
    this.#needs = needs
  }

  /** The comparisons under way, in mode `dual`. */
  run(): DualRun | undefined {
    return this.#needs.modes.current.mode === 'dual' ? this.#needs.run() : undefined
  }

  /** How it stands with the move. */
  async state(): Promise<DualState> {
    const { local, modes } = this.#needs
    const [{ pairings }, entries] = await Promise.all([local.dual.standing(), local.outbox.entries()])
    const conflicts = entries.filter(({ held }) => held !== undefined).length
    const { queued = 0, dropped = 0 } = this.run() ?? {}
    return {
      mode: modes.current.mode,
      pairings: [...pairings],
      waiting: entries.length - conflicts,
      conflicts,
      queued,
      dropped,
    }
  }

  /** The comparisons that are judged, against the criteria. */
  async gate(): Promise<GateVerdict> {
    const { local, settings } = this.#needs
    await this.run()?.flush()
    const { cutOver } = settings.current
    const since = judgedSince(cutOver)
    const [figures, { pairings }] = await Promise.all([local.dual.figures({ since }), local.dual.standing()])
    const unvalidated = pairings.filter(({ state }) => state !== 'paired').length
    return judge(figures, cutOver, pairings.length === 0 ? null : unvalidated, since)
  }

  /** Changes the gate's criteria; the ledger has it. */
  async setCriteria(criteria: GateCriteria): Promise<GateVerdict> {
    const { settings, modes } = this.#needs
    const before = settings.current.cutOver
    settings.update({ cutOver: criteria })
    await settings.flush()
    const changed = Object.entries(criteria).filter(
      ([name, value]) => value !== before[name as keyof GateCriteria],
    )
    const figures = Object.fromEntries(changed.map(([name, value]) => [name, Number(value)]))
    const names = changed.map(([name, value]) => `${name} ${Number(value)}`).join(', ')
    if (changed.length > 0) {
      await this.#needs.decide(
        settings.current.storeMode,
        { step: 'criteria', figures },
        `Changed the gate: ${names}`,
      )
      // The server's ledger has it, too.
      const { mode, server } = modes.current
      if (mode !== 'local' && server?.state === 'up') {
        await new Deadline(tellServerMs).sees(modes.side.bring())
      }
    }
    return this.gate()
  }

  /**
   * Makes ready what a cut-over and a roll-back need, so that they do not wait for it: threads, what the gallery holds, the server. That
   * this cannot be used is told to whoever goes there.
   */
  async prepare(): Promise<void> {
    const { local, modes, prepareServer } = this.#needs
    const { mode } = modes.current
    const { pairings } = await local.dual.standing()
    if (pairings.length === 0 || mode === 'server') return
    const reached = mode === 'dual' ? modes.tryNow() : prepareServer()
    await Promise.allSettled([local.cache.held(), reached])
  }

  /**
   * Goes to a mode. To the server: by the gate, or with a reason why not. Raises `conflict` where the gate is not passed and no reason
   * is given; `deadline-exceeded` where it could not be decided within a second; why the server cannot be used. Then everything is as
   * before.
   */
  async go(to: StoreMode, why?: string): Promise<MoveReport> {
    const { modes, local } = this.#needs
    const from = modes.current.mode
    const { pairings } = await local.dual.standing()
    // Then the server is opened anew, by the settings, and nothing is decided.
    if (pairings.length === 0 || to === from) return this.#goUndecided(to)
    if (to === 'server') return this.#cutOver(why)
    if (from === 'server') return this.#rollBack(to, why)
    const watch = new Stopwatch()
    const step = to === 'dual' ? 'dual' : 'local'
    const summary = to === 'dual' ? 'Put the server on trial' : 'Ended the trial of the server'
    let decided: Decided | undefined
    await modes.use(to, async () => {
      decided = await this.#needs.decide(to, { step, figures: decidedAfter(watch) }, summary, why)
    })
    await this.#needs.settings.flush()
    await local.dual.forget(Date.now() - keptDays * dayMs)
    return reportOf(to, watch, decided ?? (await this.state()), { gate: null, notHere: [] })
  }

  /** What a cut-over and a roll-back would do and take, without doing it. Raises why the server cannot be used. */
  async rehearse(): Promise<readonly MoveReport[]> {
    const { local, openServer } = this.#needs
    const cutOver = new Stopwatch()
    cutOver.begin('judge the gate')
    const gate = await this.gate()
    // On trial, or in use, it is open, as it is for a cut-over.
    const own = this.#side()?.server()
    cutOver.begin(own === undefined ? 'connect to the server' : 'ask the server')
    const server = own ?? (await openServer())
    try {
      const { pairings } = await local.dual.standing()
      const identity = await server.feed.identity()
      cutOver.end()
      if (pairings.some(({ serverId }) => serverId !== identity)) throw anotherServer()
      const waits = await this.state()
      const forth = reportOf('server', cutOver, waits, { gate, notHere: [] }, true)
      const rollBack = new Stopwatch()
      let ahead = 0
      for (const { clientId, revision } of pairings) {
        ahead += Math.max(0, (await server.feed.revision(clientId)) - revision)
      }
      rollBack.end(`look how far the server is ahead: ${ahead} changes`)
      return [forth, reportOf('local', rollBack, waits, { gate: null, notHere: [] }, true)]
    } finally {
      if (server !== own) await server.close()
    }
  }

  async #cutOver(why: string | undefined): Promise<MoveReport> {
    const deadline = new Deadline(decidedWithinMs)
    const watch = new Stopwatch()
    watch.begin('judge the gate')
    const judging = this.gate()
    if (!(await deadline.sees(judging))) throw this.#late('cut-over', watch)
    const gate = await judging
    if (!gate.passed && why === undefined) throw gateNotPassed(gate)
    const summary = gate.passed
      ? 'Cut over to the server'
      : 'Cut over to the server though the gate was not passed'
    watch.begin('open the server, and bring there what waited')
    const decided = await this.#inTime('server', deadline, watch, async (decide) => {
      watch.begin('write the decision')
      await decide({ step: 'cut-over', gate, figures: decidedAfter(watch) }, summary, why)
      watch.begin('switch')
    })
    return reportOf('server', watch, decided, { gate, notHere: [] })
  }

  async #rollBack(to: 'local' | 'dual', why: string | undefined): Promise<MoveReport> {
    const deadline = new Deadline(decidedWithinMs)
    const watch = new Stopwatch()
    watch.begin('bring back what the server has')
    const side = this.#side()
    const notHere = await catchUp(this.#needs.local.dual, side, deadline, this.#needs.place)
    const left = Object.fromEntries(notHere.map((one, index) => [`notHere${index + 1}`, one]))
    const summary =
      notHere.length === 0
        ? 'Rolled back from the server'
        : `Rolled back from the server, without ${notHere.join('; ')}`
    watch.begin('write the decision')
    const decided = await this.#inTime(to, deadline, watch, async (decide) => {
      await decide({ step: 'roll-back', figures: { ...left, ...decidedAfter(watch) } }, summary, why)
      watch.begin('tell the server')
      // It is decided: that the server was not told, its next time with this console mends.
      const told = side?.server() === undefined ? undefined : side.bring().catch(this.#needs.onError)
      if (told !== undefined) await deadline.sees(told, tellServerMs)
      watch.begin('switch')
    })
    return reportOf(to, watch, decided, { gate: null, notHere })
  }

  /** Of the server in use; nothing where it could not be opened, or is not open yet. */
  #side(): ServerSide | undefined {
    try {
      return this.#needs.modes.side
    } catch (error) {
      if (error instanceof VisorError) return undefined
      throw error
    }
  }

  /**
   * Goes to a mode; `move` decides, once the mode can be had. Gives what stands then, when the switch is through. Raises
   * `deadline-exceeded` where it was not decided in time: then it never will be.
   */
  async #inTime(
    to: StoreMode,
    deadline: Deadline,
    watch: Stopwatch,
    move: (decide: DecideInTime) => Promise<void>,
  ): Promise<Pick<MoveReport, 'waiting' | 'conflicts'>> {
    const { modes, settings } = this.#needs
    const [claim, givenUp] = [newClaim(), new AbortController()]
    let decided: Decided | undefined
    const decide: DecideInTime = async (...decision) => {
      decided = await this.#needs.decide(to, ...decision, claim)
    }
    const moved = modes.use(to, () => move(decide), givenUp.signal)
    if (!(await deadline.sees(moved)) && giveUp(claim)) {
      const late = this.#late(to === 'server' ? 'cut-over' : 'roll-back', watch)
      givenUp.abort(late)
      throw late
    }
    await moved
    await new Deadline(settingsMs).sees(settings.flush())
    watch.end()
    // Somebody else went there meanwhile: then nothing was to be decided.
    return decided ?? (await this.state())
  }

  /** Not in time. The next try will be. */
  #late(what: string, watch: Stopwatch): VisorError {
    this.prepare().catch(this.#needs.onError)
    return notInTime(what, watch)
  }

  async #goUndecided(to: StoreMode): Promise<MoveReport> {
    const { modes, settings } = this.#needs
    const watch = new Stopwatch()
    await modes.use(to)
    await settings.flush()
    return reportOf(to, watch, await this.state(), { gate: null, notHere: [] })
  }
}

type DecideInTime = (decision: Decision, summary: string, why: string | undefined) => Promise<void>
