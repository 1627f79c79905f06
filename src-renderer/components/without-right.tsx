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

/** Says that people cannot be changed here; nothing where they can. `may`: what the login may do, as a sentence goes on. */
export function WithoutRight({ may }: { readonly may: string }) {
  if (useMayDo('curate')) return null
  return (
    <div className={styles.note} role="note" data-testid="without-right">
      <IconLock size={15} stroke={1.6} aria-hidden />
      <Text size="sm">
        Your login on the server may {may}, not change people. Who looks after the server can give it the role
        of a curator.
      </Text>
    </div>
  )
}
