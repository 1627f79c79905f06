/** Imports from other systems: the one that is being prepared, and those that there were. Renderer. */
import type { StateCreator } from 'zustand'
import { hasCode, type VisorError } from '../../src-shared/errors'
import type { ImportRunId } from '../../src-shared/ids'
import type { SourcePlace } from '../../src-shared/import'
import type { ImportOptions } from '../../src-shared/import-run'
import type { EventPayload, RequestOutput } from '../../src-shared/ipc'
import { asVisorError, request, takeSource } from '../api'
import {
  draftAgain,
  draftOf,
  type ImportDraft,
  inspectionOf,
  readKey,
  triedKey,
  wantedOf,
  withFound,
} from './import-draft'
import type { State } from './store'

export type ListedRun = RequestOutput<'import.runs'>[number]

/** What main is busy with before a run: nothing is written yet. */
export interface ImportLook {
  readonly what: 'inspect' | 'try' | 'begin'
  readonly progress: EventPayload<'importLook'>
}

export interface ImportSlice {
  readonly importDraft: ImportDraft | undefined
  readonly importLook: ImportLook | undefined
  /** Why the last thing that was asked for was not done. */
  readonly importProblem: VisorError | undefined
  /** The last draft that a run was made of, and what was found for it. */
  readonly importBegun: { readonly runId: ImportRunId; readonly draft: ImportDraft } | undefined
  /** Newest first; `undefined` until main has answered. */
  readonly importRuns: readonly ListedRun[] | undefined
  /** The run that is shown; `null`: the draft, or where there is none the beginning. */
  readonly openImport: ImportRunId | null
  /** Typed for a run whose source is a server, to read it once more; '' where the one that Visor holds is meant. */
  readonly importPassword: string
  readonly setImportPassword: (password: string) => void
  /** Another store, or another client: its runs are others. */
  readonly leaveImports: () => void
  readonly loadImportRuns: () => Promise<void>
  readonly takeImportLook: (progress: EventPayload<'importLook'>) => void
  readonly chooseSource: (what: 'file' | 'folder') => Promise<void>
  /** Takes what was dropped on the page. */
  readonly dropAsSource: (files: readonly File[]) => Promise<void>
  /** Another source: what was found in the former is forgotten. */
  readonly setSource: (place: SourcePlace, more?: Partial<Pick<ImportDraft, 'kind' | 'password'>>) => void
  readonly closeImport: () => void
  readonly changeImport: (patch: Partial<ImportOptions>) => void
  readonly setImportTarget: (from: string | null, to: string) => void
  readonly inspectSource: () => Promise<void>
  readonly tryImport: () => Promise<void>
  readonly stopLooking: () => Promise<void>
  readonly beginImport: () => Promise<void>
  readonly showImport: (runId: ImportRunId | null) => void
  /** The rows that a run rejected, once more. */
  readonly importRejectedAgain: (runId: ImportRunId) => void
  /** Has main do something with a run; what stands in the way is kept as {@link importProblem}. */
  readonly actOnImport: (act: () => Promise<unknown>) => Promise<void>
}

export const createImportSlice: StateCreator<State, [], [], ImportSlice> = (set, get) => {
  const change = (patch: (draft: ImportDraft) => ImportDraft) => {
    const { importDraft } = get()
    if (importDraft !== undefined) set({ importDraft: patch(importDraft) })
  }
  /** Runs one look at a time; an answer about a source that was put away meanwhile is dropped. */
  async function look(what: ImportLook['what'], ask: (draft: ImportDraft) => Promise<void>): Promise<void> {
    const { importDraft } = get()
    if (importDraft === undefined) return
    set({ importLook: { what, progress: null }, importProblem: undefined })
    try {
      await ask(importDraft)
    } catch (error) {
      if (!hasCode(error, 'cancelled')) set({ importProblem: asVisorError(error) })
    } finally {
      set({ importLook: undefined })
    }
  }
  const wanted = (draft: ImportDraft) => wantedOf(draft, get().settings.search.clientId)
  const isStill = (draft: ImportDraft) => get().importDraft?.place === draft.place

  return {
    importDraft: undefined,
    importLook: undefined,
    importProblem: undefined,
    importRuns: undefined,
    importBegun: undefined,
    openImport: null,
    importPassword: '',
    setImportPassword: (importPassword) => set({ importPassword }),
    leaveImports: () => {
      set({ importRuns: undefined, openImport: null, importProblem: undefined })
      // Of another Visor the client was looked at that is worked on.
      const isKept = (draft: ImportDraft) => draft.found?.value.kind !== 'visor'
      change((draft) => ({ ...draft, found: isKept(draft) ? draft.found : undefined, tried: undefined }))
      void get().loadImportRuns()
    },
    loadImportRuns: () =>
      get().renew(async () => {
        const { clientId } = get().settings.search
        const importRuns = await request('import.runs', { clientId })
        if (get().settings.search.clientId === clientId) set({ importRuns })
      }),
    takeImportLook: (progress) => {
      const { importLook } = get()
      if (importLook !== undefined && progress !== null) set({ importLook: { ...importLook, progress } })
    },
    chooseSource: (what) =>
      get().attempt(async () => {
        const path = await request('import.choose', { what })
        if (path !== null) get().setSource({ at: 'path', path })
      }),
    dropAsSource: (files) =>
      get().attempt(async () => {
        const path = await takeSource(files)
        if (path !== null) get().setSource({ at: 'path', path })
      }),
    setSource: (place, more = {}) => {
      void get().stopLooking()
      set({ importDraft: { ...draftOf(place), ...more }, importProblem: undefined, openImport: null })
    },
    closeImport: () => {
      void get().stopLooking()
      set({ importDraft: undefined, importProblem: undefined, openImport: null })
    },
    changeImport: (patch) => change((draft) => ({ ...draft, options: { ...draft.options, ...patch } })),
    setImportTarget: (from, to) =>
      change((draft) => ({ ...draft, targets: new Map(draft.targets).set(from, to) })),
    inspectSource: () =>
      look('inspect', async (asked) => {
        const found = await request('import.inspect', inspectionOf(asked, get().settings.search.clientId))
        if (!isStill(asked)) return
        const { domain } = get().settings.search
        change((draft) => (readKey(draft) === readKey(asked) ? withFound(draft, found, domain) : draft))
      }),
    tryImport: () =>
      look('try', async (asked) => {
        const value = await request('import.tryOut', wanted(asked))
        if (isStill(asked)) change((draft) => ({ ...draft, tried: { key: triedKey(asked), value } }))
      }),
    stopLooking: async () => {
      if (get().importLook !== undefined) await get().attempt(() => request('import.stopLooking'))
    },
    beginImport: () =>
      look('begin', async (asked) => {
        const { runId } = await request('import.run', wanted(asked))
        await get().loadImportRuns()
        set({ openImport: runId, importDraft: undefined, importBegun: { runId, draft: asked } })
      }),
    showImport: (openImport) => set({ openImport, importPassword: '', importProblem: undefined }),
    importRejectedAgain: (runId) => {
      const run = get().importRuns?.find((one) => one.run.runId === runId)?.run
      const importDraft = run === undefined ? undefined : draftAgain(run)
      if (importDraft !== undefined) set({ importDraft, openImport: null, importProblem: undefined })
    },
    actOnImport: async (act) => {
      set({ importProblem: undefined })
      try {
        await act()
        set({ importPassword: '' })
        await get().loadImportRuns()
      } catch (error) {
        set({ importProblem: asVisorError(error) })
      }
    },
  }
}
