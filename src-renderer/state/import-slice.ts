/** Imports from other systems: the one that is being prepared, and those that there were. Renderer. */
import type { StateCreator } from 'zustand'
import { hasCode, type VisorError } from '../../src-shared/errors'
import type { ImportRunId, JobId } from '../../src-shared/ids'
import type { SourcePlace } from '../../src-shared/import'
import type { ImportOptions } from '../../src-shared/import-run'
import type { EventPayload, RequestOutput } from '../../src-shared/ipc'
import { asVisorError, request, takeSource } from '../api'
import {
  checkedNow,
  draftAgain,
  draftOf,
  type ImportDraft,
  inspectionOf,
  readKey,
  saysWhyFirst,
  triedKey,
  wantedOf,
  withFound,
} from './import-draft'
import type { State } from './store'

export type ListedRun = RequestOutput<'import.runs'>[number]

/** What main is busy with before a run: nothing is written yet. */
export interface ImportLook {
  readonly what: 'inspect' | 'check' | 'try' | 'begin'
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
  /** The last work that was begun on a run, also once it ended. */
  readonly importWork: { readonly runId: ImportRunId; readonly jobId: JobId } | undefined
  /** Where photos are sought that are not at their paths. */
  readonly photoFolder: string | null
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
  /** Why the embeddings are of the model in use although their photos say otherwise. */
  readonly setModelReason: (modelReason: string) => void
  readonly choosePhotoFolder: () => Promise<void>
  readonly leavePhotoFolder: () => void
  readonly inspectSource: () => Promise<void>
  /** Compares embeddings of the source with fresh ones of their photos. */
  readonly checkModel: () => Promise<void>
  readonly tryImport: () => Promise<void>
  readonly stopLooking: () => Promise<void>
  readonly beginImport: () => Promise<void>
  readonly showImport: (runId: ImportRunId | null) => void
  /** The rows that a run rejected, once more. */
  readonly importRejectedAgain: (runId: ImportRunId) => void
  /** Has main do something with a run, as a job or at once; what stands in the way is kept as {@link importProblem}. */
  readonly actOnImport: (
    runId: ImportRunId,
    act: () => Promise<{ readonly jobId: JobId } | undefined>,
  ) => Promise<void>
}

export const createImportSlice: StateCreator<State, [], [], ImportSlice> = (set, get) => {
  const change = (patch: (draft: ImportDraft) => ImportDraft) => {
    const { importDraft } = get()
    if (importDraft !== undefined) set({ importDraft: patch(importDraft) })
  }
  /** Runs one look at a time; an answer about a source that was put away meanwhile is dropped. Whether it came to its end. */
  async function look(
    what: ImportLook['what'],
    ask: (draft: ImportDraft) => Promise<void>,
  ): Promise<boolean> {
    const { importDraft } = get()
    if (importDraft === undefined) return false
    set({ importLook: { what, progress: null }, importProblem: undefined })
    try {
      await ask(importDraft)
      return true
    } catch (error) {
      if (!hasCode(error, 'cancelled')) set({ importProblem: asVisorError(error) })
      return false
    } finally {
      set({ importLook: undefined })
    }
  }
  const wanted = (draft: ImportDraft) => wantedOf(draft, get().settings.search.clientId)
  const checked = () =>
    look('check', async (asked) => {
      const { settings, photoFolder: folder } = get()
      const value = await request('import.checkModel', {
        ...inspectionOf(asked, settings.search.clientId),
        folder,
      })
      if (isStill(asked)) change((draft) => ({ ...draft, checked: { key: readKey(asked), value } }))
    })
  const isStill = (draft: ImportDraft) => get().importDraft?.place === draft.place

  return {
    importDraft: undefined,
    importLook: undefined,
    importProblem: undefined,
    importRuns: undefined,
    importBegun: undefined,
    openImport: null,
    importWork: undefined,
    photoFolder: null,
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
      const importDraft = { ...draftOf(place), ...more }
      set({ importDraft, importProblem: undefined, openImport: null, photoFolder: null })
    },
    closeImport: () => {
      void get().stopLooking()
      set({ importDraft: undefined, importProblem: undefined, openImport: null, photoFolder: null })
    },
    changeImport: (patch) => change((draft) => ({ ...draft, options: { ...draft.options, ...patch } })),
    setImportTarget: (from, to) =>
      change((draft) => ({ ...draft, targets: new Map(draft.targets).set(from, to) })),
    setModelReason: (modelReason) => change((draft) => ({ ...draft, modelReason })),
    choosePhotoFolder: () =>
      get().attempt(async () => {
        const photoFolder = await request('import.choose', { what: 'folder' })
        if (photoFolder !== null) set({ photoFolder })
      }),
    leavePhotoFolder: () => set({ photoFolder: null }),
    inspectSource: async () => {
      await look('inspect', async (asked) => {
        const found = await request('import.inspect', inspectionOf(asked, get().settings.search.clientId))
        if (!isStill(asked)) return
        const { domain } = get().settings.search
        change((draft) => (readKey(draft) === readKey(asked) ? withFound(draft, found, domain) : draft))
      })
    },
    checkModel: async () => {
      await checked()
    },
    tryImport: async () => {
      const { importDraft } = get()
      // The run asks why; whoever claims so may say it before.
      const claims = importDraft !== undefined && importDraft.options.modelId !== null
      if (claims && checkedNow(importDraft) === undefined && !(await checked())) return
      if (claims && saysWhyFirst(get().importDraft)) return
      await look('try', async (asked) => {
        const value = await request('import.tryOut', wanted(asked))
        if (isStill(asked)) change((draft) => ({ ...draft, tried: { key: triedKey(asked), value } }))
      })
    },
    stopLooking: async () => {
      if (get().importLook !== undefined) await get().attempt(() => request('import.stopLooking'))
    },
    beginImport: async () => {
      await look('begin', async (asked) => {
        const importWork = await request('import.run', wanted(asked))
        const { runId } = importWork
        set({ importWork })
        await get().loadImportRuns()
        set({ openImport: runId, importDraft: undefined, importBegun: { runId, draft: asked } })
      })
    },
    showImport: (openImport) =>
      set({ openImport, importPassword: '', importProblem: undefined, photoFolder: null }),
    importRejectedAgain: (runId) => {
      const run = get().importRuns?.find((one) => one.run.runId === runId)?.run
      const importDraft = run === undefined ? undefined : draftAgain(run)
      if (importDraft !== undefined) set({ importDraft, openImport: null, importProblem: undefined })
    },
    actOnImport: async (runId, act) => {
      set({ importProblem: undefined })
      try {
        const work = await act()
        set({ importPassword: '', ...(work === undefined ? {} : { importWork: { runId, ...work } }) })
        await get().loadImportRuns()
      } catch (error) {
        set({ importProblem: asVisorError(error) })
      }
    },
  }
}
