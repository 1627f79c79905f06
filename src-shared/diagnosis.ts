/** A diagnosis of a store, or of its isolation from the vision process: checks, each with a sentence, a figure and a next step. Every process. */
import { z } from 'zod'
import { jobIdSchema } from './ids'

/** The store of this machine, or that of the server. */
export const storeSideSchema = z.enum(['local', 'server'])
export type StoreSide = z.infer<typeof storeSideSchema>

/** What is looked at: a store, or that the vision process and the stores do each other no harm. */
export const diagnosedSchema = z.enum([...storeSideSchema.options, 'isolation'])
export type Diagnosed = z.infer<typeof diagnosedSchema>

/** In the order in which they are shown. */
export const diagnosisGroups = {
  connection: 'Connection',
  database: 'Database',
  rights: 'Rights',
  search: 'Search',
  integrity: 'Integrity',
  contents: 'Contents',
  isolation: 'Isolation',
} as const
export type DiagnosisGroup = keyof typeof diagnosisGroups

/** Every check, in the order in which they are run; `on`: what it makes sense for. */
const checks = {
  connection: { title: 'Connection', group: 'connection', on: ['server'] },
  'round-trip': { title: 'Round trip', group: 'connection', on: ['server'] },
  clock: { title: 'Clock', group: 'connection', on: ['server'] },
  version: { title: 'Versions', group: 'database', on: ['server'] },
  file: { title: 'File', group: 'database', on: ['local'] },
  schema: { title: 'Schema', group: 'database', on: ['local', 'server'] },
  indexes: { title: 'Indexes', group: 'database', on: ['server'] },
  settings: { title: 'Server settings', group: 'database', on: ['server'] },
  disk: { title: 'Disk', group: 'database', on: ['local', 'server'] },
  rights: { title: 'Your rights', group: 'rights', on: ['server'] },
  logins: { title: 'Logins', group: 'rights', on: ['server'] },
  write: { title: 'Write and read', group: 'rights', on: ['server'] },
  self: { title: 'A face finds itself', group: 'search', on: ['local', 'server'] },
  latency: { title: 'Time of a search', group: 'search', on: ['local', 'server'] },
  'foreign-keys': { title: 'Foreign keys', group: 'integrity', on: ['server'] },
  orphans: { title: 'Orphans', group: 'integrity', on: ['local', 'server'] },
  uniqueness: { title: 'Uniqueness', group: 'integrity', on: ['local', 'server'] },
  vectors: { title: 'Vectors', group: 'integrity', on: ['local', 'server'] },
  ledger: { title: 'Ledger', group: 'integrity', on: ['local', 'server'] },
  counts: { title: 'Rows', group: 'contents', on: ['local', 'server'] },
  embed: { title: 'Embed only', group: 'isolation', on: ['isolation'] },
  search: { title: 'Search only', group: 'isolation', on: ['isolation'] },
  'embed-then-search': { title: 'Embed, then search', group: 'isolation', on: ['isolation'] },
  interleaved: { title: 'Interleaved', group: 'isolation', on: ['isolation'] },
  memory: { title: 'Memory', group: 'isolation', on: ['isolation'] },
  killed: { title: 'Killed in the middle', group: 'isolation', on: ['isolation'] },
  crashes: { title: 'Crashes', group: 'isolation', on: ['isolation'] },
} as const satisfies Record<
  string,
  { readonly title: string; readonly group: DiagnosisGroup; readonly on: readonly Diagnosed[] }
>
export const checkIdSchema = z.enum(Object.keys(checks) as [CheckId, ...CheckId[]])
export type CheckId = keyof typeof checks

/** The checks that are made of any of `D`. */
export type CheckOf<D extends Diagnosed> = {
  [I in CheckId]: Extract<(typeof checks)[I]['on'][number], D> extends never ? never : I
}[CheckId]
export type StoreCheckId = CheckOf<StoreSide>

/** The checks of what is looked at, in the order in which they are run. */
export const checksOf = <D extends Diagnosed>(diagnosed: D): readonly CheckOf<D>[] =>
  checkIdSchema.options.filter((id): id is CheckOf<D> =>
    (checks[id].on as readonly Diagnosed[]).includes(diagnosed),
  )

export const titleOf = (id: CheckId): string => checks[id].title
export const groupOf = (id: CheckId): DiagnosisGroup => checks[id].group

