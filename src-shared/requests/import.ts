/** Requests that move another system's faces over. The contract. */
import { z } from 'zod'
import { clientIdSchema, importRunIdSchema, jobIdSchema } from '../ids'
import {
  importKindSchema,
  inspectionSchema,
  personRuleSchema,
  rejectReasonSchema,
  sourcePlaceSchema,
} from '../import'
import {
  importOptionsSchema,
  importRunSchema,
  modelCheckSchema,
  rejectedRowSchema,
  unfoundFaceSchema,
  unseenOfRunSchema,
} from '../import-run'
import { nothing, page, request } from './request'

const count = z.number().int().nonnegative()

/** What is to be imported. A path has to be one that was chosen in a dialog, dropped on the window, or of an earlier run. */
const wanted = z.object({
  clientId: clientIdSchema,
  place: sourcePlaceSchema,
  /** `null`: whatever it is found to be. */
  kind: importKindSchema.nullable(),
  options: importOptionsSchema,
  /** Of a server, typed anew; it is held until Visor ends, and never comes back. `null`: the one that is held, or psql would find. */
  password: z.string().min(1).max(1024).nullable(),
})

/** Rows that a trial tells one by one. */
export const triedRejectsTold = 500

export const importRequests = {
  /** Asks for a file, or a folder; `null` where the dialog was closed. */
  'import.choose': request(
    z.object({ what: z.enum(['file', 'folder', 'person-list']) }),
    z.string().nullable(),
  ),
  /** The preload's alone: a file or folder was dropped on the window. */
  'import.takePath': request(z.object({ path: z.string().min(1).max(4096) }), nothing),
  /**
   * Who the rule makes of each path, without reading the source. A list of paths and people is read with the source only. Raises
   * `invalid-argument` for a pattern that cannot be used.
   */
  'import.tryRule': request(
    z.object({ rule: personRuleSchema, paths: z.array(z.string().max(4096)).max(100) }),
    z.array(z.string().nullable()),
  ),
  /** Reads a source once from end to end; how far it is, the event `import` tells. Raises what the source raises, `cancelled`. */
  'import.inspect': request(wanted, inspectionSchema),
  /** Whether the embeddings are of the model in use, by photos at their paths or in a folder that was chosen; the event `importLook` counts them. */
  'import.checkModel': request(
    wanted.extend({ folder: z.string().min(1).max(4096).nullable() }),
    modelCheckSchema,
  ),
  /** What a run would do. Nothing is written. */
  'import.tryOut': request(
    wanted,
    z.object({
      read: count,
      imported: count,
      alreadyThere: count,
      rejected: count,
      /** How many for each reason, the most first. */
      reasons: z.array(z.object({ reason: rejectReasonSchema, rows: count })),
      /** The first of them. */
      rejects: z.array(rejectedRowSchema).max(triedRejectsTold),
    }),
  ),
  /** Ends an inspection or a trial. */
  'import.stopLooking': request(nothing, nothing),
  /** Begins a run, as a job. Raises what {@link import.inspect} raises. */
  'import.run': request(wanted, z.object({ runId: importRunIdSchema, jobId: jobIdSchema })),
  /** Goes on with a run where it stands, as a job. */
  'import.resume': request(
    z.object({ runId: importRunIdSchema, password: wanted.shape.password }),
    z.object({ jobId: jobIdSchema }),
  ),
  /** The run stands behind the portion that is in work, as paused; nothing where it is not in work here. */
  'import.pause': request(z.object({ runId: importRunIdSchema }), nothing),
  /** The same, as cancelled: what it brought stays. */
  'import.cancel': request(z.object({ runId: importRunIdSchema }), nothing),
  /** Compares what was brought with the source, as a job; the run keeps what was found. */
  'import.validate': request(
    z.object({ runId: importRunIdSchema, password: wanted.shape.password }),
    z.object({ jobId: jobIdSchema }),
  ),
  /** What {@link import.look} would look for, and did not find before. */
  'import.unseen': request(z.object({ runId: importRunIdSchema }), unseenOfRunSchema),
  /**
   * Looks for photos of a run that Visor has not seen, at their paths, in a folder that was chosen, and where the source itself holds
   * them, as a job: measures their faces and embeds them under the model in use.
   */
  'import.look': request(
    z.object({
      runId: importRunIdSchema,
      folder: z.string().min(1).max(4096).nullable(),
      password: wanted.shape.password.default(null),
    }),
    z.object({ jobId: jobIdSchema }),
  ),
  /** Faces that were looked for and not found, by person. */
  'import.unfound': request(
    z.object({ runId: importRunIdSchema, ...page }),
    z.object({ total: count, unfound: z.array(unfoundFaceSchema) }),
  ),
  /** Takes back what a run brought, as a job. */
  'import.undo': request(z.object({ runId: importRunIdSchema }), z.object({ jobId: jobIdSchema })),
  /** Copies this machine's gallery to the server that is saved, ids and all, and compares both, as a job. */
  'import.copyToServer': request(z.object({ clientId: clientIdSchema }), z.object({ jobId: jobIdSchema })),
  /** Newest first; `jobId` where it is in work on this console. One that is `running` and has none was interrupted. */
  'import.runs': request(
    z.object({ clientId: clientIdSchema }),
    z.array(z.object({ run: importRunSchema, jobId: jobIdSchema.nullable() })),
  ),
  'import.rejects': request(
    z.object({ runId: importRunIdSchema, ...page }),
    z.object({ total: count, rejects: z.array(rejectedRowSchema) }),
  ),
  /** Asks where to; `null` where the dialog was closed. */
  'import.saveReport': request(
    z.object({ runId: importRunIdSchema, format: z.enum(['json', 'csv', 'html']) }),
    z.string().nullable(),
  ),
} as const
