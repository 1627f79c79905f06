/** How far the queue is, honestly, and what can be done about it. Renderer. */
import { ActionIcon, Button, Menu, Popover, Progress, Text, Tooltip } from '@mantine/core'
import {
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import type { QueueProgress } from '../../../src-shared/queue'
import { itemsInQuestion } from '../../state/selection-slice'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { count, counted, remaining } from '../../wording'
import styles from './queue-progress-bar.module.css'

export function QueueProgressBar() {
  const progress = useVisor((state) => state.progress)
  const { pauseOrResume, cancelItems } = useActions()
  if (progress === undefined) return null
  const open = progress.waiting + progress.working
  const handled = progress.total - open
  return (
    <div className={styles.bar}>
      {open > 0 && (
        <Progress
          value={progress.total === 0 ? 0 : (100 * handled) / progress.total}
          color={progress.paused ? 'gray' : 'blue'}
          aria-label="Progress of the queue"
        />
      )}
      <div className={styles.line}>
        <span className={styles.words} data-testid="queue-progress">
          <span>{amountWords(progress)}</span>
          <span>{restWords(progress)}</span>
        </span>
        {(open > 0 || progress.paused) && (
          <Tooltip label={progress.paused ? 'Resume  P' : 'Pause  P'}>
            <ActionIcon
              aria-label={progress.paused ? 'Resume the queue' : 'Pause the queue'}
              onClick={() => void pauseOrResume()}
            >
              {progress.paused ? (
                <IconPlayerPlay size={16} aria-hidden />
              ) : (
                <IconPlayerPause size={16} aria-hidden />
              )}
            </ActionIcon>
          </Tooltip>
        )}
        {open > 0 && (
          <Tooltip label="Cancel what waits">
            <ActionIcon aria-label="Cancel the queue" onClick={() => void cancelItems()}>
              <IconPlayerStop size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        <QueueMenu progress={progress} />
      </div>
    </div>
  )
}

/** `214 of 1,930`, or what came of all of it. */
function amountWords(progress: QueueProgress): string {
  const open = progress.waiting + progress.working
  return open === 0
    ? `${count(progress.done)} done`
    : `${count(progress.total - open)} of ${count(progress.total)}`
}

/** `about 3 min · 2 failed` */
function restWords({ paused, waiting, working, failed, remainingMs }: QueueProgress): string {
  const estimate = waiting + working === 0 || remainingMs === undefined ? '' : remaining(remainingMs)
  return [paused ? 'paused' : estimate, failed === 0 ? '' : `${count(failed)} failed`]
    .filter((part) => part !== '')
    .join(' · ')
}

function QueueMenu({ progress }: { readonly progress: QueueProgress }) {
  const store = useVisorStore()
  const { retryItems, removeItems, openOverlay } = useActions()
  const clearing = useVisor((state) => state.overlay === 'clear')
  const marked = useVisor((state) => itemsInQuestion(state).length)
  const retryable = progress.failed + progress.cancelled
  return (
    <Popover
      withRoles={false}
      trapFocus
      returnFocus
      opened={clearing}
      onChange={(open) => openOverlay(open ? 'clear' : null)}
      position="top-end"
      width={280}
    >
      <Popover.Target>
        <span>
          <Menu position="top-end">
            <Menu.Target>
              <Tooltip label="More">
                <ActionIcon aria-label="More about the queue">
                  <IconDots size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                disabled={retryable === 0}
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={() => void retryItems()}
              >
                Try {counted(retryable, 'failed photo')} again
              </Menu.Item>
              <Menu.Item
                disabled={marked === 0}
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => void removeItems(itemsInQuestion(store.getState()))}
              >
                Take {counted(marked, 'photo')} out of the queue
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => openOverlay('clear')}>Empty the queue…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      </Popover.Target>
      <Popover.Dropdown className={styles.confirm} role="dialog" aria-label="Empty the queue">
        <Text size="sm">
          The photos leave this list. Their files stay, and so does everything you confirmed.
        </Text>
        <Button
          color="red"
          onClick={() => {
            openOverlay(null)
            void removeItems()
          }}
        >
          Take out all {counted(progress.total, 'photo')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
