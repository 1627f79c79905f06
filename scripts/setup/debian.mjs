/** Packages of Debian and its kin. Set-up scripts, system Node. */
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { runLogged, tail } from './child.mjs'
import { SetUpFailure } from './failure.mjs'

const execute = promisify(execFile)

/** Is there a program of this name on the path? */
export function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Is this Debian, or one of its kin? */
export const isDebian = () => existsSync('/etc/debian_version') && isOnPath('apt-get')

/** May we install packages here? */
export const canInstall = () => isDebian() && process.getuid() === 0

/** The line that installs `packages`, for a person to type. */
export const installLine = (packages) => `apt-get install -y --no-install-recommends ${packages.join(' ')}`

const waitForOthers = ['-o', 'DPkg::Lock::Timeout=300']

/** Which of a package's two names this release has: newer ones renamed some with a `t64` at the end. */
async function nameHere(name) {
  const pattern = `^${name}t64$`.replaceAll('.', '\\.')
  const { stdout } = await execute('apt-cache', ['search', '--names-only', pattern])
  return stdout.trim() === '' ? name : `${name}t64`
}

/** Fetches the lists of what there is to install. */
export async function updateLists() {
  await runLogged('apt-update', 'apt-get', [...waitForOthers, 'update'])
}

/** The version that would be installed, or `null` where this release has no such package. */
export async function candidateVersion(name) {
  const { stdout } = await execute('apt-cache', ['policy', name], { env: { ...process.env, LC_ALL: 'C' } })
  const version = stdout.match(/^ {2}Candidate: (\S+)$/m)?.[1]
  return version === undefined || version === '(none)' ? null : version
}

/** Installs packages as root; `meaning` says what lacks without them. */
export async function installPackages(packages, meaning) {
  await updateLists()
  const names = await Promise.all(packages.map(nameHere))
  const args = [...waitForOthers, 'install', '-y', '--no-install-recommends', ...names]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { code, output, logFile } = await runLogged('apt-install', 'apt-get', args, { env })
  if (code !== 0) {
    throw new SetUpFailure(
      `apt-get could not install ${names.join(', ')} (exit code ${code}).\n${tail(output)}`,
      meaning,
      `Install them by hand: ${installLine(names)}\nThe whole log: ${logFile}`,
    )
  }
}

/**
 * Fetches a file of the archive that apt is set to, at `path` below the archive's base, and verifies it. Resolves to
 * whether one of the archives had exactly this file.
 */
export async function fetchFromArchive(path, sha256, file) {
  const { stdout } = await execute('apt-get', ['indextargets', '--format', '$(REPO_URI)'])
  for (const base of new Set(stdout.split('\n').filter((line) => line !== ''))) {
    const args = ['download-file', new URL(path, base).href, file, `SHA256:${sha256}`]
    const { code } = await runLogged('apt-download', '/usr/lib/apt/apt-helper', args)
    if (code === 0) return true
  }
  return false
}

/** Unpacks a package's files into `folder` without installing it; needs no rights. Resolves to whether it went through. */
export async function unpackPackage(name, folder) {
  const { code } = await runLogged('apt-download', 'apt-get', ['download', name], { cwd: folder })
  if (code !== 0) return false
  const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`))
  await execute('dpkg-deb', ['--extract', join(folder, archive), folder])
  return true
}
