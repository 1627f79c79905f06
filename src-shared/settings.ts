/** What Visor remembers between starts. Unknown or broken fields fall back to their defaults, one by one. */
import { z } from 'zod'
import { searchSideSchema } from './cache'
import { domainThresholdsSchema } from './calibration'
import { gateCriteriaSchema } from './dual'
import { personSortSchema } from './gallery'
import { domainGatePolicySchema } from './gate'
import { clientIdSchema, defaultClientId, domainSchema } from './ids'
import { providerSchema } from './model-pack'
import { emptyFilter, queueFilterSchema } from './queue'
import { distanceSchema } from './recognition'
import { serverConnectionSchema } from './server'
import { storeModeSchema } from './store-mode'

const searchSettingsSchema = z.object({
  clientId: clientIdSchema.catch(defaultClientId).default(defaultClientId),
  /** The domain to search; `null` until one is chosen: nothing is searched without. */
  domain: domainSchema.nullable().catch(null).default(null),
  /** Search every domain of the client instead. */
  allDomains: z.boolean().catch(false).default(false),
  /** Overrides of the distances that follow from the gallery's size. */
  matchDistance: distanceSchema.nullable().catch(null).default(null),
  possibleDistance: distanceSchema.nullable().catch(null).default(null),
  topK: z.number().int().min(1).max(50).catch(5).default(5),
  thorough: z.boolean().catch(false).default(false),
  flip: z.boolean().catch(false).default(false),
})

const screenSchema = z.enum(['identify', 'galleries', 'review', 'settings'])
export type Screen = z.infer<typeof screenSchema>

/** How the people of a gallery are shown. */
const peopleViewSchema = z.object({ layout: z.enum(['grid', 'list']), sort: personSortSchema })
export type PeopleView = z.infer<typeof peopleViewSchema>
const defaultPeopleView: PeopleView = { layout: 'grid', sort: 'name' }

export const settingsSchema = z.object({
  theme: z.enum(['dark', 'light', 'system']).catch('dark').default('dark'),
  screen: screenSchema.catch('identify').default('identify'),
  settingsPage: z.string().max(40).catch('models').default('models'),
  /** The queue that Review shows. */
  reviewQueue: z.string().max(40).catch('').default(''),
  search: searchSettingsSchema.catch(() => searchSettingsSchema.parse({})).prefault({}),
  filter: queueFilterSchema.catch(emptyFilter).default(emptyFilter),
  people: peopleViewSchema.catch(defaultPeopleView).default(defaultPeopleView),
  modelPack: z.string().max(60).nullable().catch(null).default(null),
  provider: providerSchema.catch('auto').default('auto'),
  /** Threads inside one inference; 0 = one for each core. */
  threads: z.number().int().min(0).max(64).catch(0).default(0),
  /** Pack id → when its terms were agreed to (ISO 8601). */
  consents: z.record(z.string().max(60), z.iso.datetime()).catch({}).default({}),
  /** Distances chosen for single domains; main's own, changed by `thresholds.set`. */
  thresholds: z.array(domainThresholdsSchema).max(100_000).catch([]).default([]),
  /** What single domains do about the enrolment gate's findings; main's own, changed by `gate.setAction`. */
  gatePolicies: z.array(domainGatePolicySchema).max(100_000).catch([]).default([]),
  /** Keep the faces of recognised photos that nobody was named for; off until somebody says so: they are personal data. */
  keepUnknown: z.boolean().catch(false).default(false),
  /** Days after which those go for good. */
  unknownRetentionDays: z.number().int().min(1).max(3650).catch(30).default(30),
  /** Days that deleted people and domains stay in the bin before they go for good. */
  binRetentionDays: z.number().int().min(1).max(3650).catch(30).default(30),
  /** Gallery health rests until somebody says otherwise; main's own, changed by `health.pause`. */
  healthPaused: z.boolean().catch(false).default(false),
  /** Where the galleries are; main's own, changed by `mode.use` and `dual.go`. */
  storeMode: storeModeSchema.catch('local').default('local'),
  /** When the server may take over; main's own, changed by `dual.setCriteria`. */
  cutOver: gateCriteriaSchema.catch(() => gateCriteriaSchema.parse({})).prefault({}),
  /** The server of server mode; main's own, changed by `server.save`. Its password is never here. */
  server: serverConnectionSchema.catch(() => serverConnectionSchema.parse({})).prefault({}),
  /** Which side searches in server mode. */
  searchSide: searchSideSchema.catch('auto').default('auto'),
  firstRunDone: z.boolean().catch(false).default(false),
  /** Widths of the panes in pixels. */
  panes: z
    .object({ queue: z.number().min(180).max(900), inspector: z.number().min(240).max(900) })
    .catch({ queue: 280, inspector: 360 })
    .default({ queue: 280, inspector: 360 }),
  window: z
    .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), maximized: z.boolean() })
    .nullable()
    .catch(null)
    .default(null),
})
export type Settings = z.infer<typeof settingsSchema>

/** The defaults. */
export const defaultSettings: Settings = settingsSchema.parse({})

/** Whether a search under the one may answer otherwise than under the other. */
export function answersDiffer(
  { search: a, modelPack: packA }: Settings,
  { search: b, modelPack: packB }: Settings,
): boolean {
  return (
    packA !== packB ||
    a.clientId !== b.clientId ||
    a.domain !== b.domain ||
    a.allDomains !== b.allDomains ||
    a.matchDistance !== b.matchDistance ||
    a.possibleDistance !== b.possibleDistance ||
    a.topK !== b.topK
  )
}

/** What the window may change, any part of it at once; the rest is main's own. */
export const settingsPatchSchema = z
  .object({
    theme: z.enum(['dark', 'light', 'system']),
    screen: screenSchema,
    settingsPage: z.string().max(40),
    reviewQueue: z.string().max(40),
    search: z
      .object({
        clientId: clientIdSchema,
        domain: domainSchema.nullable(),
        allDomains: z.boolean(),
        matchDistance: distanceSchema.nullable(),
        possibleDistance: distanceSchema.nullable(),
        topK: z.number().int().min(1).max(50),
        thorough: z.boolean(),
        flip: z.boolean(),
      })
      .partial(),
    filter: queueFilterSchema,
    people: peopleViewSchema,
    provider: providerSchema,
    searchSide: searchSideSchema,
    threads: z.number().int().min(0).max(64),
    keepUnknown: z.boolean(),
    unknownRetentionDays: z.number().int().min(1).max(3650),
    binRetentionDays: z.number().int().min(1).max(3650),
    firstRunDone: z.boolean(),
    panes: z.object({ queue: z.number().min(180).max(900), inspector: z.number().min(240).max(900) }),
  })
  .partial()
  .strict()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>
