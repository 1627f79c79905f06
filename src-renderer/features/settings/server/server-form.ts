/** The form of a connection: fields and a URL that stay in step. Plain values, no requests. Renderer. */
import { hasCode, VisorError } from '../../../../src-shared/errors'
import { defaultServerConnection, type ServerConnection } from '../../../../src-shared/server'
import { hostsOf, withServerText } from '../../../../src-shared/server-parameters'
import { parseServerText, serverUrl } from '../../../../src-shared/server-url'

/** What of it is text that may be half typed. */
type TextField = 'url' | 'host' | 'port'

export interface ServerForm {
  readonly connection: ServerConnection
  readonly text: Readonly<Record<TextField, string>>
  /** Why what was typed cannot be used; the connection is as before then. */
  readonly problem: Readonly<Partial<Record<TextField, string>>>
  /** Typed or taken out of a URL; '' where the one that Visor has is meant. */
  readonly password: string
  /** What there is to know about the URL that was given. */
  readonly note: string | undefined
}

const hostText = ({ hosts }: ServerConnection) => hosts.map(({ host }) => host).join(',')

/** One port where all hosts have the same, as libpq reads it. */
function portText({ hosts }: ServerConnection): string {
  const ports = hosts.map(({ port }) => (port === null ? '' : String(port)))
  return new Set(ports).size === 1 ? (ports[0] ?? '') : ports.join(',')
}

/** Nothing where nothing is said. */
function urlText(connection: ServerConnection): string {
  const url = serverUrl(connection)
  return url === 'postgresql://' ? '' : url
}

/** The form of what is kept. */
export function formOf(connection: ServerConnection): ServerForm {
  const text = { url: urlText(connection), host: hostText(connection), port: portText(connection) }
  return { connection, text, problem: {}, password: '', note: undefined }
}

/** A field was changed; the URL follows. */
export function withFields(form: ServerForm, patch: Partial<ServerConnection>): ServerForm {
  const connection = { ...form.connection, ...patch }
  const { url: _, ...problem } = form.problem
  return { ...form, connection, problem, note: undefined, text: { ...form.text, url: urlText(connection) } }
}

/** Hosts or ports were typed, by commas where there are several. */
export function withHosts(form: ServerForm, field: 'host' | 'port', typed: string): ServerForm {
  const text = { ...form.text, [field]: typed }
  const { host: _, port: __, ...rest } = form.problem
  try {
    const changed = withFields(form, { hosts: hostsOf(text.host.replaceAll(/\s/g, ''), text.port.trim()) })
    return { ...changed, problem: rest, text: { ...text, url: changed.text.url } }
  } catch (error) {
    return { ...form, text, problem: { ...rest, [field]: sentenceOf(error) } }
  }
}

/** A URL (or `host=… dbname=…`) was typed or pasted; the fields follow. A password in it goes to its own field. */
export function withUrl(form: ServerForm, typed: string): ServerForm {
  const { pool, passwordIn } = form.connection
  const base = { ...defaultServerConnection, pool, passwordIn }
  if (typed.trim() === '') return { ...formOf(base), password: form.password }
  try {
    const { settings, password, ignored } = parseServerText(typed)
    const next = formOf(withServerText(base, settings))
    const notes = [
      password === null ? '' : 'The password was taken out of it, into the field below.',
      ignored.length === 0 ? '' : `Not used by Visor: ${ignored.join(', ')}.`,
    ].filter((note) => note !== '')
    return {
      ...next,
      text: { ...next.text, url: password === null ? typed : next.text.url },
      password: password ?? form.password,
      note: notes.length === 0 ? undefined : notes.join(' '),
    }
  } catch (error) {
    return {
      ...form,
      text: { ...form.text, url: typed },
      problem: { url: sentenceOf(error) },
      note: undefined,
    }
  }
}

export const isSound = ({ problem }: ServerForm): boolean => Object.keys(problem).length === 0

/** Whether there is anything to save. */
export const isChanged = (form: ServerForm, kept: ServerConnection): boolean =>
  form.password !== '' || JSON.stringify(form.connection) !== JSON.stringify(kept)

function sentenceOf(error: unknown): string {
  if (!(error instanceof VisorError) || !hasCode(error, 'invalid-argument')) throw error
  return error.message
}
