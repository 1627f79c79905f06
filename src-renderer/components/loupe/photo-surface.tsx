/** A photo in the loupe: its pictures, coarse to fine, zoom and pan, the marks of its faces, a box in the making. Renderer. */
import { useRef } from 'react'
import { previewEdgePx } from '../../state/details-slice'
import { useVisor } from '../../state/use-visor'
import { BoxEditor } from './box-editor'
import { type FaceMark, FaceMarks } from './face-marks'
import styles from './photo-surface.module.css'
import { useLoupePointer } from './use-loupe-pointer'
import { boxInLoupe, type Size, viewOf } from './viewport'

interface PhotoSurfaceProps {
  readonly photo: Size
  readonly alt: string
  /** Shown until a larger picture is here. */
  readonly thumbnail?: string
  /** Address of the photo, longer edge at most so many pixels; 0 = full size. */
  readonly pictureAt: (maxEdgePx: number) => string
  /** The pictures cannot be had. */
  readonly broken: boolean
  readonly onBroken: () => void
  readonly marks: readonly FaceMark[]
  readonly chosen: string | undefined
  readonly onChoose: (face: string) => void
  /** The chosen face's box can be pulled at its handles. */
  readonly editable: boolean
}

export function PhotoSurface(props: PhotoSurfaceProps) {
  const { photo, alt, thumbnail, pictureAt, broken, onBroken, marks, chosen, onChoose, editable } = props
  const loupe = useVisor((state) => state.loupeSize)
  const zoom = useVisor((state) => state.zoom)
  const draft = useVisor((state) => state.draft)
  const mark = marks.find(({ key }) => key === chosen)
  const view = viewOf(zoom, photo, loupe, mark?.box)
  const frame = boxInLoupe(view, loupe, { x: 0, y: 0, w: photo.width, h: photo.height })
  const surface = useRef<HTMLDivElement>(null)
  useLoupePointer(surface, photo, onChoose)

  const longerEdgePx = Math.max(photo.width, photo.height)
  const neededPx = longerEdgePx * view.scale * window.devicePixelRatio
  const wantsFull = longerEdgePx > previewEdgePx && neededPx > previewEdgePx
  const place = {
    width: frame.w,
    height: frame.h,
    transform: `translate(${frame.x}px, ${frame.y}px)`,
    imageRendering: view.scale * window.devicePixelRatio > 3 ? ('pixelated' as const) : ('auto' as const),
  }
  const picture = { style: place, decoding: 'async', draggable: false } as const
  const shown = draft === null ? marks : marks.filter(({ key }) => key !== draft.face)

  return (
    <div ref={surface} className={styles.surface} data-pannable={zoom !== 'fit' || undefined}>
      {thumbnail !== undefined && <img {...picture} src={thumbnail} alt="" />}
      {!broken && <img {...picture} src={pictureAt(previewEdgePx)} alt={alt} onError={onBroken} />}
      {wantsFull && !broken && <img {...picture} src={pictureAt(0)} alt="" />}
      <FaceMarks marks={shown} chosen={draft === null ? chosen : undefined} view={view} loupe={loupe} />
      {draft !== null ? (
        <BoxEditor face={draft.face} box={draft.box} photo={photo} view={view} loupe={loupe} />
      ) : (
        editable &&
        mark !== undefined && (
          <BoxEditor face={mark.key} box={mark.box} photo={photo} view={view} loupe={loupe} resting />
        )
      )}
    </div>
  )
}
