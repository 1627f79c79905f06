/** libpq's service files, `pg_service.conf`. https://www.postgresql.org/docs/current/libpq-pgservice.html. Server thread, command line. */
import { readFile } from 'node:fs/promises'
import { VisorError } from '../../../src-shared/errors'
import { isFileSystemError } from './file-error'

/** The parameters of `service` in the first of these files that has it. Raises `not-found`, `invalid-argument`. */
export async function readService(service: string, files: readonly string[]): Promise<Map<string, string>> {
  for (const file of files) {
    const text = await textOf(file)
    const parameters = text === undefined ? undefined : parseService(text, service, file)
    if (parameters !== undefined) return parameters
  }
  throw new VisorError('not-found', `There is no service “${service}”.`, {
    consequence: 'Visor does not know which server is meant.',
    remedy: 'Write it to the service file, or name another.',
    detail: files.join('\n'),
  })
}

/** The section `[service]` of a file's text; `undefined` where there is none. Raises `invalid-argument` with the line. */
export function parseService(text: string, service: string, file: string): Map<string, string> | undefined {
  let parameters: Map<string, string> | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      // The first section of that name is the one; what follows it is another's.
      if (parameters !== undefined) return parameters
      if (line === `[${service}]`) parameters = new Map()
    } else if (parameters !== undefined) {
      const at = line.indexOf('=')
      const name = line.slice(0, at)
      // `ldap://…` is an address to fetch the rest from, which libpq does and Visor does not.
      if (at === -1 || name === 'service') {
        throw new VisorError('invalid-argument', 'The service file has a line that Visor cannot read.', {
          remedy: 'Write “name=value” there.',
          detail: `${file}, line ${index + 1}`,
        })
      }
      // libpq keeps the first of two.
      if (!parameters.has(name)) parameters.set(name, line.slice(at + 1))
    }
  }
  return parameters
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (!isFileSystemError(error)) throw error
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new VisorError('file-unreadable', 'The service file cannot be read.', {
      cause: error,
      detail: file,
    })
  }
}
