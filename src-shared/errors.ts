/** The errors that cross a boundary: one union of codes, one class, one wire form. Every process. */
import { z } from 'zod'

/** Whose fault a code is: what the user gave us, what surrounds us, or Visor itself. */
type Fault = 'input' | 'environment' | 'internal'

/** Every error code Visor raises. Decisions are taken on the code, never on the text. */
const errorCodes = {
  // what the user gave us
  'invalid-argument': 'input',
  'not-found': 'input',
  conflict: 'input',
  'person-twice': 'input',
  'file-missing': 'input',
  'file-changed': 'input',
  'file-unreadable': 'input',
  'file-empty': 'input',
  'file-too-large': 'input',
  'format-unsupported': 'input',
  'source-unfit': 'input',
  'tables-unknown': 'input',
  'image-corrupt': 'input',
  'image-too-many-pixels': 'input',
  'no-face': 'input',
  'several-faces': 'input',
  'set-aside': 'input',
  cancelled: 'input',
  // what surrounds us
  'deadline-exceeded': 'environment',
  'disk-full': 'environment',
  'read-only': 'environment',
  'data-folder-in-use': 'environment',
  'database-newer': 'environment',
  'schema-pending': 'environment',
  'database-corrupt': 'environment',
  'migration-tampered': 'environment',
  'model-missing': 'environment',
  'model-corrupt': 'environment',
  'consent-required': 'environment',
  'network-unreachable': 'environment',
  'download-corrupt': 'environment',
  'vision-crashed': 'environment',
  'vision-unavailable': 'environment',
  'store-unavailable': 'environment',
  'capacity-exceeded': 'environment',
  'server-unreachable': 'environment',
  'server-insecure': 'environment',
  'server-login': 'environment',
  'server-unfit': 'environment',
  'rights-missing': 'environment',
  // us
  forbidden: 'internal',
  internal: 'internal',
} as const satisfies Record<string, Fault>

export type ErrorCode = keyof typeof errorCodes

/** An error as it is written on a channel or printed by the command line. */
export const wireErrorSchema = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** What happened, one sentence. */
  message: z.string(),
  /** What that means for the user's work. */
  consequence: z.string().optional(),
  /** What to do now. */
  remedy: z.string().optional(),
  /** The technical detail, to fold out and copy. Never biometric data, never a secret. */
  detail: z.string().optional(),
})
export type WireError = z.infer<typeof wireErrorSchema>

interface VisorErrorOptions {
  readonly cause?: unknown
  readonly consequence?: string | undefined
  readonly remedy?: string | undefined
  readonly detail?: string | undefined
}

/** The one error class: a code that programs read and three short sentences that people read. */
export class VisorError extends Error {
  override readonly name = 'VisorError'
  readonly code: ErrorCode
  readonly consequence: string | undefined
  readonly remedy: string | undefined
  readonly detail: string | undefined

  constructor(code: ErrorCode, message: string, options: VisorErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.consequence = options.consequence
    this.remedy = options.remedy
    this.detail = options.detail
  }

  get fault(): Fault {
    return errorCodes[this.code]
  }
}

/** Whether `error` is a {@link VisorError} with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof VisorError && error.code === code
}

/** The code that Node, the system or a library put on an error: `ENOENT`, `SQLITE_FULL`, …; `undefined` where there is none. */
export function systemCodeOf(error: unknown): string | undefined {
  if (error instanceof VisorError || !(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Whether a file could not be written because the disk, or the user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  const code = systemCodeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The wire form of anything that was thrown. What is not a {@link VisorError} becomes `internal`. */
export function toWireError(error: unknown): WireError {
  if (error instanceof VisorError) {
    const { code, message, consequence, remedy } = error
    const detail = error.detail ?? (error.cause instanceof Error ? error.cause.message : undefined)
    return {
      code,
      message,
      ...(consequence === undefined ? {} : { consequence }),
      ...(remedy === undefined ? {} : { remedy }),
      ...(detail === undefined ? {} : { detail }),
    }
  }
  return {
    code: 'internal',
    message: 'Visor made a mistake.',
    consequence: 'What you asked for was not done; nothing else was changed.',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}

/** The {@link VisorError} of a wire form. */
export function fromWireError(wire: WireError): VisorError {
  return new VisorError(wire.code, wire.message, wire)
}
