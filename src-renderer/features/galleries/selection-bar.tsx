/** What can be done to the people chosen; it keeps its place while nobody is. Renderer. */
import { Button, Popover } from '@mantine/core'
import {
  IconArrowsJoin,
  IconEraser,
  IconFolderShare,
  IconFolderSymlink,
  IconTag,
  IconTrash,
} from '@tabler/icons-react'
import { type ReactNode, useMemo } from 'react'
import { WithRight } from '../../components/without-right'
import { peopleInQuestion } from '../../state/browse-slice'
import { deletePersons, eraseChosen } from '../../state/curation'
import type { Overlay } from '../../state/status-slice'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import { ExportPeople } from './export-people'
import { MergeChosen } from './merge-people'
import { MovePeople } from './move-people'
import styles from './selection-bar.module.css'
import { TagPeople } from './tag-people'

/** Why nothing can be done to people. */
const nobody = 'Choose people first: click, Ctrl+click, Shift+click, Ctrl+A'

export function SelectionBar() {
  const store = useVisorStore()
  const chosen = useVisor((state) => state.chosenPeople)
  const choosing = useVisor((state) => state.choosingPeople)
  const binDays = useVisor((state) => state.settings.binRetentionDays)
  const people = useMemo(() => peopleInQuestion({ chosenPeople: chosen }), [chosen])
  const amount = counted(people.length, 'person', 'people')
  return (
    <div className={styles.bar} role="toolbar" aria-label="People chosen">
      <span className={styles.amount} data-testid="people-chosen">
        {choosing ? 'Choosing…' : people.length === 0 ? 'Nobody chosen' : `${amount} chosen`}
      </span>
      <span className={styles.space} />
      <WithRight right="curate">
        <FormButton
          overlay="move-people"
          title="Move…"
          icon={<IconFolderSymlink size={16} aria-hidden />}
          whyNot={people.length > 0 ? undefined : nobody}
          widthPx={300}
          form={() => <MovePeople people={people} />}
        />
        <FormButton
          overlay="merge-people"
          title="Merge…"
          icon={<IconArrowsJoin size={16} aria-hidden />}
          whyNot={people.length > 1 ? undefined : 'Choose two people or more to make them one'}
          widthPx={520}
          form={() => <MergeChosen people={people} />}
        />
        <FormButton
          overlay="tag-people"
          title="Tag…"
          icon={<IconTag size={16} aria-hidden />}
          whyNot={people.length > 0 ? undefined : nobody}
          widthPx={320}
          form={() => <TagPeople people={people} />}
        />
      </WithRight>
      <FormButton
        overlay="export-people"
        title={people.length === 0 ? 'Export all…' : 'Export…'}
        icon={<IconFolderShare size={16} aria-hidden />}
        widthPx={340}
        form={() => <ExportPeople people={people} />}
      />
      <WithRight right="erase">
        <Button
          flex="none"
          color="red"
          variant="subtle"
          leftSection={<IconEraser size={16} aria-hidden />}
          disabled={people.length === 0}
          title={people.length === 0 ? nobody : 'From everything that Visor keeps, for good'}
          onClick={() => eraseChosen(store)}
        >
          Erase…
        </Button>
      </WithRight>
      <WithRight right="curate">
        <Button
          flex="none"
          color="red"
          variant="light"
          leftSection={<IconTrash size={16} aria-hidden />}
          disabled={people.length === 0}
          title={people.length === 0 ? nobody : `Into the bin, for ${counted(binDays, 'day')}`}
          onClick={() => void deletePersons(store, people)}
        >
          {people.length === 0 ? 'Delete' : `Delete ${amount}`}
        </Button>
      </WithRight>
    </div>
  )
}

interface FormButtonProps {
  readonly overlay: Overlay
  readonly title: string
  readonly icon: ReactNode
  /** What has to be done before it can be used. */
  readonly whyNot?: string | undefined
  readonly widthPx: number
  readonly form: () => ReactNode
}

/** A button that opens its form above itself. */
function FormButton({ overlay, title, icon, whyNot, widthPx, form }: FormButtonProps) {
  const enabled = whyNot === undefined
  const opened = useVisor((state) => state.overlay === overlay) && enabled
  const { openOverlay } = useActions()
  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? overlay : null)}
      position="top-end"
      width={widthPx}
    >
      <Popover.Target>
        <Button
          flex="none"
          variant="default"
          leftSection={icon}
          disabled={!enabled}
          title={whyNot}
          onClick={() => openOverlay(opened ? null : overlay)}
        >
          {title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{opened && form()}</Popover.Dropdown>
    </Popover>
  )
}
