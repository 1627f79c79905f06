/** A photo of the gallery in the middle of Galleries: whole, with every known face, whose boxes can be changed. Renderer. */
import { Button, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { GalleryPhoto, PhotoFace } from '../../../src-shared/gallery'
import { pictureUrl } from '../../../src-shared/picture-url'
import { ErrorNote } from '../../components/error-note'
import { FileName } from '../../components/file-name'
import { DraftBar } from '../../components/loupe/draft-bar'
import type { FaceMark } from '../../components/loupe/face-marks'
import { PhotoSurface } from '../../components/loupe/photo-surface'
import { useLoupeSize } from '../../components/loupe/use-loupe-size'
import { ZoomButtons } from '../../components/loupe/zoom-buttons'
import { WithRight } from '../../components/without-right'
import { locatePhoto } from '../../state/box-acts'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { counted, fileName } from '../../wording'
import { PhotoFaceBar } from './photo-face-bar'
import styles from './photo-pane.module.css'

export function PhotoPane() {
  const photo = useVisor((state) => state.galleryPhoto)
  const pane = useLoupeSize()
  const opened = useVisor((state) => state.openedPhoto)
  const { leavePhoto } = useActions()
  // The keys are the photo's now: its faces, its boxes, the next photo.
  useEffect(() => {
    if (opened !== null) pane.current?.focus({ preventScroll: true })
  }, [opened, pane])
  // Where it was on this photo means nothing on the next one that a loupe shows.
  useEffect(() => leavePhoto, [leavePhoto])
  return (
    <div className={styles.pane} data-pane="photo">
      <Head photo={photo} />
      <div ref={pane} className={styles.loupe} tabIndex={-1} data-pane-focus data-testid="gallery-photo">
        {photo !== undefined && <Photo key={photo.photoId} photo={photo} />}
      </div>
      {photo !== undefined && <PhotoFaceBar photo={photo} />}
    </div>
  )
}

function Head({ photo }: { readonly photo: GalleryPhoto | undefined }) {
  const place = useVisor(({ openedPhoto, photosInReach }) =>
    openedPhoto === null ? -1 : photosInReach.indexOf(openedPhoto),
  )
  const total = useVisor((state) => state.photosInReach.length)
  const { showGalleriesView, stepGalleryPhoto } = useActions()
  return (
    <header className={styles.head}>
      <Tooltip label="Back to the people  Backspace">
        <Button size="compact-sm" variant="default" onClick={() => showGalleriesView('people')}>
          Back
        </Button>
      </Tooltip>
      {photo !== undefined && (
        <>
          <h1 className={styles.name} title={photo.path}>
            <FileName name={fileName(photo.path)} />
          </h1>
          <span className={styles.facts}>
            {photo.width} × {photo.height} · {counted(photo.faces.length, 'face')}
          </span>
        </>
      )}
      <span className={styles.space} />
      {total > 1 && (
        <span className={styles.steps}>
          <Step label="Previous photo  ↑" disabled={place <= 0} onClick={() => stepGalleryPhoto(-1)}>
            <IconChevronLeft size={16} aria-hidden />
          </Step>
          <span data-testid="photo-place">
            {place + 1} of {total}
          </span>
          <Step label="Next photo  ↓" disabled={place >= total - 1} onClick={() => stepGalleryPhoto(1)}>
            <IconChevronRight size={16} aria-hidden />
          </Step>
        </span>
      )}
      {photo !== undefined && <ZoomButtons photo={photo} />}
    </header>
  )
}

interface StepProps {
  readonly label: string
  readonly disabled: boolean
  readonly onClick: () => void
  readonly children: React.ReactNode
}

function Step({ label, disabled, onClick, children }: StepProps) {
  return (
    <Tooltip label={label}>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={label.split('  ')[0]}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </Button>
    </Tooltip>
  )
}

function Photo({ photo }: { readonly photo: GalleryPhoto }) {
  const store = useVisorStore()
  const chosen = useVisor((state) => state.photoFaceId)
  const trouble = useVisor((state) => state.photoTrouble)
  const curates = useMayDo('curate')
  const { choosePhotoFace, askPhotoTrouble } = useActions()
  const people = photo.faces.map(({ person }) => person?.name ?? 'nobody').join(', ') || 'none'
  return (
    <>
      <PhotoSurface
        photo={photo}
        alt={`${fileName(photo.path)}, faces: ${people}`}
        pictureAt={(maxEdgePx) => pictureUrl.galleryPhoto(photo.photoId, maxEdgePx)}
        broken={trouble !== undefined}
        onBroken={() => void askPhotoTrouble()}
        marks={photo.faces.map(markOf)}
        chosen={chosen ?? undefined}
        onChoose={(key) => {
          const face = photo.faces.find(({ faceId }) => faceId === key)
          if (face !== undefined) choosePhotoFace(face.faceId)
        }}
        editable={trouble === undefined && curates}
      />
      <DraftBar />
      {trouble !== undefined && (
        <div className={styles.trouble}>
          <ErrorNote error={trouble}>
            <WithRight right="curate">
              <Button variant="default" onClick={() => void locatePhoto(store)}>
                Choose the file…
              </Button>
            </WithRight>
            <Button variant="default" onClick={() => void askPhotoTrouble()}>
              Look again
            </Button>
          </ErrorNote>
        </div>
      )}
    </>
  )
}

function markOf({ faceId, box, person, manual }: PhotoFace): FaceMark {
  const decision = person === undefined ? 'unknown' : 'match'
  return { key: faceId, box, decision, name: person?.name, manual }
}
