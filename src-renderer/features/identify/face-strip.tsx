/** Every face of the photo side by side; the chosen one is in the inspector. Renderer. */
import { useEffect, useRef } from 'react'
import { pictureUrl } from '../../../src-shared/picture-url'
import type { RecognisedFace } from '../../../src-shared/recognition'
import { DecisionMark } from '../../components/decision-mark'
import { ListOption } from '../../components/list-option'
import { activeFaces } from '../../state/selection-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { decisionWord } from '../../wording'
import styles from './face-strip.module.css'

export function FaceStrip() {
  const itemId = useVisor((state) => state.activeId)
  const faces = useVisor(activeFaces)
  const chosen = useVisor((state) => state.faceIndex)
  const { selectFace } = useActions()
  const list = useRef<HTMLDivElement>(null)

  useEffect(() => {
    list.current?.querySelector(`#face-${chosen}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])

  if (itemId === null || faces.length === 0) return null
  return (
    <div
      ref={list}
      className={styles.strip}
      role="listbox"
      tabIndex={0}
      data-pane="strip"
      data-pane-focus
      aria-label="Faces of this photo"
      aria-orientation="horizontal"
      aria-activedescendant={`face-${chosen}`}
    >
      {faces.map((face) => (
        <ListOption
          key={face.index}
          id={`face-${face.index}`}
          className={styles.face}
          selected={face.index === chosen}
          aria-label={faceLabel(face, faces.length)}
          data-decision={face.decision}
          onChoose={() => selectFace(face.index)}
        >
          <span className={styles.picture}>
            <img src={pictureUrl.probe(itemId, face.index)} alt="" decoding="async" draggable={false} />
            <span className={styles.mark}>
              <DecisionMark decision={face.decision} named={false} />
            </span>
          </span>
          <span className={styles.name} title={face.person?.name}>
            {face.person?.name ?? decisionWord.unknown}
          </span>
        </ListOption>
      ))}
    </div>
  )
}

function faceLabel(face: RecognisedFace, total: number): string {
  const who = face.person === undefined ? '' : `, ${face.person.name}`
  const said = `${face.confirmed ? ', confirmed' : ''}${face.manual === true ? ', drawn by hand' : ''}`
  return `Face ${face.index + 1} of ${total}: ${decisionWord[face.decision].toLowerCase()}${who}${said}`
}
