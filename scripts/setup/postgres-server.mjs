/** Finding a PostgreSQL server's programs, and installing them on Debian. Set-up scripts, system Node. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { canInstall, installLine, installPackages, isDebian } from './debian.mjs'
import { SetUpFailure } from './failure.mjs'

const execute = promisify(execFile)

/** The oldest major version that the server store works with. */
const oldestMajor = 14

/** A program's file name on this system. */
export const programFile = (name) => (process.platform === 'win32' ? `${name}.exe` : name)

const foldersIn = (folder) =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []

/** Where systems keep versions side by side: Debian, Red Hat's own builds, Homebrew (two places), Windows. */
function usualFolders() {
  const homebrew = ['/opt/homebrew/opt', '/usr/local/opt'].flatMap(foldersIn)
  const homes = [
    ...foldersIn('/usr/lib/postgresql'),
    ...foldersIn('/usr').filter((folder) => /\/pgsql-\d+$/.test(folder)),
    ...homebrew.filter((folder) => /\/postgresql(@\d+)?$/.test(folder)),
    ...foldersIn(join(process.env.ProgramFiles ?? 'C:\\Program Files', 'PostgreSQL')),
  ]
  return homes.map((home) => join(home, 'bin'))
}

/** Where the first `pg_config` on the path says that the programs are: it may lie elsewhere than they. */
async function configuredFolder() {
  try {
    const { stdout } = await execute('pg_config', ['--bindir'])
    return [stdout.trim()]
  } catch (error) {
    // It comes with the headers, which need not be here, or it is a wrapper that finds no version.
    if (error.code === 'ENOENT' || typeof error.code === 'number') return []
    throw error
  }
}

/** The server whose programs are in `bin`, or `null` where they are not all there or too old. */
async function serverIn(bin) {
  if (!['postgres', 'initdb', 'pg_config'].every((name) => existsSync(join(bin, programFile(name)))))
    return null
  const wanted = ['--version', '--sharedir', '--pkglibdir', '--includedir-server']
  const { stdout } = await execute(join(bin, programFile('pg_config')), wanted)
  const [title, share, library, headers] = stdout.trim().split(/\r?\n/)
  const version = title.match(/\d+(\.\d+)*/)?.[0]
  const major = Number.parseInt(version ?? '', 10)
  return major >= oldestMajor ? { version, major, bin, share, library, headers } : null
}

/**
 * Every server that is installed and new enough, the newest first: `{version, major, bin, share, library, headers}`, the last
 * four being folders; that of the headers need not be there.
 */
export async function findServers() {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const folders = [...new Set([...onPath, ...(await configuredFolder()), ...usualFolders()])]
  const servers = await Promise.all(folders.map(serverIn))
  return servers.filter((server) => server !== null).toSorted((a, b) => b.major - a.major)
}

/** Installs the server that this release of Debian has. Resolves to `null`, or to why it could not be done, one line. */
export async function installServer() {
  if (!canInstall()) {
    const remedy = isDebian() ? `: sudo ${installLine(['postgresql', 'gcc', 'make', 'libc6-dev'])}` : ''
    return `no server is installed, and only root can do that${remedy}`
  }
  try {
    await installPackages(['postgresql'], 'The server store is tested against it.')
    return null
  } catch (error) {
    if (error instanceof SetUpFailure) return error.message.split('\n')[0]
    throw error
  }
}
