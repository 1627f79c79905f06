/** Every enrolled face of a person; some can be chosen, to be the cover, somebody else's, or nobody's. Renderer. */
import { Button, Popover } from '@mantine/core'
import { IconPencil, IconPhotoOff, IconStarFilled } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { PersonDetail, PersonFace } from '../../../src-shared/gallery'
import type { FaceId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/picture-url'
import { EmptyState } from '../../components/empty-state'
import { FaceGrid, FaceOption, useFaceGrid } from '../../components/face-grid'
import { PersonPicker } from '../../components/person-picker'
import { WithRight } from '../../components/without-right'
import { type Choice, nothingChosen, only, ranged, rangeTo, toggled } from '../../state/choice'
import { moveFaces, rejectFaces, setCover } from '../../state/curation'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { counted, fileName } from '../../wording'
import styles from './person-faces.module.css'

const leastCellPx = 96
const captionPx = 36

type FaceChoice = Choice<FaceId>

export function PersonFaces({ person }: { readonly person: PersonDetail }) {
  const { facesList: faces } = person
  const { openPhoto } = useActions()
  const curates = useMayDo('curate')
  const [choice, setChoice] = useState<FaceChoice>(nothingChosen)
  const [place, setPlace] = useState<number | null>(null)
  const grid = useFaceGrid(faces.length, leastCellPx, captionPx)
  const { columns, virtualizer } = grid
  if (faces.length === 0) {
    return (
      <EmptyState
        picture={<IconPhotoOff size={36} stroke={1.3} />}
        title="No face yet"
        text={
          curates
            ? 'Drop photos of this person here, or press P to choose some. In Identify, A gives a face to somebody.'
            : 'Photos that are added to this person, from another console, are shown here.'
        }
      />
    )
  }

  const entry = (at: number) => {
    const value = faces[at]
    return value === undefined ? [] : [{ key: value.faceId, place: at }]
  }
  function choose(at: number, how: 'only' | 'toggle' | 'range') {
    const [chosen] = entry(at)
    if (chosen === undefined) return
    setPlace(at)
    virtualizer.scrollToIndex(Math.floor(at / columns))
    if (how === 'only') setChoice(only(chosen))
    else if (how === 'toggle') setChoice(toggled(choice, chosen))
    else {
      const [first, last] = rangeTo(choice, at)
      setChoice(ranged(choice, idsOf(faces.slice(first, last + 1)), first))
    }
  }
  function open(at: number) {
    const face = faces[at]
    if (face !== undefined)
      openPhoto(face.photoId, face.faceId, [...new Set(faces.map((one) => one.photoId))])
  }
  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -faces.length,
      End: faces.length,
    }
    const step = steps[event.key]
    if (step !== undefined) {
      const next = place === null ? 0 : Math.min(Math.max(place + step, 0), faces.length - 1)
      choose(next, event.shiftKey ? 'range' : 'only')
    } else if (event.key === ' ' && place !== null) choose(place, 'toggle')
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey))
      setChoice(ranged(nothingChosen, idsOf(faces), 0))
    else if ((event.key === 'Enter' || event.key === 'o') && place !== null) open(place)
    else if (event.key === 'Escape' && choice.chosen.size > 0) setChoice(nothingChosen)
    // Here it would mean these faces to whoever presses it, not the people in the middle.
    else if (event.key !== 'Delete') return
    event.preventDefault()
  }
  const active = place === null ? undefined : faces[place]

  return (
    <>
      <FaceGrid
        grid={grid}
        faces={faces}
        activeId={active === undefined ? undefined : `face-${active.faceId}`}
        aria-label={`Faces of ${person.name}`}
        onKeyDown={onKeyDown}
      >
        {(face, at) => (
          <Face
            key={face.faceId}
            face={face}
            chosen={choice.chosen.has(face.faceId)}
            active={face === active}
            cover={person.chosenCover && face.faceId === person.coverFaceId}
            onOpen={() => open(at)}
            onChoose={(how) => choose(at, how)}
          />
        )}
      </FaceGrid>
      <WithRight right="curate">
        <FacesBar
          person={person}
          chosen={faces.filter(({ faceId }) => choice.chosen.has(faceId))}
          onDone={() => setChoice(nothingChosen)}
        />
      </WithRight>
    </>
  )
}

