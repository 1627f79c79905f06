/** How many candidates are listed, and how hard is looked for faces. Renderer. */
import { ActionIcon, NumberInput, Popover, Switch, Text, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { useActions, useVisor } from '../../state/use-visor'
import styles from './recognition-options.module.css'

export function RecognitionOptions() {
  const { topK, thorough, flip } = useVisor((state) => state.settings.search)
  const { changeSearch, remember } = useActions()
  return (
    <Popover trapFocus returnFocus width={320} position="bottom-start">
      <Popover.Target>
        <Tooltip label="Options of the search">
          <ActionIcon aria-label="Options of the search">
            <IconAdjustmentsHorizontal size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label="Options of the search">
        <NumberInput
          label="Candidates a face"
          description="The nearest people that are listed for each face."
          value={topK}
          min={1}
          max={50}
          clampBehavior="strict"
          onChange={(value) => {
            if (typeof value === 'number' && value >= 1) void changeSearch({ topK: value })
          }}
        />
        <Switch
          label="Thorough"
          description="Also finds small faces in large photos; several times slower."
          checked={thorough}
          onChange={(event) => remember({ search: { thorough: event.currentTarget.checked } })}
        />
        <Switch
          label="Mirror"
          description="Compares each face and its mirror image; a little surer, a little slower."
          checked={flip}
          onChange={(event) => remember({ search: { flip: event.currentTarget.checked } })}
        />
        <Text size="xs" c="dimmed">
          The two switches hold for photos added from now on, and for those tried again.
        </Text>
      </Popover.Dropdown>
    </Popover>
  )
}
