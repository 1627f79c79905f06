/** The face chosen on a photo of the gallery: whose it is, how good it is, what can be done with it. Renderer. */
import { Popover } from '@mantine/core'
import { IconPencil, IconSquarePlus, IconTrash, IconUserSearch, IconVector } from '@tabler/icons-react'
import type { GalleryPhoto, PhotoFace } from '../../../src-shared/gallery'
import { pictureUrl } from '../../../src-shared/picture-url'
import { ActionBar, ActionButton } from '../../components/action-button'
import { PersonPicker } from '../../components/person-picker'
import { WithoutRight, WithRight } from '../../components/without-right'
import { canDraw, deleteFace, editableFace } from '../../state/box-acts'
import { moveFaces } from '../../state/curation'
import { chosenPhotoFace } from '../../state/photo-slice'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import styles from './photo-face-bar.module.css'

export function PhotoFaceBar({ photo }: { readonly photo: GalleryPhoto }) {
  const store = useVisorStore()
  const face = useVisor(chosenPhotoFace)
  const drawable = useVisor(canDraw)
  const curates = useMayDo('curate')
  const drafting = useVisor((state) => state.draft !== null)
  const opened = useVisor((state) => state.overlay === 'name-face') && face !== undefined
  const { openOverlay, startDraft } = useActions()
  const icon = { size: 18, stroke: 1.6, 'aria-hidden': true } as const
  return (
    <div className={styles.bar}>
      {face === undefined ? (
        <p className={styles.face}>
          {photo.faces.length === 0
            ? curates
              ? 'No face is known in this photo. Press B and drag a box around one.'
              : 'No face is known in this photo.'
            : 'Choose a face.'}
        </p>
      ) : (
        <Face face={face} />
      )}
      <WithoutRight may="look at photos" />
      <WithRight right="curate">
        <ActionBar label="This face">
          <Popover
            trapFocus
            returnFocus
            opened={opened}
            onChange={(open) => openOverlay(open ? 'name-face' : null)}
            position="top-start"
            width={300}
          >
            <Popover.Target>
              <ActionButton
                icon={<IconUserSearch {...icon} />}
                label={face?.person === undefined ? 'Who is it…' : 'Somebody else…'}
                hint="Give this face to a person of the domain, or to a new one"
                keyName="A"
                primary={face !== undefined && face.person === undefined && !drafting}
                disabled={face === undefined || drafting}
                onClick={() => openOverlay(opened ? null : 'name-face')}
              />
            </Popover.Target>
            <Popover.Dropdown aria-label="Whose face it is">
              {face !== undefined && (
                <PersonPicker
                  domain={photo.domain}
                  {...(face.person === undefined ? {} : { except: face.person.personId })}
                  nobody="Nobody of that name here."
                  onChoose={({ personId, domain }) =>
                    void moveFaces(store, [face.faceId], domain, { personId })
                  }
                  onNew={(name) => void moveFaces(store, [face.faceId], photo.domain, { name })}
                />
              )}
            </Popover.Dropdown>
          </Popover>
          <ActionButton
            icon={<IconVector {...icon} />}
            label="Change box"
            hint="Move and resize the box of this face"
            keyName="E"
            disabled={face === undefined || drafting || !drawable}
            onClick={() => {
              const editable = editableFace(store.getState())
              if (editable !== undefined) startDraft(editable.key, editable.box)
            }}
          />
          <ActionButton
            icon={<IconTrash {...icon} />}
            label="Not a face"
            hint="Delete this face; it can be undone"
            keyName="Delete"
            disabled={face === undefined || drafting}
            onClick={() => void deleteFace(store)}
          />
          <ActionButton
            icon={<IconSquarePlus {...icon} />}
            label="Draw a face"
            hint="Draw a box around a face that was missed"
            keyName="B"
            disabled={!drawable}
            onClick={() => startDraft(null, null)}
          />
        </ActionBar>
      </WithRight>
    </div>
  )
}

function Face({ face }: { readonly face: PhotoFace }) {
  return (
    <div className={styles.face} data-testid="photo-face">
      <img
        className={styles.crop}
        src={pictureUrl.reference(face.faceId, face.box)}
        alt=""
        draggable={false}
      />
      <div className={styles.text}>
        <span className={styles.name} data-nobody={face.person === undefined || undefined}>
          {face.person?.name ?? 'Nobody yet'}
        </span>
        <span
          className={styles.facts}
          title={face.measured ? `${face.quality}` : 'Visor has not seen this photo.'}
        >
          {face.measured ? `quality ${face.quality.toFixed(2)}` : 'quality not measured'}
          {face.manual && (
            <>
              {' · '}
              <IconPencil className={styles.mark} size={12} aria-hidden /> box drawn by hand
            </>
          )}
          {face.score === 0 && ', no face seen in it'}
        </span>
      </div>
    </div>
  )
}
