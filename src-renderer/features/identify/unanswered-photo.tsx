/** What stands in the loupe for a photo without an answer: why, and what can be done about it. Renderer. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconPhoto } from '@tabler/icons-react'
import type { WireError } from '../../../src-shared/errors'
import type { ItemId } from '../../../src-shared/ids'
import type { QueueItem } from '../../../src-shared/queue'
import { request } from '../../api'
import { EmptyState } from '../../components/empty-state'
import { ErrorNote } from '../../components/error-note'
import { useActions, useVisor } from '../../state/use-visor'
import { stateWord } from '../../wording'
import styles from './loupe.module.css'

export function FailedPhoto({ itemId, error }: { readonly itemId: ItemId; readonly error: WireError }) {
  const { retryItems, removeItems, attempt } = useActions()
  return (
    <div className={styles.failed}>
      <ErrorNote error={error}>
        <Button onClick={() => void retryItems([itemId])}>Try again</Button>
        <Button variant="default" onClick={() => void attempt(() => request('queue.revealFile', { itemId }))}>
          Show the file
        </Button>
        <Button variant="default" onClick={() => void removeItems([itemId])}>
          Take out of the queue
        </Button>
      </ErrorNote>
    </div>
  )
}

/** A photo that waits, is in work or was cancelled. Where all wait for something, that is said, with the way on. */
export function PendingPhoto({ item }: { readonly item: QueueItem }) {
  const vision = useVisor((state) => state.status?.vision.state)
  const paused = useVisor((state) => state.progress?.paused === true)
  const { retryItems, pauseOrResume, tryVisionAgain, remember } = useActions()
  const photo = <IconPhoto size={48} stroke={1.2} />
  if (item.state === 'cancelled') {
    return (
      <EmptyState picture={photo} title={stateWord.cancelled} text={item.name}>
        <Button onClick={() => void retryItems([item.itemId])}>Try again</Button>
      </EmptyState>
    )
  }
  if (vision === 'failed') {
    return (
      <EmptyState
        picture={<IconAlertTriangle size={48} stroke={1.2} />}
        title="The vision process does not run"
        text="The photos wait; nothing is lost."
      >
        <Button onClick={() => void tryVisionAgain()}>Try again</Button>
      </EmptyState>
    )
  }
  if (vision === 'no-model') {
    return (
      <EmptyState
        picture={<IconAlertTriangle size={48} stroke={1.2} />}
        title="Visor has no model yet"
        text="It finds and compares faces with one. The photos wait until it is here."
      >
        <Button onClick={() => remember({ screen: 'settings', settingsPage: 'models' })}>Get a model</Button>
      </EmptyState>
    )
  }
  if (paused && item.state === 'waiting') {
    return (
      <EmptyState picture={photo} title="The queue is paused" text={item.name}>
        <Button onClick={() => void pauseOrResume()}>Resume</Button>
      </EmptyState>
    )
  }
  return <EmptyState picture={photo} title={stateWord[item.state]} text={item.name} />
}
