/** The move to a server and back: on trial, cut over, rolled back, rehearsed. Runs in main and on the command line. */
import type {
  DualState,
  GateCriteria,
  GateVerdict,
  Move,
  MoveReport,
  MoveStep,
} from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { StoreMode } from '../../../src-shared/store-mode'
import type { CacheStore } from '../../storage/cache/cache-store'
import type { DualStore } from '../../storage/dual-store'
import type { OutboxStore } from '../../storage/outbox-store'
import type { LedgerContext, WriteControl } from '../../storage/written'
import type { FarServer } from '../server-side'
import type { SettingsFile } from '../settings-file'
import type { StoreModes } from '../store-mode'
import type { DualRun } from './dual-run'
import { judge, judgedSince } from './gate'
import { whileItMoves } from './patience'
import { Stopwatch } from './stopwatch'

/** A roll-back waits for the last of what the server has while that comes: a server that is slow, or silent, is not waited for. */
const catchUp = { silentMs: 600, longestMs: 10_000 }
/** And so long for its own entry in the server's ledger. */
const tellServerMs = 200
/** Comparisons are kept so long. */
const keptDays = 90
const dayMs = 24 * 60 * 60 * 1000

interface MovesDependencies {
  readonly local: { readonly dual: DualStore; readonly outbox: OutboxStore; readonly cache: CacheStore }
  readonly modes: Pick<StoreModes, 'current' | 'use' | 'side' | 'sideChanged'>
  readonly settings: Pick<SettingsFile, 'current' | 'update' | 'flush'>
  /** For the ledger. */
  readonly actor: string
  /** Opens the server that the settings name, for a moment. Raises why it cannot be used. */
  readonly openServer: () => Promise<FarServer>
  /** Of the server that the settings name. */
  readonly place: () => string
  /** The comparisons under way, in mode `dual`. */
  readonly run: () => DualRun | undefined
  /** A client was paired, or its pairing was ended. */
  readonly pairingsChanged: () => Promise<void>
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
      await this.#decide(
        settings.current.storeMode,
        { step: 'criteria', figures },
        `Changed the gate: ${names}`,
      )
      // The server's ledger has it, too.
      const { mode, server } = modes.current
      if (mode !== 'local' && server?.state === 'up') await within(tellServerMs, modes.side.bring())
    }
    return this.gate()
  }

  /** From here on, edits of a client are kept for the server: before its gallery is copied. Raises why it cannot be used; `conflict`. */
  async beginPairing(clientId: ClientId): Promise<void> {
    const server = await this.#needs.openServer()
    try {
      await this.#begin(clientId, server)
    } finally {
      await server.close()
    }
  }

  /**
   * Pairs a client whose gallery was copied to the server: compares all of it, row by row. Raises `conflict` where both differ; what
   * is edited meanwhile is kept for the server all the same.
   */
  async pair(clientId: ClientId, control: WriteControl = {}): Promise<void> {
    const { local, openServer, place, settings, pairingsChanged } = this.#needs
    const server = await openServer()
    try {
      await this.#begin(clientId, server)
      const differences = await local.cache.pair(clientId, server.snapshots(), control)
      if (differences.length > 0) throw notEqual(clientId, differences)
      const summary = `Found the gallery equal on ${place()}`
      await this.#decide(settings.current.storeMode, { step: 'pair' }, summary)
    } finally {
      await server.close()
      await pairingsChanged()
    }
  }

  async #begin(clientId: ClientId, { feed }: FarServer): Promise<void> {
    const { local, place, pairingsChanged } = this.#needs
    await local.dual.beginPairing(clientId, await feed.identity(), place())
    await pairingsChanged()
  }

  /** Ends the pairing of a client: both go their own ways, and what waited for the server is forgotten. Raises `conflict` in other modes than local. */
  async unpair(clientId: ClientId): Promise<void> {
    const { local, modes, pairingsChanged } = this.#needs
    if (modes.current.mode !== 'local') {
      throw new VisorError('conflict', 'The server is used just now.', {
        consequence: 'Nothing was changed.',
        remedy: 'Work on this machine first: mode local.',
      })
    }
    await this.#decide('local', { step: 'unpair' }, 'Ended the pairing with the server')
    await local.dual.endPairing(clientId)
    await pairingsChanged()
  }

  /**
   * Goes to a mode. To the server: by the gate, or with a reason why not. Raises `conflict` where the gate is not passed and no reason
   * is given; why the server cannot be used. Then everything is as before.
   */
  async go(to: StoreMode, why?: string): Promise<MoveReport> {
    const { modes, local } = this.#needs
    const from = modes.current.mode
    const { pairings } = await local.dual.standing()
    if (pairings.length === 0) return this.#goUnpaired(to)
    if (to === 'server') return this.#cutOver(why)
    if (from === 'server') return this.#rollBack(to, why)
    const watch = new Stopwatch()
    const step = to === 'dual' ? 'dual' : 'local'
    const summary = to === 'dual' ? 'Put the server on trial' : 'Ended the trial of the server'
    await modes.use(to, () => this.#decide(to, { step, figures: decidedAfter(watch) }, summary, why))
    await this.#needs.settings.flush()
    await local.dual.forget(Date.now() - keptDays * dayMs)
    return this.#report(to, watch, { gate: null, notHere: [] })
  }

  /** What a cut-over and a roll-back would do and take, without doing it. Raises why the server cannot be used. */
  async rehearse(): Promise<readonly MoveReport[]> {
    const { local, openServer } = this.#needs
    const cutOver = new Stopwatch()
    const gate = await this.gate()
    cutOver.lap('judge the gate')
    const server = await openServer()
    try {
      const { pairings } = await local.dual.standing()
      const identity = await server.feed.identity()
      cutOver.lap('connect to the server')
      if (pairings.some(({ serverId }) => serverId !== identity)) throw anotherServer()
      const forth = await this.#report('server', cutOver, { gate, notHere: [] }, true)
      const rollBack = new Stopwatch()
      let ahead = 0
      for (const { clientId, revision } of pairings) {
        ahead += Math.max(0, (await server.feed.revision(clientId)) - revision)
      }
      rollBack.lap(`look how far the server is ahead: ${ahead} changes`)
      const back = await this.#report('local', rollBack, { gate: null, notHere: [] }, true)
      return [forth, back]
    } finally {
      await server.close()
    }
  }

  async #cutOver(why: string | undefined): Promise<MoveReport> {
    const { modes, settings } = this.#needs
    const watch = new Stopwatch()
    const gate = await this.gate()
    watch.lap('judge the gate')
    if (!gate.passed && why === undefined) throw gateNotPassed(gate)
    const summary = gate.passed
      ? 'Cut over to the server'
      : 'Cut over to the server though the gate was not passed'
    await modes.use('server', async () => {
      watch.lap('open the server, and bring there what waited')
      await this.#decide('server', { step: 'cut-over', gate, figures: decidedAfter(watch) }, summary, why)
      watch.lap('write the decision')
    })
    await settings.flush()
    watch.lap('switch')
    return this.#report('server', watch, { gate, notHere: [] })
  }

  async #rollBack(to: 'local' | 'dual', why: string | undefined): Promise<MoveReport> {
    const { modes, settings } = this.#needs
    const watch = new Stopwatch()
    const notHere = await this.#catchUp()
    watch.lap('bring back what the server has')
    const left = Object.fromEntries(notHere.map((one, index) => [`notHere${index + 1}`, one]))
    const summary =
      notHere.length === 0
        ? 'Rolled back from the server'
        : `Rolled back from the server, without ${notHere.join('; ')}`
    const { side } = modes
    await modes.use(to, async () => {
      const figures = { ...left, ...decidedAfter(watch) }
      await this.#decide(to, { step: 'roll-back', figures }, summary, why)
      watch.lap('write the decision')
      if (side.server() !== undefined) await within(tellServerMs, side.bring())
      watch.lap('tell the server')
    })
    await settings.flush()
    watch.lap('switch')
    return this.#report(to, watch, { gate: null, notHere })
  }

  /** Brings the local gallery to what the server has now; gives what it has not. */
  async #catchUp(): Promise<string[]> {
    const { modes, local, place } = this.#needs
    const since = await local.cache.contents()
    const asOf = since.domains.map((domain) => domain.asOf ?? '').sort()[0] ?? ''
    const missed = `what was changed on ${place()} after ${asOf}`
    let side: typeof modes.side
    try {
      side = modes.side
    } catch (error) {
      if (error instanceof VisorError) return [missed]
      throw error
    }
    if (side.server() === undefined) return [missed]
    const isHere = await whileItMoves(side.cache.sync({}), modes.sideChanged, catchUp).then(
      (report) => report !== undefined,
      // However it failed, it is not here: the roll-back says so, and goes on.
      () => false,
    )
    return isHere ? [] : [missed]
  }

  async #goUnpaired(to: StoreMode): Promise<MoveReport> {
    const { modes, settings } = this.#needs
    const watch = new Stopwatch()
    await modes.use(to)
    await settings.flush()
    return this.#report(to, watch, { gate: null, notHere: [] })
  }

  async #decide(
    mode: StoreMode,
    move: Partial<Move> & { readonly step: MoveStep },
    summary: string,
    why?: string,
  ): Promise<void> {
    const { local, actor, place } = this.#needs
    const context: LedgerContext = { actor, summary, ...(why === undefined ? {} : { reason: why }) }
    const whole: Move = { gate: null, figures: {}, ...move }
    await local.dual.decide(mode, mode === 'local' ? null : place(), whole, context)
  }

  async #report(
    to: StoreMode,
    watch: Stopwatch,
    { gate, notHere }: Pick<MoveReport, 'gate' | 'notHere'>,
    rehearsed = false,
  ): Promise<MoveReport> {
    const { elapsedMs, parts } = watch
    const { waiting, conflicts } = await this.state()
    return { to, rehearsed, elapsedMs, parts: [...parts], gate, waiting, conflicts, notHere }
  }
}

