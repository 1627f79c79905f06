/**
 * The whole window takes photos and folders from the file manager, by drop and by paste: for the queue, or, dropped on a person
 * (`data-drop-person`, `data-drop-name`), for that person; on the page of imports, as a source; where a server on trial is looked
 * at, to compare both sides. Renderer.
 */
import { IconDatabaseImport, IconPhotoPlus, IconUserPlus } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { personIdSchema } from '../../src-shared/ids'
import { replayFiles } from '../api'
import { useActions, useMayDo, useVisor } from '../state/use-visor'
import styles from './drop-target.module.css'

/** Who lies under the pointer, where it is somebody. */
function personUnder(event: Event) {
  const element =
    event.target instanceof Element ? event.target.closest<HTMLElement>('[data-drop-person]') : null
  const personId = personIdSchema.safeParse(element?.dataset.dropPerson)
  return personId.success ? { personId: personId.data, name: element?.dataset.dropName ?? '' } : null
}

export function DropTarget() {
  const [over, setOver] = useState(false)
  const [name, setName] = useState('')
  const inGalleries = useVisor((state) => state.settings.screen === 'galleries')
  const onPerson = useVisor((state) => state.dropPerson !== null)
  const curates = useMayDo('curate')
  const isSource = useVisor(
    ({ settings }) => settings.screen === 'settings' && settings.settingsPage === 'import',
  )
  const comparing = useVisor(
    ({ status, settings }) =>
      status?.store.mode === 'dual' &&
      settings.screen === 'settings' &&
      settings.settingsPage === 'validation',
  )
  const { addPhotos, addPhotosTo, setDropPerson, dropAsSource, attempt } = useActions()

  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const personAt = (event: Event) => (curates ? personUnder(event) : null)
    const enter = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      const person = personAt(event)
      setOver(true)
      setDropPerson(person?.personId ?? null)
      if (person !== null) setName(person.name)
    }
    const end = () => {
      setOver(false)
      setDropPerson(null)
    }
    const leave = (event: DragEvent) => {
      // Without a related target the pointer has left the window itself, not just an element in it.
      if (event.relatedTarget === null) end()
    }
    const take = (event: Event, data: DataTransfer | null, person: ReturnType<typeof personUnder>) => {
      end()
      const files = [...(data?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      if (isSource && event instanceof DragEvent) {
        if (curates) void dropAsSource(files)
      } else if (comparing && event instanceof DragEvent) void attempt(() => replayFiles(files))
      else if (person === null) void addPhotos(files)
      else void addPhotosTo(person.personId, files)
    }
    window.addEventListener('dragenter', enter, { signal })
    window.addEventListener('dragover', enter, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', (event) => take(event, event.dataTransfer, personAt(event)), {
      signal,
    })
    window.addEventListener('paste', (event) => take(event, event.clipboardData, null), { signal })
    return () => ending.abort()
  }, [addPhotos, addPhotosTo, setDropPerson, dropAsSource, attempt, curates, isSource, comparing])

  if (!over) return null
  if (isSource) {
    return (
      <div className={styles.overlay} data-testid="drop-overlay">
        <div className={styles.frame}>
          <IconDatabaseImport size={48} stroke={1.4} aria-hidden />
          <strong>{curates ? 'Drop what is to be moved over' : 'Your login may not import'}</strong>
          {curates && <span>It is looked at first: nothing is written before you say so.</span>}
        </div>
      </div>
    )
  }
  if (inGalleries && curates) {
    return (
      <div className={styles.hint} data-testid="drop-hint">
        <IconUserPlus size={24} stroke={1.4} aria-hidden />
        {onPerson ? (
          <span>
            Drop photos of <strong>{name}</strong>
          </span>
        ) : (
          <span>Drop on a person to add photos of them; elsewhere to identify who is in them</span>
        )}
      </div>
    )
  }
  return (
    <div className={styles.overlay} data-testid="drop-overlay">
      <div className={styles.frame}>
        <IconPhotoPlus size={48} stroke={1.4} aria-hidden />
        <strong>Drop photos or folders to {comparing ? 'compare both sides' : 'identify'}</strong>
        <span>{comparing ? 'The queue stays as it is.' : 'The files stay where they are.'}</span>
      </div>
    </div>
  )
}
