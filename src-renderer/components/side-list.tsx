/** The list at the left of a screen: what the screen can show, one of it current. Renderer. */
import { UnstyledButton } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'
import { count } from '../wording'
import styles from './side-list.module.css'

interface SideListProps {
  readonly label: string
  /** Its name among the panes that F6 goes through. */
  readonly pane: string
  readonly children: ReactNode
}

export function SideList({ label, pane, children }: SideListProps) {
  return (
    <nav className={styles.list} aria-label={label} data-pane={pane}>
      {children}
    </nav>
  )
}

/** Links that belong together. */
export function SideGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className={styles.group}>
      <span className={styles.heading} aria-hidden>
        {title}
      </span>
      {children}
    </section>
  )
}

interface SideLinkProps {
  readonly title: string
  readonly isCurrent: boolean
  readonly onOpen: () => void
  readonly Icon?: ComponentType<{ size: number; stroke: number; 'aria-hidden': true }>
  /** What waits there; nothing is shown for 0. */
  readonly waiting?: number | undefined
  /** Whether a click leaves the keyboard where it was. */
  readonly leavesFocus?: boolean
}

export function SideLink({
  title,
  isCurrent,
  onOpen,
  Icon,
  waiting = 0,
  leavesFocus = false,
}: SideLinkProps) {
  return (
    <UnstyledButton
      className={styles.item}
      aria-current={isCurrent ? 'page' : undefined}
      {...(isCurrent ? { 'data-pane-focus': true } : {})}
      onMouseDown={(event) => {
        if (leavesFocus) event.preventDefault()
      }}
      onClick={onOpen}
    >
      {Icon !== undefined && <Icon size={16} stroke={1.6} aria-hidden />}
      <span className={styles.title}>{title}</span>
      {waiting > 0 && <span className={styles.count}>{count(waiting)}</span>}
    </UnstyledButton>
  )
}
