/** The chosen face: what Visor says of it, the evidence side by side, and what people can say. Renderer. */
import { IconFaceId, IconUserCheck } from '@tabler/icons-react'
import type { ItemId } from '../../../src-shared/ids'
import type { RecognisedFace, Recognition } from '../../../src-shared/recognition'
import { DecisionMark } from '../../components/decision-mark'
import { EmptyState } from '../../components/empty-state'
import { activeObjection } from '../../state/objection-slice'
import { activeFace, activeItem, candidateInQuestion } from '../../state/selection-slice'
import { useVisor } from '../../state/use-visor'
import { decisionSentence, stateWord } from '../../wording'
import { CandidateList } from './candidate-list'
import { DrawnNote } from './drawn-note'
import { Evidence } from './evidence'
import { FaceActions } from './face-actions'
import styles from './inspector.module.css'
import { JoinObjection } from './join-objection'
import { QualityNote } from './quality-note'
import { RepeatsNote } from './repeats-note'

export function Inspector() {
  const item = useVisor(activeItem)
  const recognition = useVisor((state) =>
    state.activeId === null ? undefined : state.details.get(state.activeId)?.detail?.recognition,
  )
  const face = useVisor(activeFace)
  const searching = useVisor(({ settings: { search } }) => search.domain !== null || search.allDomains)
  if (item === undefined) {
    return (
      <EmptyState
        picture={<IconFaceId size={36} stroke={1.3} />}
        title="Choose a face"
        text="Here the face stands beside the nearest person of the gallery, with the figures."
      />
    )
  }
  if (item.state !== 'done') {
    return (
      <EmptyState
        picture={<IconFaceId size={36} stroke={1.3} />}
        title={item.error === undefined ? stateWord[item.state] : 'No answer for this photo'}
      />
    )
  }
  if (!searching) {
    return (
      <EmptyState
        picture={<IconFaceId size={36} stroke={1.3} />}
        title="Choose a domain"
        text="Faces are compared with the people of a domain. Without one nobody is searched."
      />
    )
  }
  if (recognition === undefined) return <InspectorSkeleton />
  if (face === undefined) {
    return (
      <EmptyState
        picture={<IconFaceId size={36} stroke={1.3} />}
        title="No face in this photo"
        text="If there is one that you can see, press B and drag a box around it. For many small faces, switch on Thorough in the options of the search and try the photo again (R)."
      />
    )
  }
  return <FaceInspector itemId={item.itemId} face={face} recognition={recognition} />
}

interface FaceInspectorProps {
  readonly itemId: ItemId
  readonly face: RecognisedFace
  readonly recognition: Recognition
}

function FaceInspector({ itemId, face, recognition }: FaceInspectorProps) {
  const chosen = useVisor((state) => state.chosenPerson)
  const objection = useVisor(activeObjection)
  const inQuestion = candidateInQuestion(face, chosen)
  const shown = inQuestion ?? face.candidates.find((candidate) => !candidate.rejected)
  return (
    <div className={styles.inspector} data-pane-focus tabIndex={-1}>
      <div className={styles.body}>
        <header className={styles.head}>
          <span className={styles.count}>
            Face {face.index + 1} of {recognition.faces.length}
          </span>
          <h2 className={styles.decision} data-decision={face.decision} data-testid="decision">
            <DecisionMark decision={face.decision} named={false} />
            {decisionSentence(face)}
          </h2>
          {face.person !== undefined && (
            <p className={styles.person} data-decision={face.decision}>
              {face.person.name}
              {face.confirmed && (
                <span className={styles.confirmed}>
                  <IconUserCheck size={14} aria-hidden /> confirmed
                </span>
              )}
            </p>
          )}
        </header>
        <DrawnNote face={face} />
        <RepeatsNote face={face} recognition={recognition} />
        <Evidence itemId={itemId} face={face} candidate={shown} />
        <CandidateList
          candidates={face.candidates}
          chosen={inQuestion}
          shown={shown}
          recognition={recognition}
        />
        <QualityNote quality={face.quality} score={face.score} />
      </div>
      {objection === null ? (
        <FaceActions face={face} candidate={inQuestion} />
      ) : (
        <JoinObjection objection={objection} />
      )}
    </div>
  )
}

function InspectorSkeleton() {
  return (
    <div className={styles.body} aria-busy="true">
      <div className={styles.blank} style={{ width: '50%', height: 18 }} />
      <div className={styles.blanks}>
        <div className={styles.blank} />
        <div className={styles.blank} />
      </div>
      <div className={styles.blank} style={{ height: 28 }} />
      <div className={styles.blank} style={{ height: 28 }} />
      <div className={styles.blank} style={{ height: 28 }} />
    </div>
  )
}
