/** Text in fixed width to read and to copy: SQL, a command, what a server said. Renderer. */
import { Box, Button, CopyButton } from '@mantine/core'
import styles from './copy-text.module.css'
import { sqlParts } from './sql-parts'

interface CopyTextProps {
  readonly text: string
  /** What it is, for the screen reader. */
  readonly label: string
  /** Show its words, texts and comments apart. */
  readonly sql?: boolean
}

export function CopyText({ text, label, sql = false }: CopyTextProps) {
  return (
    <div className={styles.frame}>
      {/* What scrolls has to take the focus. */}
      <Box component="pre" role="region" className={styles.text} aria-label={label} tabIndex={0}>
        {sql
          ? sqlParts(text).map(({ kind, text: part, at }) => (
              <span key={at} className={kind === 'plain' ? undefined : styles[kind]}>
                {part}
              </span>
            ))
          : text}
      </Box>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" className={styles.copy} onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
