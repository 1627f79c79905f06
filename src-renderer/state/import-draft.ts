/** An import that is being prepared: the source, what was found in it, what is to become of it. Pure. Renderer. */
import { embeddingLength } from '../../src-shared/face'
import type { ClientId, Domain } from '../../src-shared/ids'
import { domainSchema, modelIdSchema } from '../../src-shared/ids'
import {
  defaultPersonRule,
  type ImportKind,
  type Inspection,
  type RejectReason,
  type SourcePlace,
  unusableEmbedding,
} from '../../src-shared/import'
import {
  type ImportOptions,
  type ImportRun,
  type ModelCheck,
  unclaimedModel,
} from '../../src-shared/import-run'
import type { RequestInput, RequestOutput } from '../../src-shared/ipc'

export type TriedImport = RequestOutput<'import.tryOut'>

/** A result, and what it was asked for with: it counts as long as that is asked for. */
interface Answer<T> {
  readonly key: string
  readonly value: T
}

export interface ImportDraft {
  readonly place: SourcePlace
  /** A server may be another Visor’s: nobody can tell before it is asked. `null`: it is found by looking. */
  readonly kind: 'visor' | null
  /** Of a server, typed anew; '' where the one that Visor has is meant. */
  readonly password: string
  readonly options: ImportOptions
  /** Where each domain of the source goes, as it is typed; `''`: it is left out. By {@link domainKey}. */
  readonly targets: ReadonlyMap<string | null, string>
  readonly found: Answer<Inspection> | undefined
  /** Whether its embeddings are of the model in use. */
  readonly checked: Answer<ModelCheck> | undefined
  /** Why they are said to be of it although their photos say otherwise; '' where nobody said. */
  readonly modelReason: string
  readonly tried: Answer<TriedImport> | undefined
}

export const plainOptions: ImportOptions = {
  personRule: defaultPersonRule,
  mapping: null,
  domain: null,
  fromClient: null,
  namesakes: 'apart',
  modelId: null,
  onlyRejectedOf: null,
}

export function draftOf(place: SourcePlace, options: ImportOptions = plainOptions): ImportDraft {
  const { modelReason = '', ...rest } = options
  const targets = new Map((options.domains ?? []).map(({ from, to }) => [from, to as string]))
  const nothing = { found: undefined, checked: undefined, tried: undefined }
  return { place, kind: null, password: '', options: rest, targets, modelReason, ...nothing }
}

/** The same once more, for the rows that were rejected; `undefined` where its source was forgotten. */
export function draftAgain({ source, options, runId }: ImportRun): ImportDraft | undefined {
  return source === null ? undefined : draftOf(source, { ...options, onlyRejectedOf: runId })
}

/** What an inspection depends on: where another key stands, it says nothing any more. */
export const readKey = ({ place, kind, options }: ImportDraft): string =>
  JSON.stringify([place, kind, options.personRule, options.mapping])

/** The same of a trial. */
export const triedKey = (draft: ImportDraft): string =>
  JSON.stringify([draft.place, draft.options, [...draft.targets]])

/** What was found in the source, as it is read now; `undefined` where nothing was, or it is read otherwise since. */
export const foundNow = (draft: ImportDraft): Inspection | undefined =>
  draft.found?.key === readKey(draft) ? draft.found.value : undefined

/** By the photos that there were. */
export const checkedNow = (draft: ImportDraft): ModelCheck | undefined =>
  draft.checked?.key === readKey(draft) ? draft.checked.value : undefined

/** Whether the embeddings are said to be of the model in use, their photos say otherwise, and nobody said why. */
export function saysWhyFirst(draft: ImportDraft | undefined): boolean {
  const check = draft === undefined ? undefined : checkedNow(draft)
  if (draft === undefined || check === undefined) return false
  const isClaimed = draft.options.modelId === check.modelId
  return isClaimed && check.verdict === 'another' && draft.modelReason.trim() === ''
}

export const triedNow = (draft: ImportDraft): TriedImport | undefined =>
  draft.tried?.key === triedKey(draft) ? draft.tried.value : undefined

/**
 * With what was found. Domains that the source names go into those of their names; rows that are of none go where searches look, as far
 * as nothing was chosen.
 */
