/** A button that shows what it does and the key that does it. Renderer. */
import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { keyLabel } from '../commands/keys'
import { isMac } from '../commands/platform'
import styles from './action-button.module.css'
import { Key } from './key'

interface ActionButtonProps extends React.ComponentPropsWithRef<'button'> {
  readonly icon: ReactNode
  readonly label: string
  readonly hint: string
  /** The key's name; see `keys.ts`. */
  readonly keyName: string
  readonly primary?: boolean
}

export function ActionButton({ icon, label, hint, keyName, primary = false, ...button }: ActionButtonProps) {
  return (
    <UnstyledButton
      {...button}
      className={styles.action}
      aria-label={label}
      aria-keyshortcuts={keyName}
      title={hint}
      data-primary={primary || undefined}
      // A click leaves the keyboard where it was: Enter must not press again what the mouse pressed.
      onMouseDown={(event) => event.preventDefault()}
    >
      {icon}
      <span className={styles.label}>{label}</span>
      <Key>{keyLabel(keyName, isMac)}</Key>
    </UnstyledButton>
  )
}

/** A row of {@link ActionButton}s of one width. */
export function ActionBar({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={label}>
      {children}
    </div>
  )
}