/** What a step took until it was decided, to a tenth of a millisecond: the ledger is written before the switch. */
const decidedAfter = ({ elapsedMs }: Stopwatch) => ({ decidedAfterMs: Math.round(elapsedMs * 10) / 10 })

/** What `work` gives, if it does so in time. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const limit = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => limit.resolve(undefined), limitMs)
  try {
    return await Promise.race([work, limit.promise])
  } finally {
    clearTimeout(timer)
  }
}

function gateNotPassed({ checks }: GateVerdict): VisorError {
  const failed = checks.filter(({ passed }) => !passed)
  return new VisorError('conflict', 'The gate is not passed.', {
    consequence: 'The mode stays as it is.',
    remedy: 'Look at what differs, and mend it; or say why it is to be done all the same.',
    detail: failed
      .map(({ criterion, figure, wanted }) => `${criterion}: ${figure ?? 'nothing'}, wanted ${wanted}`)
      .join('\n'),
  })
}

function notEqual(clientId: ClientId, differences: Awaited<ReturnType<CacheStore['pair']>>): VisorError {
  return new VisorError('conflict', `The gallery of ${clientId} is not the same on the server.`, {
    consequence: 'It was not paired.',
    remedy: 'Copy it again, then compare again.',
    detail: differences
      .map(
        ({ domain, table, inCache, onServer, differing }) =>
          `${domain}, ${table}: ${inCache} rows here, ${onServer} there, ${differing} owners differ`,
      )
      .join('\n'),
  })
}

function anotherServer(): VisorError {
  return new VisorError('conflict', 'Another gallery answers at that place than the one that was paired.', {
    consequence: 'Nothing was rehearsed.',
    remedy: 'Ask who looks after the server.',
  })
}
