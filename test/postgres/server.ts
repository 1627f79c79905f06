/** A PostgreSQL server of the tests' own, on a free port of this machine. Tests and benchmarks, Electron's Node. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Certificates } from './certificates'
import {
  type ChosenServer,
  handOver,
  makeCluster,
  makeServerFolder,
  programsFor,
  runAs,
  serverProgram,
  workingCopy,
} from './program'

/** How a server is to be. */
export interface ServerOptions {
  /**
   * `offered`: connections may be encrypted, or not; `required`: those that are not are refused, but for the superuser's, who
   * sets tests up. The certificate is for `localhost` and 127.0.0.1, signed by an authority of the server's own. Off unless given.
   */
  readonly tls?: 'offered' | 'required'
  /** Does what was committed survive a crash of the whole machine? Off unless given: tests kill programs, not machines. */
  readonly fsync?: boolean
  /** 200 unless given. */
  readonly maxConnections?: number
  /** Lines of `postgresql.conf`, which win over ours. */
  readonly settings?: Readonly<Record<string, string>>
}

/** `smart` waits until everybody has left, `fast` ends them, `immediate` is an orderly crash. */
export type StopMode = 'smart' | 'fast' | 'immediate'

const stopSignals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const

const host = '127.0.0.1'

/**
 * The owner of tests' databases, with the superuser's password. Roles belong to the whole server, so whoever makes some in one
 * database has to be the same in all.
 */
export const databaseOwner = 'visor_owner'

/** What a start may take, recovery included. */
const startTimeoutMs = 30_000

