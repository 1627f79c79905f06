/** Unknown faces in groups: the stacks of all of them, or one that is open. Renderer. */
import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconEyeOff, IconUserQuestion, IconUsersPlus } from '@tabler/icons-react'
import { EmptyState } from '../../../components/empty-state'
import { useActions, useVisor } from '../../../state/use-visor'
import { counted } from '../../../wording'
import { useQueueOnScreen } from '../use-queue-on-screen'
import { GroupPane } from './group-pane'
import { GroupStacks } from './group-stacks'
import styles from './unknown-queue.module.css'

export function useUnknownCount(): number | undefined {
  return useVisor((state) => state.unknownCounts?.groups)
}

export function UnknownQueue() {
  useQueueOnScreen('unknown')
  const opened = useVisor((state) => state.openGroup)
  return opened === null ? <Stacks /> : <GroupPane opened={opened} />
}

function Stacks() {
  const counts = useVisor((state) => state.unknownCounts)
  const ignored = useVisor((state) => state.ignoredShown)
  const { showIgnored } = useActions()
  if (counts === undefined) {
    return (
      <div className={styles.coming} aria-hidden>
        <Skeleton height={180} />
        <Skeleton height={180} />
        <Skeleton height={180} />
      </div>
    )
  }
  const amount = ignored ? counts.ignoredGroups : counts.groups
  return (
    <>
      <header className={styles.head}>
        <SegmentedControl
          size="xs"
          aria-label="Which groups"
          value={ignored ? 'ignored' : 'open'}
          data={[
            { value: 'open', label: 'Groups' },
            { value: 'ignored', label: 'Ignored' },
          ]}
          onChange={(value) => showIgnored(value === 'ignored')}
        />
        <span className={styles.amount} data-testid="unknown-amount">
          {counted(amount, 'group')}
          {ignored ? '' : ` · ${counted(counts.faces, 'unknown face')} in all`}
        </span>
        <span className={styles.space} />
        <Kept />
      </header>
      {amount === 0 ? ignored ? <NothingIgnored /> : <NoGroup faces={counts.faces} /> : <GroupStacks />}
    </>
  )
}

/** Whether faces are kept, and the way to where that is changed. */
function Kept() {
  const keep = useVisor((state) => state.settings.keepUnknown)
  const days = useVisor((state) => state.settings.unknownRetentionDays)
  const { remember } = useActions()
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => remember({ screen: 'settings', settingsPage: 'unknown' })}
    >
      {keep ? `Kept for ${counted(days, 'day')}` : 'New ones are not kept'}
    </Button>
  )
}

function NothingIgnored() {
  return (
    <EmptyState
      picture={<IconEyeOff size={36} stroke={1.3} />}
      title="Nothing is ignored"
      text="A group of no interest is ignored with I, and waits here until it is brought back or its time is over."
    />
  )
}

function NoGroup({ faces }: { readonly faces: number }) {
  const keep = useVisor((state) => state.settings.keepUnknown)
  const days = useVisor((state) => state.settings.unknownRetentionDays)
  const { remember } = useActions()
  if (!keep) {
    return (
      <EmptyState
        picture={<IconUserQuestion size={36} stroke={1.3} />}
        title="Unknown faces are not kept"
        text={`Visor can keep the faces that nobody is named for, for ${counted(days, 'day')}, and put those together that look like one person: a whole group is then named at once. They are personal data of people who may not know.`}
      >
        <Button onClick={() => remember({ keepUnknown: true })}>Keep unknown faces</Button>
        <Button variant="default" onClick={() => remember({ screen: 'settings', settingsPage: 'unknown' })}>
          What that means
        </Button>
      </EmptyState>
    )
  }
  const nobody = 'Faces of the photos you identify that nobody is named for are kept from now on.'
  const alone = `${counted(faces, 'face is', 'faces are')} kept, and none looks like another.`
  return (
    <EmptyState
      picture={<IconUsersPlus size={36} stroke={1.3} />}
      title="No group yet"
      text={`${faces === 0 ? nobody : alone} Three that look like one person make a group here, to be named at once.`}
    >
      <Button variant="default" onClick={() => remember({ screen: 'identify' })}>
        Identify photos
      </Button>
    </EmptyState>
  )
}
