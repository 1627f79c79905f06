/** The photo, large: zoom, pan, its faces boxed and named. Renderer. */
import { Button } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { ItemId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/ipc'
import type { QueueItem } from '../../../src-shared/queue'
import type { Recognition } from '../../../src-shared/recognition'
import { EmptyState } from '../../components/empty-state'
import { ErrorNote } from '../../components/error-note'
import { previewEdgePx } from '../../state/details-slice'
import { activeItem } from '../../state/selection-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { FaceOverlay } from './face-overlay'
import styles from './loupe.module.css'
import { LoupeHead } from './loupe-head'
import { FailedPhoto, PendingPhoto } from './unanswered-photo'
import { useLoupePointer } from './use-loupe-pointer'
import { boxInLoupe, viewOf } from './viewport'

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

/** Tells the store how large the loupe is: what zooms by keys has to know. */
function useLoupeSize() {
  const pane = useRef<HTMLDivElement>(null)
  const { setLoupeSize } = useActions()
  useEffect(() => {
    const element = pane.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      setLoupeSize({ width: element.clientWidth, height: element.clientHeight })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [setLoupeSize])
  return pane
}

interface PhotoProps {
  readonly itemId: ItemId
  readonly name: string
  readonly recognition: Recognition
}

function Photo({ itemId, name, recognition }: PhotoProps) {
  const loupe = useVisor((state) => state.loupeSize)
  const zoom = useVisor((state) => state.zoom)
  const focus = useVisor((state) => recognition.faces[state.faceIndex]?.box)
  const [broken, setBroken] = useState(false)
  const view = viewOf(zoom, recognition, loupe, focus)
  const frame = boxInLoupe(view, loupe, { x: 0, y: 0, w: recognition.width, h: recognition.height })
  const surface = useRef<HTMLDivElement>(null)
  useLoupePointer(surface, recognition)

  const longerEdgePx = Math.max(recognition.width, recognition.height)
  const neededPx = longerEdgePx * view.scale * window.devicePixelRatio
  const wantsFull = longerEdgePx > previewEdgePx && neededPx > previewEdgePx
  const place = {
    width: frame.w,
    height: frame.h,
    transform: `translate(${frame.x}px, ${frame.y}px)`,
    imageRendering: view.scale * window.devicePixelRatio > 3 ? ('pixelated' as const) : ('auto' as const),
  }

  return (
    <div ref={surface} className={styles.surface} data-pannable={zoom !== 'fit' || undefined}>
      <img
        className={styles.under}
        style={place}
        src={pictureUrl.thumbnail(itemId)}
        alt=""
        draggable={false}
      />
      {!broken && (
        <img
          style={place}
          src={pictureUrl.photo(itemId, previewEdgePx)}
          alt={`${name}, faces: ${recognition.faces.map((face) => face.person?.name ?? 'unknown').join(', ') || 'none'}`}
          decoding="async"
          draggable={false}
          onError={() => setBroken(true)}
        />
      )}
      {wantsFull && !broken && (
        <img style={place} src={pictureUrl.photo(itemId, 0)} alt="" decoding="async" draggable={false} />
      )}
      <FaceOverlay faces={recognition.faces} view={view} loupe={loupe} />
      {broken && (
        <p className={styles.broken} role="status">
          The photo can no longer be read; this is the small copy Visor kept.
        </p>
      )}
    </div>
  )
}
