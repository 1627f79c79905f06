/** Where photos of a source are looked for: at their paths, and in a folder that somebody chooses. Renderer. */
import { Button, CloseButton } from '@mantine/core'
import { IconDatabase, IconFolder, IconPhoto } from '@tabler/icons-react'
import { FileName } from '../../../components/file-name'
import { useActions, useVisor } from '../../../state/use-visor'
import styles from './photo-places.module.css'

interface PhotoPlacesProps {
  /** A path of the source, where it names any. */
  readonly example: string | null
  /** Whether the source is a database, which may hold the photos itself. */
  readonly inSource: boolean
}

export function PhotoPlaces({ example, inSource }: PhotoPlacesProps) {
  const folder = useVisor((state) => state.photoFolder)
  const { choosePhotoFolder, leavePhotoFolder } = useActions()
  return (
    <ul className={styles.places} aria-label="Where the photos are looked for">
      <li className={styles.place}>
        <span className={styles.order}>
          <IconPhoto size={16} stroke={1.5} aria-hidden /> First
        </span>
        <div className={styles.where}>
          where the source has them
          {example !== null && example !== '' && (
            <span className={styles.path} title={example}>
              <FileName name={example} />
            </span>
          )}
        </div>
      </li>
      <li className={styles.place}>
        <span className={styles.order}>
          <IconFolder size={16} stroke={1.5} aria-hidden /> Then
        </span>
        <div className={styles.where}>
          {folder === null ? (
            'nowhere else'
          ) : (
            <>
              in all of this folder, by the end of the path
              <span className={styles.path} title={folder}>
                <FileName name={folder} />
              </span>
            </>
          )}
        </div>
        <Button size="compact-sm" variant="default" onClick={() => void choosePhotoFolder()}>
          {folder === null ? 'In a folder…' : 'Another folder…'}
        </Button>
        {folder !== null && <CloseButton aria-label="Look in no folder" onClick={leavePhotoFolder} />}
      </li>
      {inSource && (
        <li className={styles.place}>
          <span className={styles.order}>
            <IconDatabase size={16} stroke={1.5} aria-hidden /> Last
          </span>
          <div className={styles.where}>in the source itself, where it holds the photo</div>
        </li>
      )}
    </ul>
  )
}
