/** One disagreement: both answers side by side, what differs in them, and why. Renderer. */
import { Button, Text } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import type { Disagreement, DualHit } from '../../../../src-shared/dual'
import { pictureUrl } from '../../../../src-shared/picture-url'
import { useActions } from '../../../state/use-visor'
import { distanceText } from '../../../wording'
import styles from './disagreement-detail.module.css'
import { causeText, causeTitle, hitNote, originText } from './moving-words'
import { ProbeFigure } from './probe-picture'

export function DisagreementDetail({ disagreement }: { readonly disagreement: Disagreement }) {
  const { remember } = useActions()
  const { cause, local, server, origin, face, domain, sha256 } = disagreement
  return (
    <section className={styles.detail} aria-label="Both answers" aria-live="polite">
      <div className={styles.why}>
        {sha256 !== null && <ProbeFigure key={disagreement.runId} disagreement={disagreement} />}
        <Text size="sm" className={styles.reason}>
          <strong>{causeTitle[cause]}.</strong> {causeText(disagreement)}
        </Text>
        {cause === 'index-recall' && (
          <Button size="compact-sm" variant="default" onClick={() => remember({ settingsPage: 'index' })}>
            Open Index
          </Button>
        )}
        {cause === 'edits-in-flight' && (
          <Button size="compact-sm" variant="default" onClick={() => remember({ settingsPage: 'cache' })}>
            See what waits
          </Button>
        )}
      </div>
      <div className={styles.sides}>
        <Answer title="This machine" hits={local} others={server} otherSide="on the server" />
        <Answer title="Server" hits={server} others={local} otherSide="here" />
      </div>
      <Text
        size="xs"
        c="dimmed"
        className={styles.origin}
        title={sha256 === null ? undefined : `SHA-256 ${sha256}`}
      >
        {originText[origin]}
        {face !== null && `, face ${face + 1}`}, in {domain ?? 'several domains'}
      </Text>
    </section>
  )
}

interface AnswerProps {
  readonly title: string
  readonly hits: readonly DualHit[]
  readonly others: readonly DualHit[]
  /** Where the other answer is from. */
  readonly otherSide: string
}

function Answer({ title, hits, others, otherSide }: AnswerProps) {
  return (
    <section aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      {hits.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody to compare with.
        </Text>
      ) : (
        <ol className={styles.hits}>
          {hits.map((hit) => {
            const note = hitNote(hit, others, otherSide)
            return (
              <li key={hit.personId} className={styles.hit} data-differs={note !== null || undefined}>
                <Reference key={hit.faceId} faceId={hit.faceId} />
                <span className={styles.name} title={hit.name}>
                  {hit.name}
                </span>
                <span className={styles.distance} title={String(hit.distance)}>
                  {distanceText(hit.distance)}
                </span>
                {note !== null && <span className={styles.note}>{note}</span>}
              </li>
            )
          })}
        </ol>
      )}
    </section>
  )
}

/** The enrolled face; what this machine has no picture of is a sign. */
function Reference({ faceId }: { readonly faceId: DualHit['faceId'] }) {
  const [missing, setMissing] = useState(false)
  if (missing) {
    return (
      <span className={styles.picture}>
        <IconUser size={18} stroke={1.5} aria-hidden />
      </span>
    )
  }
  return (
    <img
      className={styles.picture}
      src={pictureUrl.reference(faceId)}
      alt=""
      onError={() => setMissing(true)}
    />
  )
}
