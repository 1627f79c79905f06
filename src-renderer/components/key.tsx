/** A key as it is printed beside what it does. A plain element: there are dozens in view, and they render with every face. Renderer. */
import styles from './key.module.css'

export function Key({ children }: { readonly children: string | number }) {
  return <kbd className={styles.key}>{children}</kbd>
}
