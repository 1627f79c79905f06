/** Tries a connection step by step and says what is wrong and how to mend it. Server thread, command line. */

import net from 'node:net'
import tls from 'node:tls'
import pg from 'pg'
import { durationText } from '../../../src-shared/amounts'
import { VisorError } from '../../../src-shared/errors'
import type { ServerConnection } from '../../../src-shared/server'
import { ServerError, type ServerFailure } from '../../../src-shared/server-failure'
import {
  type ServerTestReport,
  type ServerTestStep,
  type ServerTestStepId,
  serverTestSteps,
} from '../../../src-shared/server-test'
import { clientFor, type ServerClient } from './connect'
import { placeOf, resolveServer, type ServerTarget, type Surroundings } from './conninfo'
import { serverErrorOf } from './failures'
import { lookAtDatabase } from './look-at-database'
import type { PassfileFault } from './passfile'

/** A certificate that ends sooner is told of. */
const renewalDays = 14
const dayMs = 24 * 60 * 60 * 1000

/** The statements of the test take milliseconds; nobody waits for them as for a search. */
const statementTimeoutMs = 10_000

export interface ConnectionTest {
  /** Typed, or from the key store. */
  readonly password?: string | undefined
  /** Told of each step when it is through. */
  readonly onStep?: (step: ServerTestStep) => void
  /** A test's own environment. */
  readonly surroundings?: Surroundings
}

/** Never raises what a server or the settings can be to blame for: that is the report. */
export async function testConnection(
  settings: ServerConnection,
  { password, onStep, surroundings }: ConnectionTest = {},
): Promise<ServerTestReport> {
  const steps: ServerTestStep[] = []
  const report = (...found: ServerTestStep[]) => {
    for (const step of found) {
      steps.push(step)
      onStep?.(step)
    }
  }
  const ended = (error: VisorError | null): ServerTestReport => {
    for (const id of serverTestSteps.slice(steps.length)) {
      report(skipped(id))
    }
    const worst = (['fail', 'warn'] as const).find((state) => steps.some((step) => step.state === state))
    return {
      steps,
      state: worst ?? 'pass',
      failure: error instanceof ServerError ? error.failure : null,
      detail: error?.detail ?? null,
    }
  }

  let target: ServerTarget
  try {
    target = await resolveServer(settings, password, surroundings)
  } catch (error) {
    if (!(error instanceof VisorError)) throw error
    report(failed('settings', error, null))
    return ended(error)
  }
  report(settingsStep(target))

  let client: ServerClient
  try {
    client = await clientFor(target, { vector: 'optional', statementTimeoutMs })
  } catch (cause) {
    const error = serverErrorOf(cause, undefined, 'connecting')
    const at = stepOf(error.failure)
    report(...before(at, error.failure), failed(at, error, copyFor(at, target)))
    return ended(error)
  }
  try {
    report(...connectedSteps(client, target), await loginStep(client, target))
    report(...(await lookAtDatabase(client)))
    return ended(null)
  } catch (cause) {
    const error = serverErrorOf(cause)
    report(failed(serverTestSteps[steps.length] ?? 'rights', error, null))
    return ended(error)
  } finally {
    await client.end()
  }
}

const passed = (id: ServerTestStepId, sentence: string, figure: string | null = null): ServerTestStep => ({
  id,
  state: 'pass',
  sentence,
  figure,
  next: null,
})

const skipped = (id: ServerTestStepId): ServerTestStep => ({
  id,
  state: 'skipped',
  sentence: 'Not looked at.',
  figure: null,
  next: null,
})

const failed = (id: ServerTestStepId, error: VisorError, copy: string | null): ServerTestStep => ({
  id,
  state: 'fail',
  sentence: error.message,
  figure: null,
  next: error.remedy === undefined ? null : { text: error.remedy, copy },
})

/** The step that a failure of connecting belongs to. */
function stepOf(failure: ServerFailure): ServerTestStepId {
  switch (failure.kind) {
    case 'unreachable':
      return failure.reason === 'name' ? 'address' : 'reach'
    case 'tls':
      return 'tls'
    case 'password':
    case 'rights':
    case 'other':
      return 'login'
    case 'database':
      return 'database'
    case 'version-too-old':
      return 'version'
    case 'read-only':
      return 'writes'
    default:
      return 'reach'
  }
}

const plainSentences: Partial<Record<ServerTestStepId, string>> = {
  address: 'The name has an address.',
  reach: 'The server answers.',
  tls: 'The connection came about.',
  login: 'The server lets us in.',
  database: 'The database is there.',
  version: 'The version is new enough.',
}

/** The steps before the one that failed: they went well, unless it failed on our own files, before any of them. */
function before(step: ServerTestStepId, failure: ServerFailure): ServerTestStep[] {
  const ownFiles = failure.kind === 'tls' && failure.reason.startsWith('file-')
  return serverTestSteps
    .slice(1, serverTestSteps.indexOf(step))
    .map((id) => (ownFiles ? skipped(id) : passed(id, plainSentences[id] ?? 'In order.')))
}

