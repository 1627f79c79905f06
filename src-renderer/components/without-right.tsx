/** Where something would be offered that the login may not do: a word of why. Renderer. */
import { Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import styles from './without-right.module.css'

/** `may`: what the login may do here, as a sentence goes on. */
export function WithoutRight({ may }: { readonly may: string }) {
  return (
    <div className={styles.note} data-testid="without-right">
      <IconLock size={15} stroke={1.6} aria-hidden />
      <Text size="sm">
        Your login on the server may {may}, not change people. Who looks after the server can give it the role
        of a curator.
      </Text>
    </div>
  )
}
