/** What the status bar and the settings pages show of the program's parts. */
import { z } from 'zod'
import { wireErrorSchema } from './errors'
import { jobIdSchema, modelIdSchema } from './ids'
import { providerSchema } from './model-pack'
import { serverStateSchema, storeModeSchema } from './store-mode'
import { storeRightsSchema } from './store-rights'

/**
 * `starting` → `ready` ⇄ `restarting` → `failed` (five restarts in ten minutes: only *Try again* leaves it);
 * `no-model` until the pack's files are there.
 */
const visionStateSchema = z.enum(['no-model', 'starting', 'ready', 'restarting', 'failed', 'stopped'])
export type VisionState = z.infer<typeof visionStateSchema>

const visionStatusSchema = z.object({
  state: visionStateSchema,
  pid: z.number().int().positive().optional(),
  restarts: z.number().int().nonnegative(),
  /** Why it is not ready. */
  error: wireErrorSchema.optional(),
  modelId: modelIdSchema.optional(),
  packId: z.string().optional(),
  packTitle: z.string().optional(),
  provider: providerSchema.exclude(['auto']).optional(),
  providerNote: z.string().optional(),
})
export type VisionStatus = z.infer<typeof visionStatusSchema>

const storeStatusSchema = z.object({
  state: z.enum(['opening', 'ready', 'failed']),
  mode: storeModeSchema,
  /** Of server mode. */
  server: serverStateSchema.nullable(),
  /** What it is, for people: `SQLite 3.50`. */
  engine: z.string(),
  persons: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  /** What whoever works here may do; `null` until it is known. */
  rights: storeRightsSchema.nullable(),
  error: wireErrorSchema.optional(),
})
export type StoreStatus = z.infer<typeof storeStatusSchema>

export const statusSchema = z.object({ vision: visionStatusSchema, store: storeStatusSchema })
export type Status = z.infer<typeof statusSchema>

/** Long work with progress: an enrolment, a download. */
export const jobSchema = z.object({
  jobId: jobIdSchema,
  kind: z.enum([
    'enrol-folder',
    'enrol-photos',
    'sample-gallery',
    'fetch-models',
    'export',
    'import',
    'add-files',
    'calibrate',
    'embed-again',
    'curate',
    'erase',
    'diagnose',
    'schema',
    'index',
    'compare',
  ]),
  title: z.string(),
  /** What is being done right now: a file name, say. */
  detail: z.string().optional(),
  /** 0 where the amount is not known yet. */
  total: z.number().nonnegative(),
  done: z.number().nonnegative(),
  unit: z.enum(['photos', 'bytes', 'files', 'people', 'steps', 'rows', 'rounds']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  remainingMs: z.number().nonnegative().optional(),
  /** What came of it, one sentence. */
  outcome: z.string().optional(),
  /** Photos that wait for somebody in Review since. */
  needsLook: z.number().int().positive().optional(),
  /** Files that were left out, with reasons. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })).optional(),
  error: wireErrorSchema.optional(),
})
export type Job = z.infer<typeof jobSchema>

export const packStatusSchema = z.object({
  id: z.string(),
  title: z.string(),
  detector: z.string(),
  embedder: z.string(),
  bytes: z.number().int(),
  licence: z.object({ name: z.string(), summary: z.string(), consentRequired: z.boolean() }),
  unproven: z.string().optional(),
  consentedAt: z.iso.datetime().optional(),
  /** `corrupt`: a file is there whose hash is wrong; it is never loaded. */
  state: z.enum(['present', 'missing', 'corrupt']),
  inUse: z.boolean(),
  /** The optional model that tells prints and screens, where the pack has one. */
  liveness: z
    .object({
      name: z.string(),
      bytes: z.number().int(),
      unproven: z.string(),
      state: z.enum(['present', 'missing', 'corrupt']),
    })
    .optional(),
})
export type PackStatus = z.infer<typeof packStatusSchema>

export const appInfoSchema = z.object({
  version: z.string(),
  electron: z.string(),
  node: z.string(),
  chromium: z.string(),
  platform: z.string(),
  dataFolder: z.string(),
  logFile: z.string(),
  /** Says so where the runtime is not the official build the release is made with. */
  runtimeNote: z.string().optional(),
})
export type AppInfo = z.infer<typeof appInfoSchema>
