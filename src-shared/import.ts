/** Moving another system's faces into a gallery: what is read, how, and what was found in it. Every process. */
import { z } from 'zod'
import { serverConnectionSchema } from './server'

/**
 * - `deepface-pkl`: a pickle that DeepFace wrote.
 * - `legacy-sqlite`, `legacy-postgres`: tables `persons` and `face_embeddings` or `face_encodings`.
 * - `folder`: a folder for each person, with their photos.
 * - `visor`: another store of Visor.
 */
export const importKinds = ['deepface-pkl', 'legacy-sqlite', 'legacy-postgres', 'folder', 'visor'] as const
export const importKindSchema = z.enum(importKinds)
export type ImportKind = z.infer<typeof importKindSchema>
/** Databases of faces: they know people by ids, where others have names alone, and may hold the photos themselves. */
export const legacyKinds: ReadonlySet<ImportKind> = new Set(['legacy-sqlite', 'legacy-postgres'])

/** Where a source is. Never with a password. */
export const sourcePlaceSchema = z.discriminatedUnion('at', [
  /** A file or a folder, absolute. */
  z.object({ at: z.literal('path'), path: z.string().min(1).max(4096) }),
  z.object({ at: z.literal('server'), connection: serverConnectionSchema }),
])
export type SourcePlace = z.infer<typeof sourcePlaceSchema>

/**
 * Why a row of a source does not become a face.
 * - `no-person`: no rule and no column says who it is.
 * - `no-embedding`: the source has none (DeepFace found no face in the photo), and there is no photo to make one from.
 * - `not-a-vector`: what stands in the embedding's place is not a row of numbers.
 * - `wrong-dimension`, `not-finite`, `zero-length`: it is, but of no use to a search.
 * - `invalid-text`: a name or a path that is not text (invalid UTF-8, a control character, nothing that can be seen).
 * - `name-too-long`: a name of more than 200 characters.
 * - `duplicate`: the same again; of which row, the detail says.
 * - `photo-missing`: a photo is needed and is not there, or cannot be read.
 * - `no-face`, `several-faces`: no or more than one face in a photo that says who is in it by its folder only.
 * - `other-person`: the gallery says that this face is somebody else, or is not this person.
 * - `person-twice`: the person has another face of this photo already.
 * - `deleted`: it was imported before, and deleted in Visor since.
 * - `unreadable`: the row itself is broken in the source.
 */
export const rejectReasons = [
  'no-person',
  'no-embedding',
  'not-a-vector',
  'wrong-dimension',
  'not-finite',
  'zero-length',
  'invalid-text',
  'name-too-long',
  'duplicate',
  'photo-missing',
  'no-face',
  'several-faces',
  'other-person',
  'person-twice',
  'deleted',
  'unreadable',
] as const
export const rejectReasonSchema = z.enum(rejectReasons)
export type RejectReason = z.infer<typeof rejectReasonSchema>

/** What is wrong with a row's embedding alone: one from its photo could take its place. */
export const unusableEmbedding: ReadonlySet<RejectReason> = new Set([
  'no-embedding',
  'wrong-dimension',
  'not-a-vector',
  'not-finite',
  'zero-length',
])

/** Who is in a photo, by its path as the source has it. Separators are `/` and `\`. */
export const personRuleSchema = z.discriminatedUnion('by', [
  /** The name of a folder above the photo; `up` = 1 is the one that it is in. */
  z.object({ by: z.literal('parent-folder'), up: z.number().int().min(1).max(32) }),
  /** The name of the file without its ending: `{person}` is the name, `*` anything: `{person}_*`. */
  z.object({ by: z.literal('file-name'), pattern: z.string().min(1).max(200) }),
  /** A regular expression (RE2) over the whole path; `group` is a group's number or name. */
  z.object({
    by: z.literal('regex'),
    pattern: z.string().min(1).max(1000),
    group: z.union([z.number().int().min(0).max(99), z.string().regex(/^[A-Za-z_]\w{0,31}$/)]),
  }),
  /** A CSV file of two columns, path and person. */
  z.object({ by: z.literal('csv'), path: z.string().min(1).max(4096) }),
])
export type PersonRule = z.infer<typeof personRuleSchema>

