/** The PostgreSQL programs that set-up chose, and whom they run as. Tests and benchmarks, Electron's Node. */
import { execFile } from 'node:child_process'
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const execute = promisify(execFile)

const chosen = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('server'),
    version: z.string(),
    /** Folders of the server's programs, of its shared files and of its libraries. */
    bin: z.string(),
    share: z.string(),
    library: z.string(),
    /** `folder`: where our own build of the extension is; `null` where the server has it. */
    pgvector: z.object({ version: z.string(), folder: z.string().nullable() }),
  }),
  z.object({ kind: z.literal('pglite'), reason: z.string() }),
])

/** What set-up chose: a server, or the stand-in and why. */
export type Chosen = z.infer<typeof chosen>
export type ChosenServer = Extract<Chosen, { kind: 'server' }>

/** The working copy: the nearest folder above us that has `package.json`; a built benchmark is elsewhere in it than its source. */
export function workingCopy(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('The tests run outside a working copy.')
    folder = dirname(folder)
  }
  return folder
}

/** Reads what `npm test` or `npm run bench` chose when it set up. */
export function chosenPostgres(): Chosen {
  const marker = join(workingCopy(), '.cache/postgresql.json')
  if (!existsSync(marker)) {
    throw new Error(
      'No PostgreSQL was chosen for the tests yet: run npm test -- integration/postgres-for-tests first.',
    )
  }
  return chosen.parse(JSON.parse(readFileSync(marker, 'utf8')))
}

/** A user and group that programs run as. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root; then it runs as the system's own user for it, or as nobody. `null`: as ourselves. */
export function runAs(): RunAs | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8')
  for (const name of ['postgres', 'nobody']) {
    const ids = users.match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'))
    if (ids !== null) return { uid: Number(ids[1]), gid: Number(ids[2]) }
  }
  throw new Error('There is no user to run PostgreSQL as.')
}

/** Gives a file or folder to the user that PostgreSQL runs as. */
export function handOver(path: string): void {
  const user = runAs()
  if (user !== null) chownSync(path, user.uid, user.gid)
}

/** Makes `folder` and gives it to the user that PostgreSQL runs as, who must be able to reach it. */
export function makeServerFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (runAs() === null) return
  handOver(folder)
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) {
      throw new Error(
        `PostgreSQL runs as another user, who cannot pass through ${above}: set TMPDIR to a folder open to all.`,
      )
    }
  }
}

const executable = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name)

/** A folder whose entries are links to another's. */
function linkEntries(from: string, to: string, except: (name: string) => boolean = () => false): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) if (!except(name)) symlinkSync(join(from, name), join(to, name))
}

/**
 * [Note: The relocated server] Before version 18 a server looks for extensions in its own folders only, which are the system's.
 * It finds those folders from where its program lies. So where the extension is our own build, the programs (9 MB) are
 * copied to `folder`, with links to the rest beside them at the same distances, and the extension in its place.
 */
function relocate(server: ChosenServer, built: string, folder: string): string {
  const parts = [server.bin, server.share, server.library].map((path) => path.split(sep))
  const [first = []] = parts
  const differs = first.findIndex((part, index) => parts.some((other) => other[index] !== part))
  const base = first.slice(0, differs).join(sep) || sep
  const [bin, share, library] = [server.bin, server.share, server.library].map((path) =>
    join(folder, relative(base, path)),
  ) as [string, string, string]
  const isOurs = (name: string) =>
    name === 'vector.so' || name.startsWith('vector-') || name === 'vector.control'
  linkEntries(server.library, library, isOurs)
  linkEntries(server.share, share, (name) => name === 'extension')
  linkEntries(join(server.share, 'extension'), join(share, 'extension'), isOurs)
  for (const name of readdirSync(built)) {
    copyFileSync(join(built, name), join(name.endsWith('.so') ? library : join(share, 'extension'), name))
  }
  mkdirSync(bin, { recursive: true })
  for (const name of ['postgres', 'initdb']) copyFileSync(join(server.bin, name), join(bin, name))
  return bin
}

/**
 * The folder of programs to start servers with, `postgres` and `initdb`. `folder`, which PostgreSQL's user can reach, is
 * used where they have to be relocated, and may be shared by several servers.
 */
export function programsFor(server: ChosenServer, folder: string): string {
  const { folder: built } = server.pgvector
  return built === null ? server.bin : relocate(server, built, folder)
}

/** Makes the files of an empty cluster in `data`, with a superuser `postgres`; half a second. */
export async function makeCluster(bin: string, data: string, passwordFile: string): Promise<void> {
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C'
  const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', `--locale=${locale}`]
  const [program, user] = [join(bin, executable('initdb')), runAs() ?? {}]
  await execute(program, [...args, '--no-sync', `--pwfile=${passwordFile}`], { ...user, cwd: dirname(data) })
}

/** The program of the server itself. */
export const serverProgram = (bin: string): string => join(bin, executable('postgres'))
