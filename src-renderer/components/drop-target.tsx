/** The whole window takes photos and folders from the file manager, by drop and by paste. Renderer. */
import { IconPhotoPlus } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { addFiles } from '../api'
import { useActions } from '../state/use-visor'
import styles from './drop-target.module.css'

export function DropTarget() {
  const [over, setOver] = useState(false)
  const { attempt, remember } = useActions()

  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Without a related target the pointer has left the window itself, not just an element in it.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      remember({ screen: 'identify' })
      void attempt(() => addFiles(files))
    }
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      remember({ screen: 'identify' })
      void attempt(() => addFiles(files))
    }
    window.addEventListener('paste', paste)
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragover', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('paste', paste)
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragover', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [attempt, remember])

  if (!over) return null
  return (
    <div className={styles.overlay} data-testid="drop-overlay">
      <div className={styles.frame}>
        <IconPhotoPlus size={48} stroke={1.4} aria-hidden />
        <strong>Drop photos or folders to identify</strong>
        <span>The files stay where they are.</span>
      </div>
    </div>
  )
}