/** Below what systems give to outgoing connections, so that a stopped server finds its port free again. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + (randomBytes(2).readUInt16BE() % 15_000)
    const probe = createServer()
    try {
      probe.listen(port, host)
      await once(probe, 'listening')
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    } finally {
      probe.close()
    }
  }
}

/** The server's own processes, one for each connection and some more, where the system tells. */
function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`
  return existsSync(list) ? readFileSync(list, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A server that can be stopped, killed and started again. Its data lasts until {@link PostgresServer.close}. */
export class PostgresServer {
  readonly host = host
  readonly port: number
  /** The password of the superuser `postgres`, and of {@link databaseOwner}. */
  readonly password: string
  /** `null` without TLS. */
  readonly certificates: Certificates | null
  /** What the server printed, a file. */
  readonly logFile: string
  readonly #folder: string
  readonly #bin: string
  #keeper: ChildProcess | null = null
  #pid = 0
  #wasKilled = false

  private constructor(
    folder: string,
    bin: string,
    port: number,
    password: string,
    certificates: Certificates | null,
  ) {
    this.#folder = folder
    this.#bin = bin
    this.port = port
    this.password = password
    this.certificates = certificates
    this.logFile = join(folder, 'server.log')
  }

  /** Makes a cluster in `folder`, which is to be empty, and starts it: about a second. */
  static async make(
    chosen: ChosenServer,
    folder: string,
    options: ServerOptions = {},
  ): Promise<PostgresServer> {
    makeServerFolder(folder)
    let server: PostgresServer | null = null
    // The keeper removes what a running server has; what is not running has no keeper.
    process.once('exit', () => {
      if (server?.isRunning !== true) rmSync(folder, { recursive: true, force: true })
    })
    const bin = programsFor(chosen, join(folder, 'program'))
    const password = randomBytes(12).toString('hex')
    const passwordFile = join(folder, 'password')
    writeFileSync(passwordFile, password, { mode: 0o600 })
    handOver(passwordFile)
    const data = join(folder, 'data')
    await makeCluster(bin, data, passwordFile)
    rmSync(passwordFile)
    // Only here: most servers have none, and the library takes a while to load.
    const certificates =
      options.tls === undefined ? null : (await import('./certificates')).makeCertificates(data)
    server = new PostgresServer(folder, bin, await freePort(), password, certificates)
    server.#configure(data, options)
    await server.start()
    await server.asSuperuser((client) =>
      client.query(`CREATE ROLE ${databaseOwner} LOGIN CREATEROLE CREATEDB PASSWORD '${password}'`),
    )
    return server
  }

  #configure(data: string, { tls, fsync = false, maxConnections = 200, settings = {} }: ServerOptions): void {
    const onOff = (on: boolean) => (on ? 'on' : 'off')
    const all: Record<string, string> = {
      listen_addresses: this.host,
      port: String(this.port),
      // Passwords are asked for on every way in.
      unix_socket_directories: '',
      max_connections: String(maxConnections),
      fsync: onOff(fsync),
      full_page_writes: onOff(fsync),
      // In the cluster's folder, so that nothing of a killed server is left in the system.
      dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
      ssl: onOff(tls !== undefined),
      ...settings,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    writeFileSync(join(data, 'postgresql.conf'), lines.join(''))
    const entry = (kind: string, user: string) => `${kind} all ${user} ${this.host}/32 scram-sha-256\n`
    const others = entry(tls === 'required' ? 'hostssl' : 'host', 'all')
    writeFileSync(join(data, 'pg_hba.conf'), entry('host', 'postgres') + others)
  }

  /** The superuser's connection string. */
  superuserUrl(database = 'postgres'): string {
    return `postgresql://postgres:${this.password}@${this.host}:${this.port}/${database}`
  }

  get isRunning(): boolean {
    return this.#keeper !== null
  }

  /** Starts the server, and waits until it takes connections; recovers what a crash left. */
  async start(): Promise<void> {
    if (this.isRunning) throw new Error('This server runs already.')
    const deadlineMs = performance.now() + startTimeoutMs
    while (!(await this.#tryStart(deadlineMs))) {
      // Orphans of a killed server hold its memory until they notice; every other failure would only repeat itself.
      if (!this.#wasKilled || performance.now() > deadlineMs) {
        const log = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').slice(-2000) : ''
        throw new Error(`PostgreSQL did not start.\n${log}`)
      }
      await sleep(50)
    }
    this.#wasKilled = false
  }

  async #tryStart(deadlineMs: number): Promise<boolean> {
    const user = runAs()
    const args = [this.#folder, serverProgram(this.#bin), '-D', join(this.#folder, 'data')]
    const keeper = spawn(process.execPath, [join(workingCopy(), 'test/postgres/keeper.mjs'), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // A group of its own: it outlives the owner, to end what the owner left.
      detached: true,
      windowsHide: true,
      cwd: this.#folder,
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: '1',
        ...(user === null
          ? {}
          : { VISOR_POSTGRES_UID: String(user.uid), VISOR_POSTGRES_GID: String(user.gid) }),
      },
    })
    const ended = once(keeper, 'exit')
    const first = await Promise.race([once(keeper.stdout, 'data'), ended.then(() => null)])
    if (first === null) return false
    this.#pid = Number(String(first[0]).trim())
    // Neither the server nor its keeper holds up the end of a test run.
    keeper.unref()
    for (const pipe of [keeper.stdin, keeper.stdout]) if (pipe instanceof Socket) pipe.unref()
    let alive = true
    keeper.once('exit', () => {
      alive = false
      if (this.#keeper === keeper) this.#keeper = null
    })
    while (alive && performance.now() < deadlineMs) {
      if (this.#isReady()) {
        this.#keeper = keeper
        return true
      }
      await sleep(10)
    }
    if (alive) killIfThere(this.#pid)
    await ended
    return false
  }

  /** The server writes its state into its lock file: the process id in the first line, the state in the eighth; a standby's is its own. */
  #isReady(): boolean {
    const lockFile = join(this.#folder, 'data/postmaster.pid')
    if (!existsSync(lockFile)) return false
    const lines = readFileSync(lockFile, 'utf8').split('\n')
    return Number(lines[0]) === this.#pid && /^(ready|standby)\s*$/.test(lines[7] ?? '')
  }

  /** Stops the server and waits until it has ended. */
  async stop(mode: StopMode = 'fast'): Promise<void> {
    await this.#end(() => process.kill(this.#pid, stopSignals[mode]))
  }

  /** Kills the server with all its processes, as a crash would: what was not committed is lost, nobody is told. */
  async kill(): Promise<void> {
    const all = [this.#pid, ...childrenOf(this.#pid)]
    await this.#end(() => all.forEach(killIfThere))
    this.#wasKilled = true
  }

  async #end(act: () => void): Promise<void> {
    if (this.#keeper === null) throw new Error('This server does not run.')
    const ended = once(this.#keeper, 'exit')
    this.#keeper.ref()
    act()
    await ended
    this.#keeper = null
  }

  async restart(mode: StopMode = 'fast'): Promise<void> {
    await this.stop(mode)
    await this.start()
  }

  /** Restarts the server as a hot standby, of a primary that says nothing: it answers reads, and takes no writes. */
  async restartAsStandby(): Promise<void> {
    await this.stop()
    const sign = join(this.#folder, 'data/standby.signal')
    writeFileSync(sign, '')
    handOver(sign)
    await this.start()
  }

  /** Makes a standby the primary; resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.asSuperuser((client) => client.query('SELECT pg_promote()'))
  }

  /** Makes every transaction read-only, as a standby's are, or lets them write again; open connections hear of it at once. */
  async setReadOnly(readOnly: boolean): Promise<void> {
    await this.asSuperuser(async (client) => {
      await client.query('SET default_transaction_read_only = off')
      await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`)
      await client.query('SELECT pg_reload_conf()')
    })
  }

  /** Runs `work` on a connection of the superuser's. */
  async asSuperuser<T>(work: (client: Client) => Promise<T>, database = 'postgres'): Promise<T> {
    const client = new Client({ connectionString: this.superuserUrl(database) })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  /** Ends the server and removes its folder. */
  async close(): Promise<void> {
    if (this.isRunning) await this.stop('immediate')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