export const defaultPersonRule: PersonRule = { by: 'parent-folder', up: 1 }

/** What the columns of a legacy database may hold: of a person, and of a face. */
export const personFields = [
  'id',
  'name',
  'domain',
  'clientId',
  'wikidataId',
  'occupation',
  'description',
  'createdAt',
] as const
export const faceFields = [
  'id',
  'personId',
  'embedding',
  'photoPath',
  'image',
  'box',
  'confidence',
  'model',
  'createdAt',
] as const
export type PersonField = (typeof personFields)[number]
export type FaceField = (typeof faceFields)[number]

const columnName = z.string().min(1).max(200)
const mappedTable = <const F extends readonly [string, ...string[]]>(fields: F) =>
  z.object({ table: columnName, columns: z.partialRecord(z.enum(fields), columnName) })

/** Which table and column holds what; a field that is absent is not read. */
export const columnMappingSchema = z.object({
  persons: mappedTable(personFields),
  // Runs that were begun before named a column of quality, too, of which there was no use.
  faces: mappedTable([...faceFields, 'quality']).transform(
    ({ table, columns: { quality: _, ...columns } }) => {
      return { table, columns }
    },
  ),
})
export type ColumnMapping = z.infer<typeof columnMappingSchema>

/** How a source is read. */
export const sourceSpecSchema = z.object({
  place: sourcePlaceSchema,
  /** What the user says it is; refused where it is something else. `null`: found by looking. */
  kind: importKindSchema.nullable(),
  /** For sources whose rows name a photo and not a person. */
  personRule: personRuleSchema,
  /** For legacy databases; `null`: found by looking. */
  mapping: columnMappingSchema.nullable(),
})
export type SourceSpec = z.infer<typeof sourceSpecSchema>

const count = z.number().int().nonnegative()

/** A model that a source claims (`null`: it claims none) at one dimension; rows with a problem are left out. */
const claimedModelSchema = z.object({
  /** `deepface/arcface`; see [Note: Claimed models]. */
  modelId: z.string().nullable(),
  dimension: count,
  rows: count,
  /** Euclidean lengths of the vectors as they are in the source. */
  norm: z.object({ least: z.number(), mean: z.number(), greatest: z.number() }),
})

const previewRowSchema = z.object({
  key: z.string(),
  photo: z.string().nullable(),
  /** Who the rule or the columns say it is. */
  person: z.string().nullable(),
  domain: z.string().nullable(),
  problem: z.object({ reason: rejectReasonSchema, detail: z.string() }).nullable(),
})
export type PreviewRow = z.infer<typeof previewRowSchema>

/** What a source holds, found by reading it once from end to end. */
export const inspectionSchema = z.object({
  kind: importKindSchema,
  /** For people: `Pickle, protocol 5: a list of dictionaries`. */
  layout: z.string(),
  /** The same for the same content: of a file its size and SHA-256, of a database its counts and highest ids. */
  fingerprint: z.string(),
  rows: count,
  /** Different people: by their id in the source where it has one, else by domain and name. */
  persons: count,
  /** By what the source calls a domain (older systems: a region); `null` where it has none. */
  domains: z.array(z.object({ domain: z.string().nullable(), persons: count, rows: count })),
  models: z.array(claimedModelSchema),
  /** Of a legacy database; `field`: `null` where Visor has no use for the column. */
  columns: z.array(
    z.object({ table: z.string(), column: z.string(), type: z.string(), field: z.string().nullable() }),
  ),
  /** What was found or given, to be shown and changed; `null` for other kinds. */
  mapping: columnMappingSchema.nullable(),
  /** Names that several people of one domain have; the first 1,000. */
  duplicateNames: z.array(z.object({ domain: z.string().nullable(), name: z.string(), persons: count })),
  /** Rows that the reader itself could not make sense of, by reason, each with an example. */
  problems: z.array(
    z.object({
      reason: rejectReasonSchema,
      rows: count,
      example: z.object({ key: z.string(), detail: z.string() }),
    }),
  ),
  /** The first rows, as they will be read. */
  preview: z.array(previewRowSchema),
  /** What else an admin should know, a sentence each. */
  notes: z.array(z.string()),
})
export type Inspection = z.infer<typeof inspectionSchema>