function idsOf(faces: readonly PersonFace[]): FaceId[] {
  return faces.map(({ faceId }) => faceId)
}

const sourceWords: Record<PersonFace['source'], string> = {
  enrolled: 'enrolled',
  confirmed: 'confirmed',
  manual: 'added by hand',
  imported: 'imported',
}

interface FaceProps {
  readonly face: PersonFace
  readonly chosen: boolean
  readonly active: boolean
  /** Whether somebody chose it as the cover. */
  readonly cover: boolean
  readonly onChoose: (how: 'only' | 'toggle' | 'range') => void
  /** Shows the whole photo. */
  readonly onOpen: () => void
}

function Face({ face, chosen, active, cover, onChoose, onOpen }: FaceProps) {
  const quality = face.measured ? face.quality.toFixed(2) : '–'
  return (
    <FaceOption
      id={`face-${face.faceId}`}
      picture={pictureUrl.reference(face.faceId, face.box)}
      file={fileName(face.photoPath)}
      facts={
        <>
          {face.measured ? `quality ${quality}` : 'not measured'}
          {face.source === 'enrolled' ? '' : ` · ${sourceWords[face.source]}`}
          {face.manual && <IconPencil size={12} aria-label="box drawn by hand" />}
        </>
      }
      title={`${face.photoPath}\n${sourceWords[face.source]}, ${face.measured ? `quality ${face.quality}` : 'quality not measured'}${face.manual ? ', box drawn by hand' : ''}\nDouble click or O: the whole photo`}
      label={`${fileName(face.photoPath)}, ${face.measured ? `quality ${quality}` : 'quality not measured'}${cover ? ', cover' : ''}`}
      chosen={chosen}
      active={active}
      onChoose={onChoose}
      onDoubleClick={onOpen}
      {...(cover ? { mark: <IconStarFilled size={12} aria-hidden /> } : {})}
    />
  )
}

interface FacesBarProps {
  readonly person: PersonDetail
  readonly chosen: readonly PersonFace[]
  readonly onDone: () => void
}

/** What can be done to the faces chosen. */
function FacesBar({ person, chosen, onDone }: FacesBarProps) {
  const store = useVisorStore()
  const opened = useVisor((state) => state.overlay === 'move-faces') && chosen.length > 0
  const { openOverlay } = useActions()
  const faceIds = chosen.map(({ faceId }) => faceId)
  const [first] = chosen
  const isCover = chosen.length === 1 && person.chosenCover && first?.faceId === person.coverFaceId
  const finish = (act: Promise<boolean>) =>
    void act.then((acted) => {
      if (acted) onDone()
    })
  return (
    <div className={styles.bar} role="toolbar" aria-label="Faces chosen">
      <span className={styles.amount}>
        {chosen.length === 0
          ? 'Choose faces to move them or to make one the cover.'
          : `${counted(chosen.length, 'face')} chosen`}
      </span>
      {chosen.length > 0 && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            disabled={chosen.length !== 1}
            onClick={() => {
              if (first !== undefined) void setCover(store, person.personId, isCover ? null : first.faceId)
            }}
          >
            {isCover ? 'Let Visor choose' : 'Make cover'}
          </Button>
          <Popover
            trapFocus
            returnFocus
            opened={opened}
            onChange={(open) => openOverlay(open ? 'move-faces' : null)}
            position="top-end"
            width={300}
          >
            <Popover.Target>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => openOverlay(opened ? null : 'move-faces')}
              >
                Move to person…
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <PersonPicker
                domain={person.domain}
                except={person.personId}
                nobody="Nobody else of that name here."
                onChoose={({ personId, domain }) => finish(moveFaces(store, faceIds, domain, { personId }))}
                onNew={(name) => finish(moveFaces(store, faceIds, person.domain, { name }))}
              />
            </Popover.Dropdown>
          </Popover>
          <Button
            size="compact-sm"
            variant="default"
            title={`Takes ${counted(chosen.length, 'face')} from ${person.name}; they are not offered for this person again.`}
            onClick={() => finish(rejectFaces(store, faceIds))}
          >
            Not this person
          </Button>
        </>
      )}
    </div>
  )
}
