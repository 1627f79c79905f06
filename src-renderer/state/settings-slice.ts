/** What is remembered: shown at once, kept by main a moment later. Renderer. */
import type { StateCreator } from 'zustand'
import type { QueueFilter } from '../../src-shared/queue'
import { answersDiffer, type Settings, type SettingsPatch } from '../../src-shared/settings'
import { request } from '../api'
import type { State } from './store'

type SearchPatch = NonNullable<SettingsPatch['search']>

export interface SettingsSlice {
  /** Loaded before the first render. */
  readonly settings: Settings
  /** Takes main's settings; what was changed here and is not yet kept stays on top. */
  readonly takeSettings: (settings: Settings) => void
  /** Changes settings at once and has main keep them after a moment of quiet. */
  readonly remember: (patch: SettingsPatch) => void
  /** Changes how is searched, without delay: main searches the recognised photos again. */
  readonly changeSearch: (patch: SearchPatch) => Promise<void>
  readonly setFilter: (patch: Partial<QueueFilter>) => void
}

const quietMs = 300

/** Settings with a patch laid over them; the parts of `search` one by one. */
export function patched(settings: Settings, patch: SettingsPatch): Settings {
  const search = Object.assign({}, settings.search, patch.search)
  return Object.assign({}, settings, patch, { search })
}

/** Two patches as one; the later wins. */
export function mergedPatch(first: SettingsPatch, second: SettingsPatch): SettingsPatch {
  const merged = Object.assign({}, first, second)
  if (first.search === undefined || second.search === undefined) return merged
  return Object.assign(merged, { search: Object.assign({}, first.search, second.search) })
}

export function createSettingsSlice(initial: Settings): StateCreator<State, [], [], SettingsSlice> {
  return (set, get) => {
    let pending: SettingsPatch = {}
    /** On its way to main, which may tell of other changes before it has this one. */
    let sending: SettingsPatch = {}
    let sends = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    /** What main searches by, as far as it has said so. */
    let inForce = initial

    async function send(): Promise<void> {
      clearTimeout(timer)
      const patch = pending
      if (Object.keys(patch).length === 0) return
      pending = {}
      sending = mergedPatch(sending, patch)
      sends += 1
      const answer = request('settings.update', patch).finally(() => {
        sends -= 1
        if (sends === 0) sending = {}
      })
      get().takeSettings(await answer)
    }

    function change(patch: SettingsPatch): void {
      pending = mergedPatch(pending, patch)
      set({ settings: patched(get().settings, patch) })
    }

    return {
      settings: initial,
      takeSettings: (settings) => {
        const otherwise = answersDiffer(inForce, settings)
        inForce = settings
        set({ settings: patched(settings, mergedPatch(sending, pending)) })
        if (otherwise) get().renewDetails()
      },
      remember: (patch) => {
        change(patch)
        clearTimeout(timer)
        timer = setTimeout(() => void get().attempt(send), quietMs)
      },
      changeSearch: (patch) =>
        get().attempt(async () => {
          change({ search: patch })
          await send()
        }),
      setFilter: (patch) => get().remember({ filter: { ...get().settings.filter, ...patch } }),
    }
  }
}
