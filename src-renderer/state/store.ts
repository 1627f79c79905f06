/** The window's state: slices with their actions, put together. No pixels, no vectors. Renderer. */
import { createStore as create, type StoreApi } from 'zustand/vanilla'
import type { Settings } from '../../src-shared/settings'
import { type BrowseSlice, createBrowseSlice } from './browse-slice'
import { createDetailsSlice, type DetailsSlice } from './details-slice'
import { createEnrolmentSlice, type EnrolmentSlice } from './enrolment-slice'
import { createErasureSlice, type ErasureSlice } from './erasure-slice'
import { createGalleriesSlice, type GalleriesSlice } from './galleries-slice'
import { createHealthSlice, type HealthSlice } from './health-slice'
import { createImportSlice, type ImportSlice } from './import-slice'
import { createLoupeSlice, type LoupeSlice } from './loupe-slice'
import { createObjectionSlice, type ObjectionSlice } from './objection-slice'
import { createPhotoSlice, type PhotoSlice } from './photo-slice'
import { createQueueSlice, type QueueSlice } from './queue-slice'
import { createSelectionSlice, type SelectionSlice } from './selection-slice'
import { createSettingsSlice, type SettingsSlice } from './settings-slice'
import { createStatusSlice, type StatusSlice } from './status-slice'
import { createSuggestionsSlice, type SuggestionsSlice } from './suggestions-slice'
import { createUnknownSlice, type UnknownSlice } from './unknown-slice'

export interface State
  extends QueueSlice,
    SelectionSlice,
    ObjectionSlice,
    EnrolmentSlice,
    DetailsSlice,
    ErasureSlice,
    SettingsSlice,
    StatusSlice,
    GalleriesSlice,
    BrowseSlice,
    UnknownSlice,
    SuggestionsSlice,
    HealthSlice,
    ImportSlice,
    LoupeSlice,
    PhotoSlice {}

export type Store = StoreApi<State>

/** Makes a store that starts with the settings main has kept. */
export function createStore(settings: Settings): Store {
  return create<State>()((...tools) => ({
    ...createQueueSlice(...tools),
    ...createSelectionSlice(...tools),
    ...createObjectionSlice(...tools),
    ...createEnrolmentSlice(...tools),
    ...createDetailsSlice(...tools),
    ...createErasureSlice(...tools),
    ...createSettingsSlice(settings)(...tools),
    ...createStatusSlice(...tools),
    ...createGalleriesSlice(...tools),
    ...createBrowseSlice(...tools),
    ...createHealthSlice(...tools),
    ...createImportSlice(...tools),
    ...createUnknownSlice(...tools),
    ...createSuggestionsSlice(...tools),
    ...createLoupeSlice(...tools),
    ...createPhotoSlice(...tools),
  }))
}
