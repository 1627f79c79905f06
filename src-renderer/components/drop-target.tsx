/** The whole window takes photos and folders from the file manager, by drop and by paste. Renderer. */
import { IconPhotoPlus } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useActions } from '../state/use-visor'
import styles from './drop-target.module.css'

export function DropTarget() {
  const [over, setOver] = useState(false)
  const { addPhotos } = useActions()

  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const enter = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Without a related target the pointer has left the window itself, not just an element in it.
      if (event.relatedTarget === null) setOver(false)
    }
    const take = (event: Event, data: DataTransfer | null) => {
      setOver(false)
      const files = [...(data?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      void addPhotos(files)
    }
    window.addEventListener('dragenter', enter, { signal })
    window.addEventListener('dragover', enter, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', (event) => take(event, event.dataTransfer), { signal })
    window.addEventListener('paste', (event) => take(event, event.clipboardData), { signal })
    return () => ending.abort()
  }, [addPhotos])

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
