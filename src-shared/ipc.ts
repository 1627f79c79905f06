/**
 * The contract between the window and main. Every request has a schema for what goes in, which main checks after the
 * sender, and one for what comes out, which types what main's handlers give: main trusts itself. The preload makes one
 * function of each; there is no generic `invoke`. The requests themselves are in `requests/`, by area, as their handlers are.
 */
import { z } from 'zod'
import type { EventName, PageRequestName, RequestName } from './channels'
import { diagnosisStateSchema } from './diagnosis'
import { wireErrorSchema } from './errors'
import { healthStateSchema } from './health'
import { clientIdSchema } from './ids'
import { queueChangeSchema } from './queue'
import { appRequests } from './requests/app'
import { curationRequests } from './requests/curation'
import { diagnosisRequests } from './requests/diagnosis'
import { dualRequests } from './requests/dual'
import { erasureRequests } from './requests/erasure'
import { exchangeRequests } from './requests/exchange'
import { faceRequests } from './requests/face'
import { galleryRequests } from './requests/gallery'
import { gateRequests } from './requests/gate'
import { healthRequests } from './requests/health'
import { importRequests } from './requests/import'
import { modelsRequests } from './requests/models'
import { photoRequests } from './requests/photo'
import { queueRequests } from './requests/queue'
import { reviewRequests } from './requests/review'
import { serverRequests } from './requests/server'
import { serverSideRequests } from './requests/server-side'
import { thresholdsRequests } from './requests/thresholds'
import { unknownRequests } from './requests/unknown'
import { serverTestStepSchema } from './server-test'
import { settingsSchema } from './settings'
import { jobSchema, statusSchema } from './status'

/** Every request the window can make of main. */
export const requests = {
  ...appRequests,
  ...queueRequests,
  ...faceRequests,
  ...galleryRequests,
  ...curationRequests,
  ...exchangeRequests,
  ...importRequests,
  ...unknownRequests,
  ...photoRequests,
  ...healthRequests,
  ...thresholdsRequests,
  ...gateRequests,
  ...reviewRequests,
  ...erasureRequests,
  ...serverRequests,
  ...serverSideRequests,
  ...dualRequests,
  ...modelsRequests,
  ...diagnosisRequests,
} as const satisfies Record<RequestName, { input: z.ZodType; output: z.ZodType }>

export type Requests = typeof requests
export type RequestInput<N extends RequestName> = z.input<Requests[N]['input']>
export type RequestOutput<N extends RequestName> = z.output<Requests[N]['output']>

/** What main tells the window unasked. */
export const events = {
  status: statusSchema,
  queue: queueChangeSchema,
  job: jobSchema,
  settings: settingsSchema,
  /** Something in the galleries changed: what is shown of them is to be asked for again. */
  galleries: z.object({ clientId: clientIdSchema }),
  /** Unknown faces came or went, are in other groups, or were found to look like somebody. */
  unknown: z.object({ clientId: clientIdSchema }),
  /** How far gallery health is, and the clients whose findings changed. */
  health: z.object({ state: healthStateSchema, changed: z.array(clientIdSchema) }),
  /** A step of the test of a connection is through. */
  serverTest: z.object({ testId: z.uuid(), step: serverTestStepSchema }),
  /** The server's cache, or what waits for the server, is another. */
  serverSide: z.void(),
  /** A diagnosis began, went on, or ended. */
  diagnosis: diagnosisStateSchema,
  /** How far the source is looked at that is to be imported: rows, and the share of it, 0 … 1; `null`: no more. */
  importLook: z.object({ rows: z.number(), share: z.number().nullable() }).nullable(),
  /** The native menu was used. */
  command: z.enum([
    'open-files',
    'open-folder',
    'export-json',
    'export-csv',
    'export-people',
    'import-people',
    'undo',
    'history',
    'bin',
    'show-identify',
    'show-galleries',
    'show-review',
    'show-settings',
    'palette',
    'help',
  ]),
} as const satisfies Record<EventName, z.ZodType>

export type Events = typeof events
export type EventPayload<N extends EventName> = z.output<Events[N]>

/** The answer to a request on the channel. */
const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: wireErrorSchema }),
])
export type Reply = z.infer<typeof replySchema>

/** `window.visor`: one function a request, one subscription an event. */
export interface VisorApi {
  readonly request: { readonly [N in PageRequestName]: (input: RequestInput<N>) => Promise<Reply> }
  /** Adds what the user dropped or pasted. Takes only `File`s that the browser itself made: a path cannot be forged. */
  readonly addFiles: (files: readonly unknown[]) => Promise<Reply>
  /** Enrols files that were dropped on a person; the same holds. */
  readonly addFilesToPerson: (personId: string, files: readonly unknown[]) => Promise<Reply>
  /** Takes the first file or folder that was dropped as the source of an import; answers with its path. */
  readonly takeSource: (files: readonly unknown[]) => Promise<string | null>
  /** Compares both sides on photos that were dropped; the same holds. */
  readonly replayFiles: (files: readonly unknown[]) => Promise<Reply>
  readonly on: {
    readonly [N in EventName]: (listener: (payload: EventPayload<N>) => void) => () => void
  }
}
