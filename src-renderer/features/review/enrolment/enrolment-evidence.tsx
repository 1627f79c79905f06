/** The candidate beside the person's nearest face, who else it looks like, and the faces to choose from. Renderer. */
import { Button, Popover, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { presetOverride } from '../../../../src-shared/gate'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { ReviewDetail } from '../../../../src-shared/review'
import { type FaceFigure, FacePair } from '../../../components/face-pair'
import { FileName } from '../../../components/file-name'
import { Key } from '../../../components/key'
import { ListOption } from '../../../components/list-option'
import { PersonPicker } from '../../../components/person-picker'
import { acceptEnrolment } from '../../../state/enrolment-acts'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { distanceText } from '../../../wording'
import styles from './enrolment-evidence.module.css'

interface EvidenceProps {
  readonly detail: ReviewDetail
  /** The face chosen, among those to choose from; `undefined` until one is. */
  readonly chosen: number | undefined
}

export function EnrolmentEvidence({ detail, chosen }: EvidenceProps) {
  const { reviewId, person, path, faces } = detail
  // The first stands there to begin with; it is enrolled once it is chosen.
  const face = faces[chosen ?? 0] ?? faces[0]!
  const index = faces.indexOf(face)
  const typing = useVisor((state) => state.typingWhy)
  const blocked = face.reasons.some(({ action }) => action === 'block')
  const [near] = lookalikesOf(face)
  const reference: FaceFigure | undefined =
    face.own !== undefined
      ? {
          src: pictureUrl.reference(face.own.faceId),
          alt: `${person.name}, the nearest of their faces`,
          caption: person.name,
          distance: face.own.distance,
        }
      : near === undefined
        ? undefined
        : {
            src: pictureUrl.reference(near.faceId),
            alt: `${near.name}, who is somebody else`,
            caption: `${near.name}, already in ${detail.domain}`,
            distance: near.distance,
          }
  return (
    <>
      {faces.length > 1 && <FaceChoice detail={detail} chosen={chosen} />}
      <div className={styles.anchor}>
        <FacePair
          left={{
            src: pictureUrl.review(reviewId, index),
            alt: 'The face that waits',
            caption: `Quality ${face.quality.toFixed(2)}`,
          }}
          right={reference}
          nobody={
            person.personId === undefined
              ? `Nobody in ${detail.domain} is called ${person.name} yet.`
              : `${person.name} has no face to compare with.`
          }
        >
          <span title={path}>
            <FileName name={path === '' ? 'Pasted picture' : path.split(/[\\/]/).slice(-2).join(' / ')} />
          </span>
        </FacePair>
        <GiveToSomebody detail={detail} />
      </div>
      {face.own !== undefined && <LooksLike face={face} />}
      {typing && <Why key={reviewId} />}
      {blocked && <PolicyLink />}
    </>
  )
}

function lookalikesOf({ reasons }: ReviewDetail['faces'][number]) {
  return reasons.flatMap(({ finding }) => (finding.kind === 'near-another' ? [finding] : []))
}

/** Somebody else who is near: their face, for comparison. */
function LooksLike({ face }: { readonly face: ReviewDetail['faces'][number] }) {
  return lookalikesOf(face).map(({ faceId, name, distance }) => (
    <figure key={faceId} className={styles.lookalike}>
      <img src={pictureUrl.reference(faceId)} alt={name} draggable={false} />
      <figcaption>
        <bdi>{name}</bdi> <span title={String(distance)}>{distanceText(distance)}</span>
      </figcaption>
    </figure>
  ))
}

function FaceChoice({ detail: { reviewId, faces }, chosen }: EvidenceProps) {
  const { chooseEnrolmentFace } = useActions()
  return (
    <div className={styles.faces} role="listbox" tabIndex={-1} aria-label="Faces of the photo">
      {faces.map((face, index) => (
        <ListOption
          key={`${face.box.x} ${face.box.y}`}
          id={`enrolment-face-${index}`}
          className={styles.face}
          selected={index === chosen}
          aria-label={`Face ${index + 1}`}
          onChoose={() => chooseEnrolmentFace(index)}
        >
          <img src={pictureUrl.review(reviewId, index)} alt="" draggable={false} />
          {index < 9 && <Key>{String(index + 1)}</Key>}
        </ListOption>
      ))}
    </div>
  )
}

function Why() {
  const store = useVisorStore()
  const { typeWhy } = useActions()
  const [why, setWhy] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    acceptEnrolment(store, why.trim() === '' ? presetOverride : why.trim())
  }
  return (
    <form onSubmit={submit} aria-label="Why it is right all the same">
      <TextInput
        label="Why it is right all the same"
        placeholder={presetOverride}
        autoFocus
        autoComplete="off"
        maxLength={300}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') typeWhy(false)
        }}
      />
    </form>
  )
}

function PolicyLink() {
  const { remember } = useActions()
  return (
    <Button variant="default" onClick={() => remember({ screen: 'settings', settingsPage: 'gate' })}>
      Open the policy
    </Button>
  )
}

function GiveToSomebody({ detail: { domain, person } }: { readonly detail: ReviewDetail }) {
  const store = useVisorStore()
  const opened = useVisor((state) => state.overlay === 'give-enrolment')
  const { openOverlay } = useActions()
  return (
    <Popover
      trapFocus
      returnFocus
      // What it hangs from is a mere place, and may not say that it opens something.
      withRoles={false}
      opened={opened}
      onChange={(open) => openOverlay(open ? 'give-enrolment' : null)}
      position="top"
      width={320}
    >
      <Popover.Target>
        <span className={styles.target} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Somebody else">
        <PersonPicker
          domain={domain}
          nobody="Nobody of that name in this domain."
          {...(person.personId === undefined ? {} : { except: person.personId })}
          onChoose={({ personId }) => {
            openOverlay(null)
            acceptEnrolment(store, presetOverride, { personId })
          }}
          onNew={(name) => {
            openOverlay(null)
            acceptEnrolment(store, presetOverride, { name })
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
