/** The photo, large: zoom, pan, its faces boxed and named. Renderer. */
import { Button } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useState } from 'react'
import type { ItemId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/picture-url'
import type { QueueItem } from '../../../src-shared/queue'
import type { RecognisedFace, Recognition } from '../../../src-shared/recognition'
import { EmptyState } from '../../components/empty-state'
import { ErrorNote } from '../../components/error-note'
import { DraftBar } from '../../components/loupe/draft-bar'
import type { FaceMark } from '../../components/loupe/face-marks'
import { PhotoSurface } from '../../components/loupe/photo-surface'
import { useLoupeSize } from '../../components/loupe/use-loupe-size'
import { activeItem } from '../../state/selection-slice'
import { useActions, useVisor } from '../../state/use-visor'
import styles from './loupe.module.css'
import { LoupeHead } from './loupe-head'
import { FailedPhoto, PendingPhoto } from './unanswered-photo'

export function Loupe() {
  const item = useVisor(activeItem)
  const pane = useLoupeSize()
  return (
    <div className={styles.loupe} data-pane="loupe">
      {item !== undefined && <LoupeHead item={item} />}
      <div ref={pane} className={styles.pane} tabIndex={-1} data-pane-focus data-testid="loupe">
        {item === undefined ? <NoPhoto /> : <LoupeContent item={item} />}
      </div>
    </div>
  )
}

function NoPhoto() {
  return (
    <EmptyState
      picture={<IconPhoto size={48} stroke={1.2} />}
      title="The photo you choose is shown here"
      text="With a box on each face: solid for a match, dashed for a possible, dotted for an unknown."
    />
  )
}

function LoupeContent({ item }: { readonly item: QueueItem }) {
  const entry = useVisor((state) => state.details.get(item.itemId))
  const { loadDetail } = useActions()
  if (item.error !== undefined) return <FailedPhoto itemId={item.itemId} error={item.error} />
  if (item.state !== 'done') return <PendingPhoto item={item} />
  if (entry?.error !== undefined) {
    return (
      <div className={styles.failed}>
        <ErrorNote error={entry.error}>
          <Button variant="default" onClick={() => void loadDetail(item.itemId)}>
            Ask again
          </Button>
        </ErrorNote>
      </div>
    )
  }
  const recognition = entry?.detail?.recognition
  if (recognition === undefined) {
    return <img className={styles.early} src={pictureUrl.thumbnail(item.itemId)} alt="" draggable={false} />
  }
  return <Photo key={item.itemId} itemId={item.itemId} name={item.name} recognition={recognition} />
}

interface PhotoProps {
  readonly itemId: ItemId
  readonly name: string
  readonly recognition: Recognition
}

function Photo({ itemId, name, recognition }: PhotoProps) {
  const faceIndex = useVisor((state) => state.faceIndex)
  const { selectFace } = useActions()
  const [broken, setBroken] = useState(false)
  const { faces } = recognition
  const people = faces.map(({ person }) => person?.name ?? 'unknown').join(', ') || 'none'
  return (
    <>
      <PhotoSurface
        photo={recognition}
        alt={`${name}, faces: ${people}`}
        thumbnail={pictureUrl.thumbnail(itemId)}
        pictureAt={(maxEdgePx) => pictureUrl.photo(itemId, maxEdgePx)}
        broken={broken}
        onBroken={() => setBroken(true)}
        marks={faces.map(markOf)}
        chosen={String(faceIndex)}
        onChoose={(face) => selectFace(Number(face))}
        editable={faces[faceIndex]?.manual === true}
      />
      <DraftBar />
      {broken && (
        <p className={styles.broken} role="status">
          The photo can no longer be read; this is the small copy Visor kept.
        </p>
      )}
    </>
  )
}

function markOf({ index, box, decision, person, manual }: RecognisedFace): FaceMark {
  return { key: String(index), box, decision, name: person?.name, manual: manual === true }
}
