/** Why a PostgreSQL server did not do what it was asked, as programs read it. Every process. */
import { z } from 'zod'
import { fromWireError, toWireError, VisorError, type WireError, wireErrorSchema } from './errors'

/**
 * Whether the same may be asked again: `safe`, as it was not done and may well succeed; `unknown`, as it may have been done
 * (only what can be applied twice is asked again); `no`, as it would fail again.
 */
const retrySchema = z.enum(['safe', 'unknown', 'no'])

const common = {
  /** The server cannot be used for the time being, through nobody's mistake at this desk: answers come from the cache. */
  outage: z.boolean(),
  retry: retrySchema,
  /** PostgreSQL's code, where the server answered. https://www.postgresql.org/docs/current/errcodes-appendix.html */
  sqlState: z.string().nullable(),
}

export const serverFailureSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('unreachable'),
    reason: z.enum([
      /** Nobody listens there. */
      'refused',
      /** The name has no address. */
      'name',
      'no-route',
      /** This machine does not let us. */
      'forbidden',
      /** No answer in time, before or after the log-in. */
      'timeout',
      'reset',
      /** The server ended the connection without a word. */
      'closed',
      /** Something answers that is no PostgreSQL. */
      'not-postgres',
    ]),
    ...common,
  }),
  z.object({
    kind: z.literal('tls'),
    reason: z.enum([
      'not-offered',
      /** Signed by nobody that is trusted here. */
      'untrusted',
      'expired',
      'not-yet-valid',
      'wrong-host',
      'revoked',
      /** No common ground, or the server refused our certificate. */
      'handshake',
      /** A certificate or key file of ours is missing, unreadable, or open to others. */
      'file-missing',
      'file-unfit',
      'file-open-to-others',
    ]),
    ...common,
  }),
  z.object({
    kind: z.literal('password'),
    /** `not-admitted`: the server lets nobody in this way, whatever the password. */
    reason: z.enum(['wrong', 'missing', 'not-admitted', 'method']),
    ...common,
  }),
  z.object({ kind: z.literal('database'), ...common }),
  z.object({ kind: z.literal('extension-missing'), ...common }),
  z.object({
    kind: z.literal('version-too-old'),
    what: z.enum(['server', 'pgvector']),
    found: z.string(),
    needed: z.string(),
    ...common,
  }),
  z.object({ kind: z.literal('rights'), ...common }),
  z.object({ kind: z.literal('read-only'), ...common }),
  z.object({ kind: z.literal('disk-full'), ...common }),
  z.object({
    kind: z.literal('too-many-connections'),
    /** Whose limit it was: the server's, or this console's pool. */
    where: z.enum(['server', 'console']),
    ...common,
  }),
  /** Ended by the statement time-out, or because somebody asked for it. */
  z.object({ kind: z.literal('cancelled'), ...common }),
  z.object({ kind: z.literal('shutdown'), ...common }),
  /** Two transactions were in each other's way. */
  z.object({ kind: z.literal('serialization'), ...common }),
  z.object({
    kind: z.literal('constraint'),
    type: z.enum(['unique', 'foreign-key', 'not-null', 'check', 'exclusion', 'other']),
    /** The constraint's name, where it has one. */
    name: z.string().nullable(),
    ...common,
  }),
  z.object({ kind: z.literal('other'), ...common }),
])
export type ServerFailure = z.infer<typeof serverFailureSchema>

type WithoutCommon<F> = F extends ServerFailure ? Omit<F, keyof typeof common> : never
/** A failure without what follows from its kind. */
export type ServerFailureCore = WithoutCommon<ServerFailure>

/** A failure of the server with its kind, for decisions, and the sentences of a {@link VisorError}, for people. */
export class ServerError extends VisorError {
  readonly failure: ServerFailure

  /** `told`: also the wire form of one that another thread raised. */
  constructor(failure: ServerFailure, told: WireError) {
    super(told.code, told.message, told)
    this.failure = failure
  }
}

/** An error as one thread sends it to another: its sentences, and the kind of a server's failure. */
export const sentErrorSchema = z.object({ told: wireErrorSchema, failure: serverFailureSchema.optional() })
export type SentError = z.infer<typeof sentErrorSchema>

/** Anything that was thrown, as it is sent. */
export function toSentError(error: unknown): SentError {
  const told = toWireError(error)
  return error instanceof ServerError ? { told, failure: error.failure } : { told }
}

/** The error that was sent. */
export function fromSentError({ told, failure }: SentError): VisorError {
  return failure === undefined ? fromWireError(told) : new ServerError(failure, told)
}