export function withFound(draft: ImportDraft, found: Inspection, searched: Domain | null): ImportDraft {
  const targets = new Map(draft.targets)
  const { domain: only } = draft.options
  for (const { domain } of found.domains) {
    if (targets.has(domain)) continue
    const own = only ?? domainSchema.safeParse(domain).data ?? ''
    targets.set(
      domain,
      domain === null ? (only ?? searched ?? '') : only !== null && domain !== only ? '' : own,
    )
  }
  return { ...draft, targets, found: { key: readKey(draft), value: found } }
}

/** Sources of whose rows the person is known by a rule only. */
export const byRule = (kind: ImportKind): boolean => kind === 'deepface-pkl' || kind === 'folder'

/** Why it cannot go on; `undefined` where it can. */
export function whatIsMissing(draft: ImportDraft, found: Inspection): string | undefined {
  const { targets } = draft
  if (found.rows === 0) return 'The source is empty.'
  if (found.kind === 'visor') return undefined
  const wanted = found.domains.filter(({ domain }) => targets.get(domain) !== '')
  if (wanted.length === 0) {
    return found.domains.length === 1 && found.domains[0]?.domain === null
      ? 'Say which domain they are to come into.'
      : 'Say which domain somebody is to come into: all of them are left out.'
  }
  const unfit = wanted.find(({ domain }) => !domainSchema.safeParse(targets.get(domain)).success)
  if (unfit !== undefined) return `“${targets.get(unfit.domain)}” cannot be the name of a domain.`
  return saysWhyFirst(draft)
    ? 'Their photos say that another model made them: choose what the source says, or say why not.'
    : undefined
}

/** What main is asked for: to be looked at whole, whatever is to be taken of it. */
export function inspectionOf(draft: ImportDraft, clientId: ClientId): RequestInput<'import.inspect'> {
  const { place, kind, password, options } = draft
  const { domains: _, ...rest } = options
  return {
    clientId,
    place,
    kind,
    options: { ...rest, domain: null },
    password: password === '' ? null : password,
  }
}

/** The same for a trial or a run. A gallery of Visor is copied with its ids, so its domains keep their names. */
export function wantedOf(draft: ImportDraft, clientId: ClientId): RequestInput<'import.run'> {
  const asked = withReason(inspectionOf(draft, clientId), draft.modelReason.trim())
  const found = foundNow(draft)
  if (found?.kind === 'visor')
    return { ...asked, options: { ...asked.options, domain: draft.options.domain } }
  const domains = [...draft.targets].flatMap(([from, typed]) => {
    const to = domainSchema.safeParse(typed)
    const there = found === undefined || found.domains.some(({ domain }) => domain === from)
    return to.success && there ? [{ from, to: to.data }] : []
  })
  return domains.length === 0 ? asked : { ...asked, options: { ...asked.options, domains } }
}

function withReason(asked: RequestInput<'import.run'>, modelReason: string): RequestInput<'import.run'> {
  const { options } = asked
  if (modelReason === '' || options.modelId === null) return asked
  return { ...asked, options: { ...options, modelReason } }
}

/**
 * What the embeddings may be said to be of: what the source claims itself (`null`), the model in use, and, where the source claims that
 * one, none that has a name.
 */
export function modelChoices(
  found: Pick<Inspection, 'models'>,
  active: string | undefined,
): readonly { readonly modelId: string | null; readonly why: 'claimed' | 'active' | 'unnamed' }[] {
  const claimed = found.models.some(({ modelId }) => modelId === active)
  const named = active === undefined || claimed ? undefined : modelIdSchema.safeParse(active).data
  return [
    { modelId: null, why: 'claimed' as const },
    ...(named === undefined ? [] : [{ modelId: named, why: 'active' as const }]),
    ...(claimed ? [{ modelId: unclaimedModel, why: 'unnamed' as const }] : []),
  ]
}

/** Rows with nothing wrong but their embedding, by what is wrong with it. */
export function unusableEmbeddings({ models, problems }: Pick<Inspection, 'models' | 'problems'>): readonly {
  readonly reason: RejectReason
  readonly rows: number
}[] {
  const otherLength = models.filter(({ dimension }) => dimension !== embeddingLength)
  const rows = otherLength.reduce((sum, model) => sum + model.rows, 0)
  return [
    ...(rows === 0 ? [] : [{ reason: 'wrong-dimension' as const, rows }]),
    ...problems.filter(({ reason }) => unusableEmbedding.has(reason)),
  ]
}