function copyFor(
  step: ServerTestStepId,
  { hosts: [{ host, port }], database, user }: ServerTarget,
): string | null {
  if (step === 'reach') return `pg_isready -h ${host} -p ${port}`
  if (step === 'database') {
    return `CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(user)};`
  }
  return null
}

function settingsStep({ hosts, database, user, origins }: ServerTarget): ServerTestStep {
  const places = hosts.map(placeOf).join(', ')
  const words = {
    settings: null,
    service: 'the service file',
    environment: 'the environment',
    default: 'PostgreSQL’s defaults',
  }
  const others = [...new Set(Object.values(origins).flatMap((origin) => words[origin] ?? []))]
  const from = others.length === 0 ? '' : ` Some of it comes from ${others.join(' and ')}.`
  return passed('settings', `User ${user}, database ${database}.${from}`, places)
}

function connectedSteps(client: ServerClient, target: ServerTarget): ServerTestStep[] {
  const { stream } = client.connection
  const address = stream instanceof net.Socket ? (stream.remoteAddress ?? null) : null
  const { reachMs = 0, secureMs } = client.times ?? {}
  const place = placeOf(client)
  return [
    passed('address', address === null ? 'A socket of this machine.' : 'The name has an address.', address),
    passed('reach', `The server answers at ${place}.`, durationText(reachMs)),
    stream instanceof tls.TLSSocket ? securedStep(stream, target, secureMs ?? 0) : plainStep(address, target),
  ]
}

function securedStep(stream: tls.TLSSocket, { sslMode }: ServerTarget, secureMs: number): ServerTestStep {
  const figure = `${stream.getProtocol() ?? 'TLS'}, ${durationText(secureMs)}`
  const certificate = stream.getPeerX509Certificate()
  const endsAt = certificate === undefined ? Number.POSITIVE_INFINITY : Date.parse(certificate.validTo)
  if (endsAt - Date.now() < renewalDays * dayMs) {
    return {
      id: 'tls',
      state: 'warn',
      sentence:
        endsAt < Date.now()
          ? 'The connection is encrypted, but the certificate of the server has expired.'
          : `The connection is encrypted; the certificate of the server ends on ${new Date(endsAt).toISOString().slice(0, 10)}.`,
      figure,
      next: { text: 'Have it renewed.', copy: null },
    }
  }
  if (sslMode === 'verify-full')
    return passed('tls', 'The connection is encrypted, and the server is who it says.', figure)
  return {
    id: 'tls',
    state: 'warn',
    sentence:
      sslMode === 'verify-ca'
        ? 'The connection is encrypted, and the certificate is signed by the right authority, but its name is not checked.'
        : 'The connection is encrypted, but whose server it is was not checked.',
    figure,
    next: { text: 'Choose the mode “verify-full”, with the root certificate of who signed it.', copy: null },
  }
}

function plainStep(address: string | null, { sslMode }: ServerTarget): ServerTestStep {
  const own = address === null || address === '::1' || /^(::ffff:)?127\./.test(address)
  if (own) return passed('tls', 'Not encrypted, and need not be: the server is this machine.', 'none')
  return {
    id: 'tls',
    state: 'warn',
    sentence: 'Not encrypted: faces and names can be read on the way.',
    figure: 'none',
    next: {
      text:
        sslMode === 'disable' || sslMode === 'allow'
          ? 'Choose the mode “verify-full”, or “require” at least.'
          : 'Have TLS turned on at the server (ssl = on), then choose the mode “verify-full”.',
      copy: null,
    },
  }
}

const faults: Readonly<Record<PassfileFault, { readonly sentence: string; readonly text: string }>> = {
  'readable-by-others': {
    sentence: 'The server lets us in. The password file is not used: others can read it.',
    text: 'Keep it to yourself.',
  },
  'not-a-file': {
    sentence: 'The server lets us in. The password file is not used: it is no file.',
    text: 'Name a file, or none.',
  },
  unreadable: {
    sentence: 'The server lets us in. The password file is not used: it cannot be read.',
    text: 'Check who owns it.',
  },
}

async function loginStep({ times }: ServerClient, { user, password }: ServerTarget): Promise<ServerTestStep> {
  const fault = await password.fault()
  const figure = times === undefined ? null : durationText(times.loginMs)
  if (fault === undefined) return passed('login', `The server lets ${user} in.`, figure)
  const { sentence, text } = faults[fault]
  const copy =
    fault === 'readable-by-others' ? `chmod 600 '${password.passfile.replaceAll("'", `'\\''`)}'` : null
  return { id: 'login', state: 'warn', sentence, figure, next: { text, copy } }
}
