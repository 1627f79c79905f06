/** Whether faces that nobody is named for are kept, how long, and how many there are. Renderer. */
import { Button, NumberInput, Popover, Switch, Text } from '@mantine/core'
import { useEffect } from 'react'
import { WithRight } from '../../components/without-right'
import { forgetUnknown } from '../../state/unknown-acts'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { count, counted } from '../../wording'
import { Facts, Section, StateLine } from './page-parts'

const mostDays = 3650

export function UnknownPage() {
  const keep = useVisor((state) => state.settings.keepUnknown)
  const days = useVisor((state) => state.settings.unknownRetentionDays)
  const counts = useVisor((state) => state.unknownCounts)
  const { remember, loadUnknownCounts } = useActions()
  useEffect(() => void loadUnknownCounts(), [loadUnknownCounts])
  const faces = counts?.faces ?? 0
  return (
    <>
      <StateLine
        tone={keep ? 'good' : 'wait'}
        action={
          faces > 0 && (
            <Button variant="default" onClick={() => remember({ screen: 'review', reviewQueue: 'unknown' })}>
              Look at them
            </Button>
          )
        }
      >
        {keep
          ? `Faces that nobody is named for are kept for ${counted(days, 'day')}.`
          : 'Faces that nobody is named for are not kept.'}
      </StateLine>
      <Section title="Keep unknown faces">
        <Switch
          label="Keep the faces of identified photos that nobody is named for"
          checked={keep}
          onChange={(event) => remember({ keepUnknown: event.currentTarget.checked })}
        />
        <Text size="sm" c="dimmed" mt={8} maw={560}>
          Kept are a small picture of the face, what it is compared by, and where the photo lies: personal
          data of people who may not know that they are in it. They are in no search and in no export. Visor
          groups those that look like one person, and offers them when somebody like them is enrolled. A
          search of all domains keeps none.
        </Text>
        <NumberInput
          label="Days until they go for good"
          description="Whether new ones are kept or not."
          mt={12}
          w={220}
          min={1}
          max={mostDays}
          clampBehavior="strict"
          allowDecimal={false}
          value={days}
          onChange={(value) => {
            if (typeof value === 'number' && value >= 1 && value <= mostDays) {
              remember({ unknownRetentionDays: value })
            }
          }}
        />
      </Section>
      <Section title="Kept now">
        <Facts
          facts={[
            ['Unknown faces', count(faces)],
            ['Groups', count(counts?.groups ?? 0)],
            ['Ignored groups', count(counts?.ignoredGroups ?? 0)],
          ]}
        />
        {faces > 0 && (
          <WithRight right="curate">
            <Forget faces={faces} />
          </WithRight>
        )}
      </Section>
    </>
  )
}

function Forget({ faces }: { readonly faces: number }) {
  const store = useVisorStore()
  const opened = useVisor((state) => state.overlay === 'forget-unknown')
  const { openOverlay } = useActions()
  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? 'forget-unknown' : null)}
      position="bottom-start"
      width={320}
    >
      <Popover.Target>
        <Button variant="default" mt={12} onClick={() => openOverlay(opened ? null : 'forget-unknown')}>
          Forget all now…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" mb={12}>
          They go for good, with their groups and suggestions. Faces that somebody was ruled out for stay, so
          that nobody is offered for them again. The photo files stay where they are. This cannot be undone.
        </Text>
        <Button color="red" onClick={() => void forgetUnknown(store)}>
          Forget {counted(faces, 'face')} for good
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
