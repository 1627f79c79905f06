/** An error in three short parts: what happened, what it means, what to do; the detail folds out. Renderer. */
import { Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { VisorError, WireError } from '../../src-shared/errors'
import { errorText } from '../wording'
import styles from './error-note.module.css'

interface ErrorNoteProps {
  readonly error: VisorError | WireError
  /** The button that does what the remedy says, where there is one. */
  readonly children?: ReactNode
}

export function ErrorNote({ error, children }: ErrorNoteProps) {
  return (
    <div className={styles.note}>
      <IconAlertTriangle size={16} className={styles.icon} aria-hidden />
      <Stack gap={4} className={styles.text}>
        <Text size="sm" fw={600}>
          {error.message}
        </Text>
        {error.consequence !== undefined && <Text size="sm">{error.consequence}</Text>}
        {error.remedy !== undefined && <Text size="sm">{error.remedy}</Text>}
        {children !== undefined && <Group gap={8}>{children}</Group>}
        <details className={styles.details}>
          <summary>Details</summary>
          <pre className={styles.detail}>{errorText(error)}</pre>
          <CopyButton value={errorText(error)}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </details>
      </Stack>
    </div>
  )
}
