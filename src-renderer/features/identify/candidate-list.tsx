/** The people offered for a face, nearest first; those too far away stand apart, as the nearest, not as an answer. Renderer. */

import { Button } from '@mantine/core'
import type { Candidate, Recognition } from '../../../src-shared/recognition'
import { DecisionMark } from '../../components/decision-mark'
import { Key } from '../../components/key'
import { ListOption } from '../../components/list-option'
import { enrolledIn } from '../../state/galleries-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { counted, decisionWord, distanceText } from '../../wording'
import styles from './candidate-list.module.css'

interface CandidateListProps {
  readonly candidates: readonly Candidate[]
  /** The candidate that *confirm* and *not this person* mean. */
  readonly chosen: Candidate | undefined
  /** The candidate whose reference is shown. */
  readonly shown: Candidate | undefined
  /** The answer that they are of. */
  readonly recognition: Recognition
}

export function CandidateList({ candidates, chosen, shown, recognition }: CandidateListProps) {
  const { domains, thresholds } = recognition
  if (candidates.length === 0) {
    return <NobodyToCompare recognition={recognition} />
  }
  const isAnswer = (candidate: Candidate) => candidate.decision !== 'unknown' && !candidate.rejected
  const row = (candidate: Candidate) => (
    <CandidateRow
      key={candidate.personId}
      candidate={candidate}
      place={candidates.indexOf(candidate)}
      chosen={candidate === chosen}
      shown={candidate === shown}
      // With one, its name would only repeat.
      withDomain={domains.length !== 1}
    />
  )
  const answers = candidates.filter(isAnswer)
  const others = candidates.filter((candidate) => !isAnswer(candidate))
  return (
    <div className={styles.table}>
      <div className={styles.columns} aria-hidden="true">
        <span />
        <span />
        <span />
        <Column
          title="Distance"
          hint="How far the two faces are apart: 0 is the same picture, above 1 is nothing alike."
        />
        <Column title="Conf. %" hint="Confidence: 100 · (1 − distance)." />
        <Column title="Faces" hint="This person’s enrolled faces within the possible distance." />
        <Column title="Score" hint="Weighted score: mean confidence of the person’s three best faces." />
      </div>
      <div
        role="listbox"
        tabIndex={0}
        aria-label="Candidates"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': `candidate-${chosen.personId}` })}
      >
        {answers.map(row)}
        {others.length > 0 && (
          <div className={styles.divider} role="presentation">
            beyond {distanceText(thresholds.possible)}: nearest, not an answer
          </div>
        )}
        {others.map(row)}
      </div>
    </div>
  )
}

function Column({ title, hint }: { readonly title: string; readonly hint: string }) {
  return (
    <span className={styles.number} title={hint}>
      {title}
    </span>
  )
}

interface CandidateRowProps {
  readonly candidate: Candidate
  /** Place in the face's list of candidates, from 0: its key is one more. */
  readonly place: number
  readonly chosen: boolean
  readonly shown: boolean
  readonly withDomain: boolean
}

function CandidateRow({ candidate, place, chosen, shown, withDomain }: CandidateRowProps) {
  const { chooseCandidate } = useActions()
  const { name, domain, distance, confidence, occurrences, weightedScore, decision, rejected } = candidate
  const said = rejected
    ? 'ruled out'
    : decision === 'unknown'
      ? 'nearest, not an answer'
      : decisionWord[decision]
  return (
    <ListOption
      id={`candidate-${candidate.personId}`}
      className={styles.row}
      selected={chosen}
      aria-label={`${name}, ${domain}, ${said}, distance ${distanceText(distance)}, confidence ${Math.round(confidence)} %, ${counted(occurrences, 'face')}, score ${Math.round(weightedScore)}`}
      data-decision={decision}
      data-shown={shown || undefined}
      data-rejected={rejected || undefined}
      onChoose={() => chooseCandidate(place)}
    >
      <span className={styles.key}>{place < 9 && <Key>{place + 1}</Key>}</span>
      <DecisionMark decision={rejected ? 'unknown' : decision} named={false} />
      <span className={styles.who}>
        <span className={styles.name} title={name}>
          {name}
        </span>
        {(withDomain || rejected) && (
          <span className={styles.note}>
            {[withDomain ? domain : '', rejected ? 'ruled out' : ''].filter(Boolean).join(' · ')}
          </span>
        )}
      </span>
      <span className={`${styles.number} ${styles.distance}`} title={String(distance)}>
        {distanceText(distance)}
      </span>
      <span className={styles.number} title={String(confidence)}>
        {Math.round(confidence)}
      </span>
      <span className={styles.number}>{occurrences}</span>
      <span className={styles.number} title={String(weightedScore)}>
        {Math.round(weightedScore)}
      </span>
    </ListOption>
  )
}

/** Why nobody is offered: nobody is enrolled, or only faces of another model, which the one in use passes over. */
function NobodyToCompare({ recognition: { domains, mode } }: Pick<CandidateListProps, 'recognition'>) {
  const faces = useVisor((state) => enrolledIn(state, domains))
  const { remember } = useActions()
  // A cache has not all that the server counts.
  if (faces === 0 || mode === 'cache') {
    return <p className={styles.none}>The domains searched hold nobody yet. Enrol people under Galleries.</p>
  }
  return (
    <div className={styles.none}>
      <p>
        {counted(faces, 'face')} enrolled here {faces === 1 ? 'is' : 'are'} of another model, and the one in
        use cannot compare with {faces === 1 ? 'it' : 'them'}. Gallery health reads the photos again.
      </p>
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => remember({ screen: 'review', reviewQueue: 'health' })}
      >
        Open Gallery health
      </Button>
    </div>
  )
}
