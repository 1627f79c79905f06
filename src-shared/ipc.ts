/**
 * The contract between the window and main. Every request has a schema for what goes in, which main checks after the
 * sender, and one for what comes out, which types what main's handlers give: main trusts itself. The preload makes one
 * function of each; there is no generic `invoke`.
 */
import { z } from 'zod'
import { calibrationSchema, domainThresholdsSchema, thresholdLevelSchema } from './calibration'
import type { EventName, PageRequestName, RequestName } from './channels'
import {
  erasurePreviewSchema,
  erasureReasonSchema,
  erasureReportSchema,
  erasureTargetSchema,
} from './erasure'
import { wireErrorSchema } from './errors'
import { bytesSchema } from './face'
import {
  binEntrySchema,
  clientSummarySchema,
  galleryPhotoSchema,
  ledgerEntrySchema,
  lookalikeSchema,
  personDetailSchema,
  personSortSchema,
  personSummarySchema,
  tagSchema,
  wikidataIdSchema,
} from './gallery'
import { gateActionSchema, gateKindSchema, gatePolicySchema, gateReasonSchema, overrideSchema } from './gate'
import { type Box, drawnBoxSchema } from './geometry'
import {
  findingCountSchema,
  findingIdSchema,
  findingKindSchema,
  findingSchema,
  healthStateSchema,
} from './health'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  itemIdSchema,
  jobIdSchema,
  ledgerIdSchema,
  personIdSchema,
  personNameSchema,
  photoIdSchema,
  reviewIdSchema,
  sha256Schema,
} from './ids'
import {
  itemDetailSchema,
  queueChangeSchema,
  queueFilterSchema,
  queueItemSchema,
  queueProgressSchema,
} from './queue'
import { distanceSchema, thresholdsInForceSchema } from './recognition'
import { reviewDetailSchema, reviewsQuerySchema, waitingReviewsSchema } from './review'
import { settingsPatchSchema, settingsSchema } from './settings'
import { appInfoSchema, jobSchema, packStatusSchema, statusSchema } from './status'
import {
  nearestPersonSchema,
  suggestionSchema,
  unknownCountsSchema,
  unknownFaceSchema,
  unknownGroupSchema,
  unknownIdSchema,
} from './unknown'
import { alignedBySchema } from './vision-protocol'

const nothing = z.void()
const domainRef = z.object({ clientId: clientIdSchema, domain: domainSchema })
const faceRef = z.object({ itemId: itemIdSchema, faceIndex: z.number().int().nonnegative() })
const itemIds = z.array(itemIdSchema).max(1_000_000)
const personIds = z.array(personIdSchema).min(1).max(100_000)
const faceIds = z.array(faceIdSchema).min(1).max(100_000)
const personRef = z.union([z.object({ personId: personIdSchema }), z.object({ name: personNameSchema })])
const groupRef = z.object({ clientId: clientIdSchema, groupId: unknownIdSchema })
const page = { offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(500) }

/** Which people, in which order. */
const peopleFilter = z.object({
  clientId: clientIdSchema,
  /** `null` = every domain of the client. */
  domain: domainSchema.nullable(),
  /** Part of a name, any case, accents aside. */
  text: z.string().max(200),
  sort: personSortSchema,
  flags: z.array(findingKindSchema).max(10),
  tag: z.string().max(60).nullable(),
})

/** An act that can be undone: its entry in the ledger, and what it did, one sentence. */
export const actSchema = z.object({ ledgerId: ledgerIdSchema, summary: z.string() })
export type Act = z.infer<typeof actSchema>

/** What came of a face that was to join a person: it did, or what speaks against it. */
export const joinedSchema = z.discriminatedUnion('done', [
  z.object({ done: z.literal(true), act: actSchema }),
  /** Nothing was changed. Ask again with a word of why; a reason that blocks stays. */
  z.object({ done: z.literal(false), reasons: z.array(gateReasonSchema) }),
])
export type Joined = z.infer<typeof joinedSchema>

