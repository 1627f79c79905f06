/** Says that a face's box was drawn by hand, and lets it be changed or deleted while the face is nobody's. Renderer. */
import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import type { RecognisedFace } from '../../../src-shared/recognition'
import { deleteFace, editableFace } from '../../state/box-acts'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import styles from './drawn-note.module.css'

export function DrawnNote({ face }: { readonly face: RecognisedFace }) {
  const store = useVisorStore()
  const editable = useVisor((state) => editableFace(state) !== undefined && state.draft === null)
  const { startDraft } = useActions()
  if (face.manual !== true) return null
  return (
    <div className={styles.note} role="note">
      <IconPencil size={15} aria-hidden />
      <span className={styles.text}>
        Box drawn by hand{face.score === 0 && ': no face was seen in it, so distances mean little'}.
      </span>
      {!face.confirmed && (
        <>
          <Button
            size="compact-xs"
            variant="default"
            title="Change the box  E"
            disabled={!editable}
            onClick={() => startDraft(String(face.index), face.box)}
          >
            Change
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            title="Not a face: delete the box  Shift Del"
            disabled={!editable}
            onClick={() => void deleteFace(store)}
          >
            Delete
          </Button>
        </>
      )}
    </div>
  )
}
