/** What to do with a box in the making, over the photo. Renderer. */
import { Button } from '@mantine/core'
import { boxFault } from '../../../src-shared/geometry'
import { keepDraft } from '../../state/box-acts'
import { shownPhoto } from '../../state/loupe-slice'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { Key } from '../key'
import styles from './draft-bar.module.css'

export function DraftBar() {
  const store = useVisorStore()
  const draft = useVisor((state) => state.draft)
  const photo = useVisor(shownPhoto)
  const { dropDraft } = useActions()
  if (draft === null || photo === undefined) return null
  const { box, saving } = draft
  const fault = box === null ? undefined : boxFault(box, photo)
  const text =
    box === null
      ? 'Drag a box around the face, from forehead to chin. An arrow key puts one in the middle.'
      : (fault ?? 'Arrows move it, with Shift they resize it, with Ctrl in steps of ten.')
  return (
    <div className={styles.bar} role="toolbar" aria-label="Box" data-testid="draft-bar">
      <span className={styles.text} role="status" data-fault={fault !== undefined || undefined}>
        {text}
      </span>
      <Button
        size="compact-sm"
        loading={saving}
        disabled={box === null || fault !== undefined}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => void keepDraft(store)}
        rightSection={<Key>⏎</Key>}
      >
        {draft.face === null ? 'Add this face' : 'Keep the box'}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={saving}
        onMouseDown={(event) => event.preventDefault()}
        onClick={dropDraft}
        rightSection={<Key>Esc</Key>}
      >
        Leave it
      </Button>
    </div>
  )
}
