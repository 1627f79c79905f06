/** Enrolments that wait for a look: the candidate beside the person, what speaks against it, what can be said. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import {
  IconArrowForwardUp,
  IconCheck,
  IconPencil,
  IconUserSearch,
  IconUserX,
  IconZoomCheck,
} from '@tabler/icons-react'
import { useEffect } from 'react'
import { sentenceOf } from '../../../../src-shared/gate-sentences'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { ReviewDetail, WaitingReview } from '../../../../src-shared/review'
import { EmptyState } from '../../../components/empty-state'
import { acceptEnrolment, canAccept, rejectEnrolment } from '../../../state/enrolment-acts'
import {
  currentDetail,
  currentEnrolment,
  faceToEnrol,
  undecided,
  waitingEnrolments,
} from '../../../state/enrolment-slice'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { Decision, type ReviewAction } from '../decision'
import { useQueueOnScreen } from '../use-queue-on-screen'
import { EnrolmentEvidence } from './enrolment-evidence'
import { EnrolmentHead } from './enrolment-head'

/** How many wait, of any domain and for any reason. */
export function useEnrolmentCount(): number {
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { loadEnrolments } = useActions()
  useEffect(() => void loadEnrolments(clientId), [loadEnrolments, clientId])
  return useVisor(waitingEnrolments)
}

export function EnrolmentQueue() {
  useQueueOnScreen('enrolment')
  const loaded = useVisor((state) => state.enrolments !== undefined)
  const current = useVisor(currentEnrolment)
  const detail = useVisor(currentDetail)
  const filtered = useVisor(({ enrolmentFilter: { domain, kind } }) => domain !== null || kind !== null)
  const { filterEnrolments } = useActions()
  if (!loaded) return null
  if (current === undefined) {
    return filtered ? (
      <EmptyState
        picture={<IconZoomCheck size={36} stroke={1.3} />}
        title="None of this kind waits"
        text="The filter leaves nothing over."
      >
        <Button onClick={() => filterEnrolments({ domain: null, kind: null })}>Show all</Button>
      </EmptyState>
    ) : (
      <NothingWaits />
    )
  }
  return <Waiting current={current} detail={detail} />
}

function NothingWaits() {
  const { remember } = useActions()
  return (
    <EmptyState
      picture={<IconZoomCheck size={36} stroke={1.3} />}
      title="Nothing waits for a look"
      text="When a folder of people is enrolled, or photos are dropped on a person, what the enrolment gate warns of waits here: a blurred face, somebody who looks like another, a photo of several people."
    >
      <Button variant="default" onClick={() => remember({ screen: 'galleries' })}>
        Go to Galleries
      </Button>
      <Button variant="default" onClick={() => remember({ screen: 'settings', settingsPage: 'gate' })}>
        What the gate warns of
      </Button>
    </EmptyState>
  )
}

interface WaitingProps {
  readonly current: WaitingReview
  readonly detail: ReviewDetail | undefined
}

function Waiting({ current, detail }: WaitingProps) {
  const place = useVisor((state) => state.enrolmentPlace)
  const total = useVisor((state) => (state.enrolments?.total ?? 0) - state.decidedEnrolments.size)
  const chosen = useVisor(faceToEnrol)
  const face = chosen === undefined ? undefined : detail?.faces[chosen]
  const reasons = (face?.reasons ?? []).map(({ action, finding }) =>
    action === 'block'
      ? `Blocked by the policy of ${current.domain}: ${sentenceOf(finding)}`
      : sentenceOf(finding),
  )
  const unclear = detail?.unclear
    ? [`The photo has ${detail.facesInPhoto} faces: choose the one that is meant.`]
    : []
  return (
    <Decision
      place={place + 1}
      total={total}
      head={<EnrolmentHead />}
      question={
        detail?.unclear === true && chosen === undefined
          ? `Which face is ${current.person.name}?`
          : current.person.personId === undefined
            ? `Enrol this face as ${current.person.name}, somebody new?`
            : `Is this ${current.person.name}?`
      }
      reasons={
        detail === undefined || reasons.length + unclear.length > 0
          ? [...unclear, ...reasons]
          : ['Nothing speaks against it any more.']
      }
      actions={useEnrolmentActions(current)}
      next={useNextPictures()}
    >
      {detail === undefined ? (
        <Skeleton height={320} aria-label="Reading" />
      ) : (
        <EnrolmentEvidence detail={detail} chosen={chosen} />
      )}
    </Decision>
  )
}

function useEnrolmentActions({ person: { name } }: WaitingReview): readonly ReviewAction[] {
  const store = useVisorStore()
  const acceptable = useVisor(canAccept)
  const choosing = useVisor((state) => faceToEnrol(state) === undefined)
  const { typeWhy, openOverlay, stepEnrolment } = useActions()
  const icon = { size: 18, stroke: 1.6, 'aria-hidden': true } as const
  return [
    {
      icon: <IconCheck {...icon} />,
      label: 'Enrol',
      hint: choosing
        ? 'Choose the face first (1 … 9)'
        : `The face joins ${name}; the history says “Looked at: fine”`,
      keyName: 'Enter',
      right: 'curate',
      primary: acceptable,
      disabled: !acceptable,
      run: () => acceptEnrolment(store),
    },
    {
      icon: <IconPencil {...icon} />,
      label: 'Enrol, say why…',
      hint: 'The same, with a word of yours in the history',
      keyName: 'W',
      right: 'curate',
      disabled: !acceptable,
      run: () => typeWhy(true),
    },
    {
      icon: <IconUserX {...icon} />,
      label: 'Not this person',
      hint: `The face is not ${name}`,
      keyName: 'X',
      right: 'curate',
      run: () => rejectEnrolment(store),
    },
    {
      icon: <IconUserSearch {...icon} />,
      label: 'Somebody else…',
      hint: 'Give the face to another person of the domain, or make a new one of it',
      keyName: 'G',
      right: 'curate',
      disabled: choosing,
      run: () => openOverlay('give-enrolment'),
    },
    {
      icon: <IconArrowForwardUp {...icon} />,
      label: 'Later',
      hint: 'Leave it waiting and go to the next one',
      keyName: 'S',
      run: () => stepEnrolment(1),
    },
  ]
}

/** Pictures of the next ones. */
function useNextPictures(): readonly string[] {
  const place = useVisor((state) => state.enrolmentPlace)
  const enrolments = useVisor((state) => state.enrolments)
  const decidedEnrolments = useVisor((state) => state.decidedEnrolments)
  const details = useVisor((state) => state.enrolmentDetails)
  return undecided({ enrolments, decidedEnrolments })
    .slice(place + 1, place + 4)
    .flatMap(({ reviewId, faces }) => [
      ...Array.from({ length: faces }, (_, face) => pictureUrl.review(reviewId, face)),
      ...(details.get(reviewId)?.faces ?? []).flatMap(({ own }) =>
        own === undefined ? [] : [pictureUrl.reference(own.faceId)],
      ),
    ])
}
