/** Which folder of a photo’s path is the person, chosen on the path of one of the photos. Renderer. */
import { NumberInput, UnstyledButton } from '@mantine/core'
import { Fragment } from 'react'
import styles from './folder-choice.module.css'
import { mostFoldersUp, partsOfPath } from './person-rules'

interface FolderChoiceProps {
  /** The path of a photo, as the rule sees it; absent where none is known. */
  readonly example: string | undefined
  /** 1: the folder that the photo is in. */
  readonly up: number
  readonly onChoose: (up: number) => void
}

export function FolderChoice({ example, up, onChoose }: FolderChoiceProps) {
  const { folders, file } = partsOfPath(example ?? '')
  if (folders.length === 0) {
    return (
      <NumberInput
        label="Folders above the photo"
        description="1: the one that it is in."
        min={1}
        max={mostFoldersUp}
        value={up}
        onChange={(value) => typeof value === 'number' && value >= 1 && onChoose(Math.round(value))}
      />
    )
  }
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.label}>
        The person is the folder that is marked; choose another on the path of the first photo.
      </legend>
      <div className={styles.path}>
        {folders.map(({ name, up: above }) => (
          <Fragment key={above}>
            <UnstyledButton
              className={styles.folder}
              aria-pressed={above === up}
              title={name}
              onClick={() => onChoose(above)}
            >
              {name}
            </UnstyledButton>
            <span className={styles.dim} aria-hidden>
              /
            </span>
          </Fragment>
        ))}
        <span className={styles.file}>{file}</span>
      </div>
    </fieldset>
  )
}
