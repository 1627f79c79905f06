/** A place with nothing in it teaches: a picture of the act, a sentence, the button. Renderer. */
import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

interface EmptyStateProps {
  readonly picture: ReactNode
  readonly title: string
  readonly text?: string
  readonly children?: ReactNode
}

export function EmptyState({ picture, title, text, children }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <div className={styles.picture} aria-hidden>
        {picture}
      </div>
      <Text fw={600}>{title}</Text>
      {text !== undefined && (
        <Text size="sm" c="dimmed" maw={360}>
          {text}
        </Text>
      )}
      {children !== undefined && (
        <Group gap={8} mt={8} justify="center">
          {children}
        </Group>
      )}
    </div>
  )
}
