/** What is offered to those who may do it only, and a word of why it is not. Renderer. */
import { Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Right } from '../state/rights'
import { useMayDo } from '../state/use-visor'
import styles from './without-right.module.css'

interface WithRightProps {
  readonly right: Right
  readonly children: ReactNode
}

/** What it takes a right to do; nothing where the login does not have it. */
export function WithRight({ right, children }: WithRightProps) {
  return useMayDo(right) ? children : null
}

interface WithoutRightProps {
  /** What the login may do, as a sentence goes on. */
  readonly may: string
  /** What it takes to do more. */
  readonly right?: Extract<Right, 'curate' | 'administer'>
}

const lacking = {
  curate: { not: 'change people', role: 'a curator' },
  administer: { not: 'decide about the server', role: 'an administrator' },
} as const

/** Says what cannot be done here; nothing where it can. */
export function WithoutRight({ may, right = 'curate' }: WithoutRightProps) {
  if (useMayDo(right)) return null
  const { not, role } = lacking[right]
  return (
    <div className={styles.note} role="note" data-testid="without-right">
      <IconLock size={15} stroke={1.6} aria-hidden />
      <Text size="sm">
        Your login on the server may {may}, not {not}. Who looks after the server can give it the role of{' '}
        {role}.
      </Text>
    </div>
  )
}
