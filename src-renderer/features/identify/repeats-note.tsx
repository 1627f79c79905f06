/** Two faces of one photo are never one person, but in a mirror or a collage: where that is said, and taken back. Renderer. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCopy } from '@tabler/icons-react'
import type { RecognisedFace, Recognition } from '../../../src-shared/recognition'
import { sayRepeats } from '../../state/acts'
import { useMayDo, useVisorStore } from '../../state/use-visor'
import styles from './repeats-note.module.css'

interface RepeatsNoteProps {
  readonly face: RecognisedFace
  readonly recognition: Recognition
}

export function RepeatsNote({ face: { conflict }, recognition }: RepeatsNoteProps) {
  const store = useVisorStore()
  const curates = useMayDo('curate')
  if (recognition.repeatsPeople) {
    return (
      <div className={styles.note} role="note">
        <IconCopy size={15} aria-hidden />
        <span>A mirror or a collage: somebody may be in it more than once.</span>
        {curates && (
          <Button size="compact-xs" variant="default" onClick={() => void sayRepeats(store, false)}>
            Take back
          </Button>
        )}
      </div>
    )
  }
  if (conflict === undefined) return null
  // The galleries know a photo once something was said of one of its faces.
  const isKnown = recognition.faces.some(({ faceId }) => faceId !== undefined)
  return (
    <div className={styles.note} data-conflict role="note">
      <IconAlertTriangle size={15} aria-hidden />
      <span>
        {conflict.name} is face {conflict.takenByFace + 1} already: a person is in a photo at most once.
      </span>
      {isKnown && curates && (
        <Button size="compact-xs" variant="default" onClick={() => void sayRepeats(store, true)}>
          Mirror or collage
        </Button>
      )}
    </div>
  )
}
