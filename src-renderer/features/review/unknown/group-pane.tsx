/** A group that is open: all its faces, who they may be, and what can be said of them. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import { IconArrowLeft, IconEye, IconEyeOff, IconPhoto, IconTag, IconUserMinus } from '@tabler/icons-react'
import { ActionBar, ActionButton } from '../../../components/action-button'
import { WithoutRight, WithRight } from '../../../components/without-right'
import { openPhotoOfFace } from '../../../state/open-photo'
import { ignoreGroup, takeFacesOut } from '../../../state/unknown-acts'
import type { OpenGroup } from '../../../state/unknown-slice'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { counted, daysBetween } from '../../../wording'
import { GroupFaces } from './group-faces'
import styles from './group-pane.module.css'
import { GroupPeople } from './group-people'
import head from './unknown-queue.module.css'

export function GroupPane({ opened: { group, faces } }: { readonly opened: OpenGroup }) {
  const { closeGroup } = useActions()
  return (
    <>
      <header className={head.head}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowLeft size={14} aria-hidden />}
          onClick={closeGroup}
        >
          All groups
        </Button>
        <h1 className={head.title}>{counted(faces?.length ?? group.faces, 'face')}</h1>
        <span className={head.amount} data-testid="group-facts">
          {group.domain} · {counted(group.photos, 'photo')} · {daysBetween(group.oldestAt, group.newestAt)}
        </span>
      </header>
      <div className={styles.body}>
        {faces === undefined ? (
          <div className={head.coming} aria-hidden>
            <Skeleton height={140} />
            <Skeleton height={140} />
            <Skeleton height={140} />
          </div>
        ) : (
          <GroupFaces faces={faces} />
        )}
        <GroupPeople group={group} />
      </div>
      <GroupActions faces={faces?.length ?? group.faces} />
    </>
  )
}

function GroupActions({ faces }: { readonly faces: number }) {
  const store = useVisorStore()
  const chosen = useVisor((state) => state.chosenFaces.chosen.size)
  const ignored = useVisor((state) => state.ignoredShown)
  const { openOverlay } = useActions()
  const these = chosen === 0 || chosen === faces ? `all ${counted(faces, 'face')}` : counted(chosen, 'face')
  return (
    <>
      <WithoutRight may="look at unknown faces" />
      <ActionBar label="Decide">
        <WithRight right="curate">
          <ActionButton
            icon={<IconTag size={18} stroke={1.6} aria-hidden />}
            label={chosen === 0 ? 'Name the group…' : `Name ${these}…`}
            hint={`Gives ${these} to a person, who is there or new.`}
            keyName="N"
            primary
            onClick={() => openOverlay('name-group')}
          />
          <ActionButton
            icon={<IconUserMinus size={18} stroke={1.6} aria-hidden />}
            label="Take out"
            hint="The faces chosen are not whom the others show; they never come back to this group."
            keyName="X"
            disabled={chosen === 0 || chosen === faces}
            onClick={() => void takeFacesOut(store)}
          />
          <ActionButton
            icon={
              ignored ? (
                <IconEye size={18} stroke={1.6} aria-hidden />
              ) : (
                <IconEyeOff size={18} stroke={1.6} aria-hidden />
              )
            }
            label={ignored ? 'Bring back' : 'Ignore'}
            hint={
              ignored
                ? 'The group is shown among the others again.'
                : 'Nobody is asked about the group any more; it can be brought back.'
            }
            keyName="I"
            onClick={() => void ignoreGroup(store)}
          />
        </WithRight>
        <ActionButton
          icon={<IconPhoto size={18} stroke={1.6} aria-hidden />}
          label="Open photo"
          hint="Shows the photo that the face is from, in Galleries."
          keyName="O"
          onClick={() => openPhotoOfFace(store)}
        />
      </ActionBar>
    </>
  )
}
