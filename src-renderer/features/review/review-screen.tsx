/** What waits for somebody's decision: the queues at the left, one of them at the right. Renderer. */
import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { SideLink, SideList } from '../../components/side-list'
import { useActions, useVisor } from '../../state/use-visor'
import { type ReviewQueue, reviewQueues } from './queues'
import styles from './review-screen.module.css'

export function ReviewScreen() {
  const wanted = useVisor((state) => state.settings.reviewQueue)
  const current = reviewQueues.find((queue) => queue.id === wanted) ?? reviewQueues[0]
  const section = useRef<HTMLElement>(null)
  const currentId = current?.id
  // Whoever goes to a queue decides with the keys: Enter must not press the list's button again.
  useEffect(() => {
    if (currentId !== undefined) section.current?.focus({ preventScroll: true })
  }, [currentId])
  if (current === undefined) return null
  return (
    <main className={styles.screen} aria-label="Review">
      <VisuallyHidden>
        <h1>Review</h1>
      </VisuallyHidden>
      <SideList label="Review queues" pane="review-list">
        {reviewQueues.map((queue) => (
          <QueueLink key={queue.id} queue={queue} isCurrent={queue === current} />
        ))}
      </SideList>
      <section
        ref={section}
        className={styles.queue}
        aria-label={current.title}
        data-pane="review-queue"
        data-pane-focus
        data-focus-name="review-queue"
        tabIndex={-1}
      >
        <current.Component />
      </section>
    </main>
  )
}

function QueueLink({ queue, isCurrent }: { readonly queue: ReviewQueue; readonly isCurrent: boolean }) {
  const { id, title, Icon } = queue
  const waiting = queue.useCount()
  const { remember } = useActions()
  return (
    <SideLink
      title={title}
      Icon={Icon}
      waiting={waiting}
      isCurrent={isCurrent}
      // Enter must decide, not open the queue again.
      leavesFocus
      onOpen={() => remember({ reviewQueue: id })}
    />
  )
}
