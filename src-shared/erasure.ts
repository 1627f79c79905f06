/**
 * Erasure: what of people or of a whole client goes for good, and the report of it. Every process.
 *
 * [Note: Erasure] One act with no undo. What goes: the people and all that hangs on them, people who were merged into them,
 * people of their name in the bin, nobody's faces and Identify queue entries that show them or may, the content of every ledger
 * entry that touches or names them, and what lies beside the database. What stays for others is said in the report,
 * which itself names nobody. `docs/erasure.md` has the whole list and the reasons.
 */
import { z } from 'zod'
import { clientIdSchema, ledgerIdSchema, personIdSchema } from './ids'

/** Who is to be erased: people (live or in the bin), those that one entry of the bin deleted, or a client with all it has. */
export const erasureTargetSchema = z.union([
  z.object({ personIds: z.array(personIdSchema).min(1).max(100_000) }),
  z.object({ deletedBy: ledgerIdSchema }),
  z.object({ clientId: clientIdSchema }),
])
export type ErasureTarget = z.infer<typeof erasureTargetSchema>

/** Why, in the curator's words: it is kept, so it must not name whom it is about. */
export const erasureReasonSchema = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'An erasure needs a reason.')
      .max(500, 'A reason has at most 500 characters.')
      .regex(/^\P{Cc}*$/u, 'A reason has no control characters.'),
  )

/**
 * Places and what was removed there: where, and what one and several are called. Whatever keeps something of people gets a
 * line here; a test asks that of every table of the database.
 */
export const erasurePlaces = {
  people: ['database', 'person', 'people'],
  'merged-people': ['database', 'person merged into them earlier', 'people merged into them earlier'],
  'binned-people': ['database', 'person of that name in the bin', 'people of that name in the bin'],
  domains: ['database', 'domain', 'domains'],
  faces: ['database', 'face', 'faces'],
  'nameless-faces': [
    'database',
    'face without a name that may be theirs',
    'faces without a name that may be theirs',
  ],
  pictures: ['database', 'picture of a face', 'pictures of faces'],
  measures: ['database', 'measurement of a face', 'measurements of faces'],
  'photo-records': ['database', 'record of a photo', 'records of photos'],
  'photo-places': ['database', 'photo’s place that named them', 'photos’ places that named them'],
  decisions: ['database', '“not this person”', '“not this person”'],
  tags: ['database', 'tag of theirs', 'tags of theirs'],
  aliases: ['database', 'other name', 'other names'],
  'ledger-entries': ['database', 'content of a history entry', 'contents of history entries'],
  'waiting-enrolments': [
    'database',
    'enrolment that waited or was decided, with its faces',
    'enrolments that waited or were decided, with their faces',
  ],
  'import-rows': ['database', 'row that an import rejected', 'rows that imports rejected'],
  'queue-known': [
    'database',
    'queued photo that is known to show them',
    'queued photos that are known to show them',
  ],
  'queue-alike': ['database', 'queued photo that may show them', 'queued photos that may show them'],
  'queue-named': ['database', 'queued photo whose place names them', 'queued photos whose place names them'],
  'queue-pictures': ['database', 'thumbnail or crop of those', 'thumbnails and crops of those'],
  calibrations: ['files', 'measurement of a domain’s errors', 'measurements of domains’ errors'],
  'domain-choices': ['files', 'choice made for a domain', 'choices made for domains'],
  'remembered-searches': ['files', 'remembered search or filter', 'remembered searches and filters'],
  'log-bytes': ['files', 'byte of the log', 'bytes of the log'],
  'temporary-files': ['files', 'temporary file', 'temporary files'],
  'browser-files': ['files', 'file that the window kept', 'files that the window kept'],
} as const satisfies Record<string, readonly ['database' | 'files', string, string]>
export type ErasurePlace = keyof typeof erasurePlaces

const placeSchema = z.enum(Object.keys(erasurePlaces) as [ErasurePlace, ...ErasurePlace[]])
const count = z.number().int().nonnegative()

/** How much was removed in one place. */
const removedSchema = z.object({ place: placeSchema, count })
export type Removed = z.infer<typeof removedSchema>

/** What an erasure would do; nothing is changed yet. */
export const erasurePreviewSchema = z.object({
  clientId: clientIdSchema,
  /** The whole client. */
  whole: z.boolean(),
  /** Those asked for: how many, and some of their names. */
  people: count,
  names: z.array(z.string()),
  /** In the database, every place that has something. */
  removed: z.array(removedSchema),
  /** Photo files that the records point to: they stay. */
  photoFiles: count,
  /** Records of photos that stay for the others who are in them. */
  sharedPhotos: count,
  /** Acts that touched others, too, and can be undone no more; the newest of them. */
  actsOfOthers: count,
  someActs: z.array(z.object({ at: z.iso.datetime(), summary: z.string() })),
  /** Others who bear one of the names: it stays, as theirs. */
  namesakes: count,
  /** Others whose details, tags or domain name one of them: somebody has to mend that by hand. */
  mentions: count,
  mentionedBy: z.array(z.string()),
})
export type ErasurePreview = z.infer<typeof erasurePreviewSchema>

/** The signed-off report. It names nobody who was erased, and holds nothing biometric. */
export const erasureReportSchema = z.object({
  format: z.literal('visor-erasure-report'),
  version: z.literal(1),
  subject: z.object({ kind: z.enum(['people', 'client']), people: count }),
  /** Who did it (the operating system's user name), when (ISO 8601, UTC) and why; `null` where a later erasure took the reason. */
  signedOff: z.object({ by: z.string(), at: z.iso.datetime(), why: z.string().nullable() }),
  /** The entry that stays in the history, and its hash in the chain. */
  ledger: z.object({ entry: ledgerIdSchema, sequence: z.number().int().positive(), hash: z.string() }),
  removed: z.array(removedSchema),
  /** When the database file, its log and its free pages were cleared, and their bytes before and after. */
  cleared: z.object({ at: z.iso.datetime(), bytesBefore: count, bytesAfter: count }),
  /** What Visor cannot erase, and how much of it is known. */
  notReached: z.array(z.object({ what: z.string(), count: count.optional() })),
})
export type ErasureReport = z.infer<typeof erasureReportSchema>

/** `3 pictures of faces`. */
export function removedText({ place, count: amount }: Removed): string {
  const [, one, many] = erasurePlaces[place]
  return `${amount.toLocaleString('en-GB')} ${amount === 1 ? one : many}`
}
