/** All faces of a group, large enough to judge; some can be chosen. Only the rows in view are elements. Renderer. */
import { useEffect, useEffectEvent } from 'react'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { UnknownFace } from '../../../../src-shared/unknown'
import { FaceGrid, FaceOption, useFaceGrid } from '../../../components/face-grid'
import { useActions, useVisor } from '../../../state/use-visor'
import { counted, dayOf } from '../../../wording'

const leastCellPx = 156
const captionPx = 38

export function GroupFaces({ faces }: { readonly faces: readonly UnknownFace[] }) {
  const grid = useFaceGrid(faces.length, leastCellPx, captionPx)
  const { columns, scroller, virtualizer } = grid
  const place = useVisor((state) => state.facePlace)
  const { setFaceColumns } = useActions()
  const follow = useEffectEvent((row: number) => virtualizer.scrollToIndex(row))
  useEffect(() => setFaceColumns(columns), [columns, setFaceColumns])
  useEffect(() => follow(Math.floor(place / columns)), [place, columns])
  // Whoever opens a group goes on with the keys.
  useEffect(() => scroller.current?.focus({ preventScroll: true }), [scroller])
  const active = faces[place]
  return (
    <FaceGrid
      grid={grid}
      faces={faces}
      activeId={active === undefined ? undefined : `unknown-${active.faceId}`}
      data-pane-focus
      aria-label="Faces of the group"
    >
      {(face, at) => <Face key={face.faceId} face={face} place={at} />}
    </FaceGrid>
  )
}

function Face({ face, place }: { readonly face: UnknownFace; readonly place: number }) {
  const chosen = useVisor((state) => state.chosenFaces.chosen.has(face.faceId))
  const active = useVisor((state) => state.facePlace === place)
  const { chooseFace } = useActions()
  const file = face.photoPath === '' ? 'Pasted picture' : (face.photoPath.split(/[\\/]/).at(-1) ?? '')
  return (
    <FaceOption
      id={`unknown-${face.faceId}`}
      picture={pictureUrl.reference(face.faceId)}
      file={file}
      facts={`${dayOf(face.keptAt)} · ${face.quality.toFixed(2)}`}
      title={`${face.photoPath}\nkept ${dayOf(face.keptAt)}, quality ${face.quality}`}
      label={`${file}, quality ${face.quality.toFixed(2)}`}
      chosen={chosen}
      active={active}
      onChoose={(how) => chooseFace(place, how)}
    />
  )
}

/** What is chosen, in words. */
export function chosenWords(chosen: number, faces: number): string {
  if (chosen === 0) return `About all ${counted(faces, 'face')}. Choose some to speak of them alone.`
  return `About the ${counted(chosen, 'face')} chosen.`
}
