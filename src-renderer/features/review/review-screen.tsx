/** What waits for somebody's decision: the queues at the left, one of them at the right. Renderer. */
import { UnstyledButton } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useActions, useVisor } from '../../state/use-visor'
import { count } from '../../wording'
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
      <nav className={styles.list} aria-label="Review queues" data-pane="review-list">
        {reviewQueues.map((queue) => (
          <QueueLink key={queue.id} queue={queue} isCurrent={queue === current} />
        ))}
      </nav>
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
    <UnstyledButton
      className={styles.item}
      aria-current={isCurrent ? 'page' : undefined}
      {...(isCurrent ? { 'data-pane-focus': true } : {})}
      // A click leaves the keyboard where it was: Enter must decide, not open the queue again.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => remember({ reviewQueue: id })}
    >
      <Icon size={16} stroke={1.6} aria-hidden />
      <span>{title}</span>
      {waiting !== undefined && waiting > 0 && <span className={styles.count}>{count(waiting)}</span>}
    </UnstyledButton>
  )
}
