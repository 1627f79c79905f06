/** What of the queue is shown: by file name, person, decision, state. Renderer. */
import {
  ActionIcon,
  Button,
  Indicator,
  Popover,
  SegmentedControl,
  Select,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconFilter, IconSearch, IconX } from '@tabler/icons-react'
import { emptyFilter, type ItemState } from '../../../src-shared/queue'
import type { Decision } from '../../../src-shared/recognition'
import { focusNamed } from '../../commands/focus'
import { isFiltering, peopleInQueue } from '../../state/queue-model'
import { shownItems } from '../../state/queue-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { count, counted, decisionWord, stateWord } from '../../wording'
import styles from './queue-filter-bar.module.css'

export function QueueFilterBar() {
  const filter = useVisor((state) => state.settings.filter)
  const total = useVisor((state) => state.queue.order.length)
  const shown = useVisor((state) => shownItems(state).length)
  const marked = useVisor((state) => state.marked.size)
  const opened = useVisor((state) => state.overlay === 'filter')
  const { setFilter, remember, openOverlay } = useActions()
  const more = filter.personId !== null || filter.decision !== null || filter.state !== null
  return (
    <div className={styles.bar}>
      <div className={styles.line}>
        <TextInput
          className={styles.text}
          aria-label="Filter by file name"
          placeholder="Filter"
          data-focus-name="queue-filter"
          value={filter.text}
          leftSection={<IconSearch size={14} aria-hidden />}
          onChange={(event) => setFilter({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            setFilter({ text: '' })
            focusNamed('queue-list')
          }}
        />
        <Popover
          trapFocus
          returnFocus
          opened={opened}
          onChange={(open) => openOverlay(open ? 'filter' : null)}
          width={300}
          position="bottom-end"
        >
          <Popover.Target>
            <Tooltip label="Filter by person, decision, state">
              <Indicator disabled={!more} size={8} offset={4}>
                <ActionIcon aria-label="More filters" onClick={() => openOverlay(opened ? null : 'filter')}>
                  <IconFilter size={16} stroke={1.6} aria-hidden />
                </ActionIcon>
              </Indicator>
            </Tooltip>
          </Popover.Target>
          <Popover.Dropdown aria-label="More filters">
            <MoreFilters />
          </Popover.Dropdown>
        </Popover>
      </div>
      <div className={styles.amount}>
        <span data-testid="queue-amount">
          {shown === total ? counted(total, 'photo') : `${count(shown)} of ${count(total)}`}
          {marked > 1 && ` · ${count(marked)} marked`}
        </span>
        {isFiltering(filter) && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconX size={12} aria-hidden />}
            onClick={() => remember({ filter: emptyFilter })}
          >
            Show all
          </Button>
        )}
      </div>
    </div>
  )
}

const decisions: readonly Decision[] = ['match', 'possible', 'unknown']
const states: readonly ItemState[] = ['waiting', 'working', 'done', 'failed', 'set-aside', 'cancelled']

function MoreFilters() {
  const filter = useVisor((state) => state.settings.filter)
  const queue = useVisor((state) => state.queue)
  const { setFilter } = useActions()
  const people = peopleInQueue(queue)
  return (
    <div className={styles.more}>
      <div>
        <span className={styles.label}>Photos with a</span>
        <SegmentedControl
          fullWidth
          aria-label="Decision"
          value={filter.decision ?? 'any'}
          data={[
            { value: 'any', label: 'Any' },
            ...decisions.map((decision) => ({ value: decision as string, label: decisionWord[decision] })),
          ]}
          onChange={(value) =>
            setFilter({ decision: decisions.find((decision) => decision === value) ?? null })
          }
        />
      </div>
      <Select
        label="Person"
        placeholder="Anybody"
        searchable
        clearable
        limit={100}
        comboboxProps={{ withinPortal: false }}
        nothingFoundMessage="Nobody of that name in the queue."
        data={people.map(({ personId, name, photos }) => ({
          value: personId as string,
          label: `${name} (${count(photos)})`,
        }))}
        value={filter.personId}
        onChange={(value) =>
          setFilter({ personId: people.find((person) => person.personId === value)?.personId ?? null })
        }
      />
      <Select
        label="State"
        placeholder="Any"
        clearable
        comboboxProps={{ withinPortal: false }}
        data={states.map((state) => ({ value: state as string, label: stateWord[state] }))}
        value={filter.state}
        onChange={(value) => setFilter({ state: states.find((state) => state === value) ?? null })}
      />
    </div>
  )
}