/** What a check found. Never names of people, embeddings or passwords. */
export const checkFindingSchema = z.object({
  /** `unchecked`: it could not be looked at, by no fault of the store; the sentence says why. */
  state: z.enum(['pass', 'warn', 'fail', 'unchecked']),
  sentence: z.string(),
  /** The one number that counts, with its unit. */
  figure: z.string().nullable(),
  next: z
    .object({
      text: z.string(),
      /** SQL, or a command for a terminal, to copy. */
      copy: z.string().nullable(),
    })
    .nullable(),
  /** What stands behind the figure. */
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }).nullable(),
})
export type CheckFinding = z.infer<typeof checkFindingSchema>

export const diagnosisCheckSchema = checkFindingSchema.extend({
  id: checkIdSchema,
  durationMs: z.number().nonnegative(),
})
export type DiagnosisCheck = z.infer<typeof diagnosisCheckSchema>

export const diagnosisSchema = z.object({
  diagnosed: diagnosedSchema,
  /** `host:port/database`, or the data folder; of an isolation check all that were searched. */
  place: z.string(),
  /** Visor's own. */
  version: z.string(),
  /** Unix ms. */
  startedAt: z.number(),
  /** Unix ms; `null` while it runs. */
  endedAt: z.number().nullable(),
  /** It was stopped before its end. */
  cancelled: z.boolean(),
  /** Those that are through, in order. */
  checks: z.array(diagnosisCheckSchema),
})
export type Diagnosis = z.infer<typeof diagnosisSchema>

/** The worst of what was found; `pass` where nothing was. */
export function worstOf(found: readonly Pick<CheckFinding, 'state'>[]): 'pass' | 'warn' | 'fail' {
  return (['fail', 'warn'] as const).find((state) => found.some((one) => one.state === state)) ?? 'pass'
}

type FindingParts = Partial<Pick<CheckFinding, 'figure' | 'next' | 'table'>>
const finding =
  (state: CheckFinding['state']) =>
  (sentence: string, { figure = null, next = null, table = null }: FindingParts = {}): CheckFinding => ({
    state,
    sentence,
    figure,
    next,
    table,
  })

export const passed = finding('pass')
export const warned = finding('warn')
export const failed = finding('fail')
export const unchecked = finding('unchecked')

/** How often an isolation check mixes photos and searches. */
export const isolationRounds = { least: 10, usual: 1000, most: 10_000 } as const
export const isolationRoundsSchema = z.number().int().min(isolationRounds.least).max(isolationRounds.most)

/**
 * Milliseconds after which a step of an isolation check ends, however many rounds it was to have: the mixture, and each other. With
 * what is in work then, the whole takes less than half an hour.
 */
export const isolationLimits = { longMs: 900_000, shortMs: 120_000 } as const
/**
 * Measured: a photo takes 48 ms of the processor's time (241 photos, two cores that had much else to do), so no longer than that where
 * a core is idle; 1.2 photos are embedded for a round.
 */
export const isolationEstimateMs = (rounds: number): number => 5000 + rounds * 1.2 * 48

/** What an isolation check does. */
export const isolationWishSchema = z.object({
  diagnosed: z.literal('isolation'),
  rounds: isolationRoundsSchema,
  /** Whether its vision process is killed in the middle. */
  kill: z.boolean(),
})
export type IsolationWish = z.infer<typeof isolationWishSchema>

/** What a diagnosis is asked for. */
export const diagnosisWishSchema = z.discriminatedUnion('diagnosed', [
  z.object({ diagnosed: storeSideSchema }),
  isolationWishSchema,
])
export type DiagnosisWish = z.infer<typeof diagnosisWishSchema>

/** What main knows of diagnoses. */
export const diagnosisStateSchema = z.object({
  /** The stores that can be diagnosed; the server where one is named in the settings. */
  places: z.array(z.object({ diagnosed: storeSideSchema, place: z.string() })),
  /** The one that runs, or was made last since Visor was started. */
  diagnosis: diagnosisSchema.nullable(),
  /** The check that is being made. */
  running: z.object({ jobId: jobIdSchema, check: checkIdSchema }).nullable(),
})
export type DiagnosisState = z.infer<typeof diagnosisStateSchema>
