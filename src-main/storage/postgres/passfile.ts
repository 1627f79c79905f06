/** libpq's password file, `.pgpass`. https://www.postgresql.org/docs/current/libpq-pgpass.html. Server thread, command line. */
import { readFile, stat } from 'node:fs/promises'
import { isFileSystemError } from './file-error'

/** Who is asked for a password. */
export interface PassfileKey {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/** A password file that is there and is not used, and why. */
export type PassfileFault = 'not-a-file' | 'readable-by-others' | 'unreadable'

/** Where libpq's default socket lies: Debian's and PostgreSQL's own. Such a host is `localhost` in the file. */
const defaultSocketFolders = ['/var/run/postgresql', '/tmp']

/** The first password in `path` that fits; none where there is no such file or no such line. */
export async function passwordFromFile(
  path: string,
  key: PassfileKey,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  if ((await passfileFault(path, platform)) !== undefined) return undefined
  try {
    return findPassword(await readFile(path, 'utf8'), key)
  } catch (error) {
    if (isFileSystemError(error)) return undefined
    throw error
  }
}

/** Why libpq would pass the file over; `undefined` for a file that is used or not there. */
export async function passfileFault(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<PassfileFault | undefined> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return 'not-a-file'
    // Windows keeps %APPDATA% to its user, and knows no such bits.
    if (platform !== 'win32' && (found.mode & 0o077) !== 0) return 'readable-by-others'
    return undefined
  } catch (error) {
    if (!isFileSystemError(error)) throw error
    return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? undefined : 'unreadable'
  }
}

/** The same in the text of such a file: lines `host:port:database:user:password`, `*` for any, `\` before `:` and `\`. */
export function findPassword(text: string, { host, port, database, user }: PassfileKey): string | undefined {
  const wanted = [defaultSocketFolders.includes(host) ? 'localhost' : host, String(port), database, user]
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue
    const fields = splitFields(line.replace(/\r$/, ''))
    const password = fields[4]
    if (password === undefined) continue
    const fits = wanted.every(
      (value, index) => fields[index] === '*' || unescaped(fields[index] ?? '') === value,
    )
    if (fits) return unescaped(password)
  }
  return undefined
}

/** At the colons that no backslash stands before. The escapes are left: `\*` is a name, `*` is any. */
const splitFields = (line: string) => {
  const fields = ['']
  for (const [piece] of line.matchAll(/\\.|[^\\]|\\$/gsu)) {
    if (piece === ':') fields.push('')
    else fields[fields.length - 1] += piece
  }
  return fields
}

const unescaped = (field: string) => field.replaceAll(/\\(.)/gsu, '$1')
