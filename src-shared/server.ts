/** How the connection to a PostgreSQL server is described. It never holds a password. Every process. */
import { z } from 'zod'

/** libpq's modes, from none to full. https://www.postgresql.org/docs/current/libpq-ssl.html */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export const sslModeSchema = z.enum(sslModes)
export type SslMode = z.infer<typeof sslModeSchema>

/** Which of several servers will do: any, one that can be written to, or one that is no standby. */
export const targetSessionSchema = z.enum(['any', 'read-write', 'primary'])
export type TargetSession = z.infer<typeof targetSessionSchema>

// Control characters are in no name or path that a server knows; a comma would part the host into two.
const text = (maximum: number) =>
  z
    .string()
    .min(1)
    .max(maximum)
    .refine((value) => !/\p{Cc}/u.test(value))

export const portSchema = z.number().int().min(1).max(65_535)
export const serverHostSchema = z.object({
  /** A name, an address, or (from `/`) the folder of a Unix socket. */
  host: text(255).refine((value) => !value.includes(',')),
  /** `null`: what `PGPORT` says, else 5432. */
  port: portSchema.nullable(),
})
export type ServerHost = z.infer<typeof serverHostSchema>

/** How Visor gets the password; it is never a part of the settings. */
export const passwordInSchema = z.enum(['system-store', 'ask-each-time', 'environment'])
export type PasswordIn = z.infer<typeof passwordInSchema>

const sizeSchema = z.number().int().min(1).max(64)
const connectTimeoutMsSchema = z.number().int().min(250).max(120_000)
const statementTimeoutMsSchema = z.number().int().min(0).max(3_600_000)
const keepAliveIdleSecondsSchema = z.number().int().min(5).max(7200)
const recycleAfterSecondsSchema = z.number().int().min(0).max(604_800)
const recycleAfterUsesSchema = z.number().int().min(0).max(10_000_000)

export const serverPoolSchema = z.object({
  /** Connections of this console at most. */
  size: sizeSchema.catch(8).default(8),
  /** For one host: from the first packet to the end of the log-in. */
  connectTimeoutMs: connectTimeoutMsSchema.catch(5000).default(5000),
  /** 0: none. The server ends what takes longer; where it is silent a second longer, the connection is given up. */
  statementTimeoutMs: statementTimeoutMsSchema.catch(30_000).default(30_000),
  keepAlive: z.boolean().catch(true).default(true),
  keepAliveIdleSeconds: keepAliveIdleSecondsSchema.catch(30).default(30),
  /** A connection this old is replaced by a new one; 0: never. */
  recycleAfterSeconds: recycleAfterSecondsSchema.catch(3600).default(3600),
  /** The same after so many uses; 0: never. */
  recycleAfterUses: recycleAfterUsesSchema.catch(0).default(0),
})
export type ServerPool = z.infer<typeof serverPoolSchema>

const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().catch(null).default(null)

/**
 * Where the server is and how to reach it. `null` and an empty list mean *not said*: then a service file, the environment
 * and PostgreSQL's own defaults decide, as in psql. A field that is broken falls back to its default.
 */
export const serverConnectionSchema = z.object({
  /** Tried in this order, at most 8. */
  hosts: z.array(serverHostSchema).max(8).catch([]).default([]),
  database: orNull(text(63)),
  user: orNull(text(63)),
  sslMode: orNull(sslModeSchema),
  /** A file, or `system` for the operating system's list. */
  sslRootCertificate: orNull(text(1024)),
  sslCertificate: orNull(text(1024)),
  sslKey: orNull(text(1024)),
  service: orNull(text(255)),
  passfile: orNull(text(1024)),
  /** `null`: what `PGAPPNAME` says, else `visor`. */
  applicationName: orNull(text(63)),
  targetSession: orNull(targetSessionSchema),
  pool: serverPoolSchema.catch(() => serverPoolSchema.parse({})).prefault({}),
  passwordIn: passwordInSchema.catch('system-store').default('system-store'),
})
export type ServerConnection = z.infer<typeof serverConnectionSchema>

/** Nothing said: what psql without arguments would connect to. */
export const defaultServerConnection: ServerConnection = serverConnectionSchema.parse({})

/** What a form or a channel sends: nothing falls back silently, a wrong value is refused. */
export const serverConnectionInputSchema = z.strictObject({
  hosts: z.array(serverHostSchema).max(8),
  database: text(63).nullable(),
  user: text(63).nullable(),
  sslMode: sslModeSchema.nullable(),
  sslRootCertificate: text(1024).nullable(),
  sslCertificate: text(1024).nullable(),
  sslKey: text(1024).nullable(),
  service: text(255).nullable(),
  passfile: text(1024).nullable(),
  applicationName: text(63).nullable(),
  targetSession: targetSessionSchema.nullable(),
  pool: z.strictObject({
    size: sizeSchema,
    connectTimeoutMs: connectTimeoutMsSchema,
    statementTimeoutMs: statementTimeoutMsSchema,
    keepAlive: z.boolean(),
    keepAliveIdleSeconds: keepAliveIdleSecondsSchema,
    recycleAfterSeconds: recycleAfterSecondsSchema,
    recycleAfterUses: recycleAfterUsesSchema,
  }),
  passwordIn: passwordInSchema,
})

/** The server as people name it: `host:port/database`. */
export function placeOf({ hosts, database, service }: ServerConnection): string {
  const named = hosts.map(({ host, port }) => (port === null ? host : `${host}:${port}`)).join(', ')
  const at = named === '' ? (service ?? 'the usual server') : named
  return database === null ? at : `${at}/${database}`
}