/** A face whose box was drawn or changed by hand, and how it was aligned. */
export const drawnFaceSchema = z.object({
  act: actSchema,
  faceId: faceIdSchema,
  alignedBy: alignedBySchema,
})

/** What is known of a domain's thresholds. */
export const domainCalibrationSchema = z.object({
  /** Absent where the domain was never measured. */
  calibration: calibrationSchema.optional(),
  /** The gallery has changed since it was measured. */
  stale: z.boolean(),
  chosen: domainThresholdsSchema.pick({ match: true, possible: true }),
  /** What a search of the domain uses where it overrides nothing, and what the gallery's size alone would ask for. */
  inForce: thresholdsInForceSchema,
  bySize: thresholdsInForceSchema,
})
export type DomainCalibration = z.infer<typeof domainCalibrationSchema>

const erasureRequest = z.object({ clientId: clientIdSchema, target: erasureTargetSchema })

/** `null` where the user closed the dialog. */
const maybeJob = z.object({ jobId: jobIdSchema }).nullable()

function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { input, output } as const
}

/** Every request the window can make of main. */
export const requests = {
  'app.info': request(nothing, appInfoSchema),
  'app.status': request(nothing, statusSchema),
  'app.jobs': request(nothing, z.array(jobSchema)),
  'app.cancelJob': request(z.object({ jobId: jobIdSchema }), nothing),
  'app.revealLog': request(nothing, nothing),
  'app.revealDataFolder': request(nothing, nothing),

  'settings.get': request(nothing, settingsSchema),
  'settings.update': request(settingsPatchSchema, settingsSchema),

  /** Opens the native dialog; what is chosen joins the queue. */
  'queue.open': request(z.object({ kind: z.enum(['files', 'folder']) }), maybeJob),
  /** Files dropped on the window: only the preload can turn a `File` into a path. */
  'queue.addPaths': request(z.object({ paths: z.array(z.string().min(1)).min(1).max(100_000) }), maybeJob),
  /** Pictures without a file, from the clipboard or dragged out of another program; the preload alone sends them. */
  'queue.addPictures': request(
    z.object({
      pictures: z
        .array(bytesSchema.refine((bytes) => bytes.byteLength <= 150_000_000, 'The picture is too large.'))
        .min(1)
        .max(100),
    }),
    maybeJob,
  ),
  'queue.snapshot': request(
    nothing,
    z.object({ items: z.array(queueItemSchema), progress: queueProgressSchema }),
  ),
  'queue.detail': request(z.object({ itemId: itemIdSchema }), itemDetailSchema),
  'queue.pause': request(nothing, nothing),
  'queue.resume': request(nothing, nothing),
  /** Absent ids = all that wait or are in work. */
  'queue.cancel': request(z.object({ itemIds: itemIds.optional() }), nothing),
  /** Also analyses anew what is done and named. Absent ids = all that failed, were set aside or cancelled. */
  'queue.retry': request(z.object({ itemIds: itemIds.optional() }), nothing),
  /** Absent ids = all. Takes photos out of the queue; files and galleries stay as they are. */
  'queue.remove': request(z.object({ itemIds: itemIds.optional() }), z.object({ itemIds })),
  /** Puts back what was taken out since the start. */
  'queue.restore': request(z.object({ itemIds }), nothing),
  'queue.revealFile': request(z.object({ itemId: itemIdSchema }), nothing),
  /** Asks where to, then writes what the filter shows. */
  'queue.export': request(z.object({ format: z.enum(['json', 'csv']), filter: queueFilterSchema }), maybeJob),

  /** Both pass the enrolment gate; `why` overrides what it warns of. */
  'face.confirm': request(
    faceRef.extend({ personId: personIdSchema, why: overrideSchema.optional() }),
    joinedSchema,
  ),
  'face.reject': request(faceRef.extend({ personId: personIdSchema }), actSchema),
  'face.enrolNew': request(
    faceRef.extend({ domain: domainSchema, name: personNameSchema, why: overrideSchema.optional() }),
    joinedSchema,
  ),

  /** Withdraws *not this person* of a face of a queued photo. */
  'face.withdrawReject': request(faceRef.extend({ personId: personIdSchema }), actSchema),
  /** A face that the detector missed, or another box (`faceIndex`) for one that was drawn; undone by `ledger.undoLast`. */
  'face.draw': request(
    faceRef.extend({ faceIndex: faceRef.shape.faceIndex.nullable(), box: drawnBoxSchema }),
    z.object({ faceIndex: z.number().int().nonnegative(), alignedBy: alignedBySchema, summary: z.string() }),
  ),
  /** Takes out a face that was drawn by hand; undone by `ledger.undoLast`. */
  'face.removeDrawn': request(faceRef, z.object({ summary: z.string() })),

  'ledger.undo': request(z.object({ ledgerId: ledgerIdSchema }), z.object({ summary: z.string() })),
  /** The newest act of this window in the client that is shown, within the hour. */
  'ledger.undoLast': request(nothing, z.object({ summary: z.string() }).nullable()),

  'gallery.clients': request(nothing, z.array(clientSummarySchema)),
  'gallery.createDomain': request(domainRef, nothing),
  'gallery.deleteDomain': request(domainRef, actSchema),
  'gallery.persons': request(
    peopleFilter.extend(page),
    z.object({ total: z.number().int().nonnegative(), persons: z.array(personSummarySchema) }),
  ),
  /** Who is at the places `first` … `last`. */
  'gallery.personIds': request(
    peopleFilter.extend({ first: z.number().int().nonnegative(), last: z.number().int().nonnegative() }),
    z.array(personIdSchema),
  ),
  'gallery.personsById': request(z.object({ personIds: personIds.max(500) }), z.array(personSummarySchema)),
  /** Those of these people who cannot be moved to the domain without a merge. */
  'gallery.namesakes': request(
    z.object({ personIds, domain: domainSchema }),
    z.array(z.object({ personId: personIdSchema, name: z.string() })),
  ),
  'gallery.person': request(z.object({ personId: personIdSchema }), personDetailSchema),
  'gallery.updatePerson': request(
    z.object({
      personId: personIdSchema,
      name: personNameSchema.optional(),
      wikidataId: wikidataIdSchema.nullable().optional(),
      occupation: z.string().max(200).nullable().optional(),
      description: z.string().max(4000).nullable().optional(),
      tags: z.array(tagSchema).max(50).optional(),
      /** What the editor saw in the fields that are changed; where one is something else by now, `conflict`. */
      seen: z
        .object({
          name: z.string(),
          wikidataId: z.string().nullable(),
          occupation: z.string().nullable(),
          description: z.string().nullable(),
        })
        .partial()
        .optional(),
    }),
    actSchema,
  ),
  /** Adds and takes tags of many people at once. */
  'gallery.tagPersons': request(
    z.object({ personIds, add: z.array(tagSchema).max(50), remove: z.array(tagSchema).max(50) }),
    actSchema,
  ),
  'gallery.tags': request(
    /** Of these people only, where some are named. */
    z.object({ clientId: clientIdSchema, personIds: personIds.optional() }),
    z.array(z.object({ tag: z.string(), persons: z.number().int().nonnegative() })),
  ),
  'gallery.setCover': request(
    z.object({ personId: personIdSchema, faceId: faceIdSchema.nullable() }),
    actSchema,
  ),
  'gallery.mergePersons': request(z.object({ target: personIdSchema, sources: personIds }), actSchema),
  'gallery.moveFaces': request(
    z.object({
      faceIds,
      domain: domainSchema,
      to: personRef,
    }),
    actSchema,
  ),
  'gallery.takeFaces': request(z.object({ faceIds, reject: z.boolean() }), actSchema),
  /** Faces that the person was ruled out for, newest first, and when. */
  'gallery.rejects': request(
    z.object({ personId: personIdSchema }),
    z.array(z.object({ faceId: faceIdSchema, at: z.iso.datetime() })),
  ),
  'gallery.withdrawReject': request(z.object({ faceId: faceIdSchema, personId: personIdSchema }), actSchema),
  /** Says whether a photo is a mirror or a collage, in which a person may be more than once. */
  'gallery.setRepeatsPeople': request(
    z.object({ clientId: clientIdSchema, photo: sha256Schema, repeats: z.boolean() }),
    actSchema,
  ),
  'gallery.movePersons': request(
    z.object({ personIds, domain: domainSchema, onClash: z.enum(['refuse', 'merge']) }),
    actSchema,
  ),
  'gallery.renameDomain': request(domainRef.extend({ to: domainSchema }), actSchema),
  'gallery.lookalikes': request(z.object({ personId: personIdSchema }), z.array(lookalikeSchema)),
  'gallery.history': request(
    z.object({
      clientId: clientIdSchema,
      personId: personIdSchema.optional(),
      before: z.number().int().positive().optional(),
      limit: z.number().int().min(1).max(200),
    }),
    z.array(ledgerEntrySchema),
  ),
  'gallery.bin': request(z.object({ clientId: clientIdSchema }), z.array(binEntrySchema)),
  'gallery.emptyBin': request(
    z.object({ clientId: clientIdSchema }),
    z.object({ persons: z.number().int() }),
  ),
  'gallery.deletePersons': request(z.object({ personIds }), actSchema),
  /** Asks for a folder of folders, one a person, and enrols it. */
  'gallery.enrolFolder': request(domainRef, maybeJob),
  /** Asks for photos, or a folder of photos, of one person, and enrols them. */
  'gallery.choosePhotos': request(
    z.object({ personId: personIdSchema, kind: z.enum(['files', 'folder']) }),
    maybeJob,
  ),
  /** Files dropped on a person; the preload alone sends them. */
  'gallery.addPaths': request(
    z.object({ personId: personIdSchema, paths: z.array(z.string().min(1)).min(1).max(100_000) }),
    maybeJob,
  ),
  /** Asks where to, then writes these people, or everybody of the domain or client, to a new folder. */
  'gallery.exportPeople': request(
    z.object({
      clientId: clientIdSchema,
      /** `null` = every domain of the client. */
      domain: domainSchema.nullable(),
      personIds: personIds.optional(),
      photos: z.enum(['copy', 'none']),
      /** Into the copies, as face regions. */
      names: z.boolean(),
    }),
    maybeJob,
  ),
  /** Asks for a folder that was exported, or of photos that say who is in them, and imports it. */
  'gallery.importPeople': request(domainRef, maybeJob),
  'gallery.installSamples': request(nothing, z.object({ jobId: jobIdSchema })),
  'gallery.removeSamples': request(nothing, nothing),
  /** The distances a search of these domains would use, before any override. */
  'gallery.thresholds': request(
    z.object({ clientId: clientIdSchema, domain: domainSchema.nullable() }),
    thresholdsInForceSchema,
  ),

  'unknown.counts': request(z.object({ clientId: clientIdSchema }), unknownCountsSchema),
  /** Largest first. */
  'unknown.groups': request(
    z.object({ clientId: clientIdSchema, ignored: z.boolean(), ...page }),
    z.object({ total: z.number().int().nonnegative(), groups: z.array(unknownGroupSchema) }),
  ),
  /** The group that a face is in now; `null` where it is in none, or is unknown no more. */
  'unknown.groupOf': request(
    z.object({ clientId: clientIdSchema, faceId: faceIdSchema }),
    unknownIdSchema.nullable(),
  ),
  'unknown.faces': request(
    groupRef.extend(page),
    z.object({ total: z.number().int().nonnegative(), faces: z.array(unknownFaceSchema) }),
  ),
  /** The people nearest to a group; absent faces = the best of them. */
  'unknown.nearest': request(
    groupRef.extend({ domain: domainSchema, faceIds: faceIds.optional() }),
    z.array(nearestPersonSchema),
  ),
  /** Names a group, or some of its faces. `leftOut` faces cannot be that person's, and stay unknown. */
  'unknown.name': request(
    groupRef.extend({ domain: domainSchema, to: personRef, faceIds: faceIds.optional() }),
    actSchema.extend({ leftOut: z.number().int().nonnegative() }),
  ),
  'unknown.takeOut': request(groupRef.extend({ faceIds }), actSchema),
  'unknown.ignore': request(groupRef.extend({ ignored: z.boolean() }), actSchema),
  /** By person, nearest first. */
  'unknown.suggestions': request(
    z.object({ clientId: clientIdSchema, limit: page.limit }),
    z.object({ total: z.number().int().nonnegative(), some: z.array(suggestionSchema) }),
  ),
  'unknown.accept': request(z.object({ personId: personIdSchema, faceIds }), actSchema),
  'unknown.reject': request(z.object({ personId: personIdSchema, faceIds }), actSchema),
  /** Removes all unknown faces of the client for good. */
  'unknown.forget': request(
    z.object({ clientId: clientIdSchema }),
    z.object({ faces: z.number().int().nonnegative() }),
  ),

  'photo.open': request(z.object({ photoId: photoIdSchema }), galleryPhotoSchema),
  /** Why the photo cannot be shown (its file is gone, moved or changed); `null` where it can. */
  'photo.trouble': request(z.object({ photoId: photoIdSchema }), wireErrorSchema.nullable()),
  'photo.drawFace': request(z.object({ photoId: photoIdSchema, box: drawnBoxSchema }), drawnFaceSchema),
  'photo.changeBox': request(
    z.object({ photoId: photoIdSchema, faceId: faceIdSchema, box: drawnBoxSchema }),
    drawnFaceSchema,
  ),
  /** It is no face. */
  'photo.deleteFace': request(z.object({ photoId: photoIdSchema, faceId: faceIdSchema }), actSchema),
  /** Asks where the photo's file is now; `null` where the dialog was closed. */
  'photo.locate': request(z.object({ photoId: photoIdSchema }), actSchema.nullable()),

  /** Measures the domain anew, as a job; what was measured is kept. */
  /** Says that two people are not the same person, or withdraws it. */
  'gallery.tellApart': request(
    z.object({ personId: personIdSchema, otherId: personIdSchema, apart: z.boolean() }),
    actSchema,
  ),

  'health.state': request(nothing, healthStateSchema),
  'health.counts': request(z.object({ clientId: clientIdSchema }), z.array(findingCountSchema)),
  /** Greatest harm first. */
  'health.findings': request(
    z.object({
      clientId: clientIdSchema,
      /** `null` = every domain of the client. */
      domain: domainSchema.nullable(),
      /** `null` = every kind. */
      kind: findingKindSchema.nullable(),
      /** Those that somebody said are fine instead. */
      dismissed: z.boolean(),
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(500),
    }),
    z.object({ total: z.number().int().nonnegative(), findings: z.array(findingSchema) }),
  ),
  'health.dismiss': request(
    z.object({
      clientId: clientIdSchema,
      findingIds: z.array(findingIdSchema).min(1).max(10_000),
      dismissed: z.boolean(),
    }),
    actSchema,
  ),
  /** Takes away the worse of all copies that one person has of a photo; in one act. */
  'health.takeCopies': request(
    z.object({ clientId: clientIdSchema, domain: domainSchema.nullable() }),
    actSchema,
  ),
  /** Has the faces of an older model embedded again from their photos: of one person, or of all in the domain. */
  'health.embedAgain': request(
    z.object({
      clientId: clientIdSchema,
      domain: domainSchema.nullable(),
      personId: personIdSchema.optional(),
    }),
    z.object({ jobId: jobIdSchema }),
  ),
  'health.pause': request(z.object({ paused: z.boolean() }), nothing),
  /** Looks at everybody anew. */
  'health.lookAnew': request(nothing, nothing),

  'thresholds.calibrate': request(domainRef, z.object({ jobId: jobIdSchema })),
  'thresholds.calibration': request(domainRef, domainCalibrationSchema),
  /** By distance, by wrong-name rate, or back to the gallery's size (`null`). */
  'thresholds.set': request(
    domainRef.extend({
      level: thresholdLevelSchema,
      to: z
        .union([z.object({ distance: distanceSchema }), z.object({ rate: z.number().positive().max(0.5) })])
        .nullable(),
    }),
    domainCalibrationSchema,
  ),

  'gate.policy': request(domainRef, gatePolicySchema),
  'gate.setAction': request(
    domainRef.extend({ kind: gateKindSchema, action: gateActionSchema }),
    gatePolicySchema,
  ),

  'review.waiting': request(reviewsQuerySchema, waitingReviewsSchema),
  'review.detail': request(z.object({ reviewId: reviewIdSchema }), reviewDetailSchema),
  /** The face joins whom it is for, or `personId`; `why` overrides what was `seen`, and only that. */
  'review.accept': request(
    z.object({
      reviewId: reviewIdSchema,
      face: z.number().int().nonnegative(),
      personId: personIdSchema.optional(),
      why: overrideSchema.optional(),
      seen: z.array(gateKindSchema),
    }),
    joinedSchema,
  ),
  'review.reject': request(z.object({ reviewId: reviewIdSchema }), actSchema),
  /** What an erasure would take; the client's distances say which faces may be theirs. */
  'erasure.preview': request(erasureRequest, erasurePreviewSchema),
  /** Erases for good, as a job; with its report it ends. */
  'erasure.erase': request(
    erasureRequest.extend({ why: erasureReasonSchema }),
    z.object({ jobId: jobIdSchema }),
  ),
  /** Ends, as a job, what an erasure left undone: the disk was full, say. `null` where nothing was. */
  'erasure.finish': request(nothing, maybeJob),
  /** Newest first. */
  'erasure.reports': request(nothing, z.array(erasureReportSchema)),
  /** Asks where to; `saved` is false where the dialog was closed. */
  'erasure.saveReport': request(z.object({ entry: ledgerIdSchema }), z.object({ saved: z.boolean() })),

  'models.list': request(nothing, z.array(packStatusSchema)),
  /** `consent` must be true for a pack whose terms ask for it. `optional`: the files that it works without, instead. */
  'models.fetch': request(
    z.object({ packId: z.string(), consent: z.boolean(), optional: z.boolean().optional() }),
    z.object({ jobId: jobIdSchema }),
  ),
  'models.use': request(z.object({ packId: z.string() }), nothing),

  /** Leaves the `failed` state: restarts are counted anew. */
  'vision.tryAgain': request(nothing, nothing),
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
export const replySchema = z.discriminatedUnion('ok', [
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
  readonly on: {
    readonly [N in EventName]: (listener: (payload: EventPayload<N>) => void) => () => void
  }
}

/**
 * Addresses of pictures. Served by main from its own data by id; there is no way to name a path.
 *
 * - `thumbnail`: the queue's thumbnail, longer edge 256 px
 * - `photo`: the upright photo as JPEG, longer edge at most `maxEdgePx` (0 = full size)
 * - `probe`: crop of a face of a queued photo, 192 × 192
 * - `reference`: crop of an enrolled face, 192 × 192
 * - `review`: crop of a face that waits in review, 192 × 192
 * - `galleryPhoto`: a photo of the gallery as JPEG, longer edge at most `maxEdgePx` (0 = full size)
 */
export const pictureScheme = 'visor-picture'
export const pictureUrl = {
  thumbnail: (itemId: string): string => `${pictureScheme}://queue/${itemId}/thumbnail`,
  photo: (itemId: string, maxEdgePx: number): string =>
    `${pictureScheme}://queue/${itemId}/photo/${maxEdgePx}`,
  probe: (itemId: string, faceIndex: number): string =>
    `${pictureScheme}://queue/${itemId}/face/${faceIndex}`,
  /** `box`: where the face's box may be changed while its picture is shown. */
  reference: (faceId: string, box?: Box): string =>
    `${pictureScheme}://gallery/face/${faceId}${box === undefined ? '' : `?${box.x},${box.y},${box.w},${box.h}`}`,
  galleryPhoto: (photoId: string, maxEdgePx: number): string =>
    `${pictureScheme}://gallery/photo/${photoId}/${maxEdgePx}`,
  review: (reviewId: string, face: number): string => `${pictureScheme}://review/${reviewId}/face/${face}`,
} as const
