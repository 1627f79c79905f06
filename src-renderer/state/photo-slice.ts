/** The photo that is open in Galleries, and the face chosen on it. Renderer. */
import type { StateCreator } from 'zustand'
import { hasCode, type WireError } from '../../src-shared/errors'
import type { GalleryPhoto, PhotoFace } from '../../src-shared/gallery'
import type { FaceId, PhotoId } from '../../src-shared/ids'
import { request } from '../api'
import type { State } from './store'

export interface PhotoSlice {
  readonly openedPhoto: PhotoId | null
  /** The photos to go through, in the order of the person's faces. */
  readonly photosInReach: readonly PhotoId[]
  /** What is known of the open photo; `undefined` until it is here. */
  readonly galleryPhoto: GalleryPhoto | undefined
  readonly photoFaceId: FaceId | null
  /** Why the photo itself cannot be shown. */
  readonly photoTrouble: WireError | undefined
  /** Opens a photo in the middle of Galleries. */
  readonly openPhoto: (photoId: PhotoId, faceId: FaceId | null, inReach: readonly PhotoId[]) => void
  readonly stepGalleryPhoto: (delta: number) => void
  readonly choosePhotoFace: (faceId: FaceId) => void
  readonly stepPhotoFace: (delta: number) => void
  /** Asks again for what is known of the open photo. */
  readonly refreshPhoto: () => Promise<void>
  /** Asks why the photo cannot be shown. */
  readonly askPhotoTrouble: () => Promise<void>
  /** The file was found again, or put back. */
  readonly forgetPhotoTrouble: () => void
}

const nothingOpen = { galleryPhoto: undefined, photoFaceId: null, photoTrouble: undefined }

export const createPhotoSlice: StateCreator<State, [], [], PhotoSlice> = (set, get) => ({
  openedPhoto: null,
  photosInReach: [],
  ...nothingOpen,
  openPhoto: (openedPhoto, photoFaceId, photosInReach) => {
    get().leavePhoto()
    get().showGalleriesView('photo')
    const isSame = openedPhoto === get().openedPhoto
    set({ ...(isSame ? {} : nothingOpen), openedPhoto, photoFaceId, photosInReach })
    void get().refreshPhoto()
  },
  stepGalleryPhoto: (delta) => {
    const { openedPhoto, photosInReach, openPhoto } = get()
    const here = openedPhoto === null ? -1 : photosInReach.indexOf(openedPhoto)
    const next = photosInReach[here + delta]
    if (here !== -1 && next !== undefined) openPhoto(next, null, photosInReach)
  },
  choosePhotoFace: (photoFaceId) => set({ photoFaceId, draft: null, overlay: null }),
  stepPhotoFace: (delta) => {
    const { galleryPhoto, photoFaceId, choosePhotoFace } = get()
    const faces = galleryPhoto?.faces ?? []
    const here = faces.findIndex(({ faceId }) => faceId === photoFaceId)
    const next = faces[Math.min(Math.max(here + delta, 0), faces.length - 1)]
    if (next !== undefined) choosePhotoFace(next.faceId)
  },
  refreshPhoto: async () => {
    const { openedPhoto } = get()
    if (openedPhoto === null) return
    await get().attempt(async () => {
      try {
        const galleryPhoto = await request('photo.open', { photoId: openedPhoto })
        if (get().openedPhoto !== openedPhoto) return
        const { activePerson, photoFaceId } = get()
        const { faces } = galleryPhoto
        const chosen =
          faces.find(({ faceId }) => faceId === photoFaceId) ??
          faces.find(({ person }) => person?.personId === activePerson) ??
          faces[0]
        set({ galleryPhoto, photoFaceId: chosen?.faceId ?? null })
      } catch (error) {
        // Its last face went, and the photo with it: there is nothing left to show.
        if (!hasCode(error, 'not-found')) throw error
        if (get().openedPhoto !== openedPhoto) return
        set({ ...nothingOpen, openedPhoto: null })
        if (get().galleriesView === 'photo') get().showGalleriesView('people')
      }
    })
  },
  askPhotoTrouble: async () => {
    const { openedPhoto } = get()
    if (openedPhoto === null) return
    await get().attempt(async () => {
      const trouble = await request('photo.trouble', { photoId: openedPhoto })
      if (get().openedPhoto === openedPhoto) set({ photoTrouble: trouble ?? undefined, draft: null })
    })
  },
  forgetPhotoTrouble: () => set({ photoTrouble: undefined }),
})

/** The face that is chosen on the open photo. */
export function chosenPhotoFace({
  galleryPhoto,
  photoFaceId,
}: Pick<State, 'galleryPhoto' | 'photoFaceId'>): PhotoFace | undefined {
  return galleryPhoto?.faces.find(({ faceId }) => faceId === photoFaceId)
}
