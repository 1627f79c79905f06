/** A file name on one line; where it is too long its middle gives way, so that its end can still be told. Renderer. */
import styles from './file-name.module.css'

const tailLength = 9

export function FileName({ name }: { readonly name: string }) {
  const characters = [...name]
  const tail = characters.slice(-tailLength).join('')
  const stem = characters.slice(0, -tailLength).join('')
  return (
    <span className={styles.name}>
      <span className={styles.stem}>{stem}</span>
      <span className={styles.tail}>{tail}</span>
    </span>
  )
}
