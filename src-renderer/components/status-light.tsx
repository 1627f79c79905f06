/** The mark before a part of the status bar: how it is. Its words say the same. Renderer. */
import { IconAlertTriangle, IconCircleFilled } from '@tabler/icons-react'
import styles from './status-bar.module.css'

export function Light({ state }: { readonly state: 'good' | 'wait' | 'bad' }) {
  if (state === 'bad') return <IconAlertTriangle size={13} className={styles.bad} aria-hidden />
  return <IconCircleFilled size={8} className={state === 'good' ? styles.good : styles.wait} aria-hidden />
}
