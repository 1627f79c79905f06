/** What can be said of a finding, each by one key, and undone as every act. Renderer. */
import {
  IconArrowBackUp,
  IconArrowRight,
  IconCheck,
  IconFocusCentered,
  IconPhotoMinus,
  IconPhotoPlus,
  IconRefresh,
  IconRotate2,
  IconUserCheck,
  IconUsersMinus,
  IconUserX,
  type TablerIcon,
} from '@tabler/icons-react'
import type { Act } from '../../../../src-shared/act'
import { apartKinds, type Finding, type FindingKind } from '../../../../src-shared/health'
import type { FaceId, PersonId } from '../../../../src-shared/ids'
import { request } from '../../../api'
import { done } from '../../../state/acts'
import { findingInView } from '../../../state/health-slice'
import type { Right } from '../../../state/rights'
import type { Store } from '../../../state/store'

interface FindingFix {
  readonly id: string
  /** The key's name; see `keys.ts`. */
  readonly keyName: string
  readonly Icon: TablerIcon
  /** What the button says; names of people where it takes them. */
  readonly label: (finding: Finding) => string
  readonly hint: string
  readonly primary?: boolean
  /** What it takes; absent: everybody's. */
  readonly right?: Right
  readonly applies: (finding: Finding) => boolean
  readonly run: (store: Store, finding: Finding) => void
}

const isOf =
  (...kinds: readonly FindingKind[]) =>
  ({ evidence, dismissed }: Finding) =>
    !dismissed && kinds.includes(evidence.kind)
const withOther = (finding: Finding) => finding.other !== undefined
/** A copy of a photo that one person has twice. */
const isOwnCopy = (finding: Finding) => isOf('near-duplicate')(finding) && !withOther(finding)
const isOthersCopy = (finding: Finding) => isOf('near-duplicate')(finding) && withOther(finding)
const isAlike = isOf('look-alike', 'same-name')
const needsPhotos = isOf('no-photo', 'one-photo', 'poor-photos')

const otherName = ({ other, person }: Finding) => other?.name ?? person.name

export const findingFixes: readonly FindingFix[] = [
  {
    id: 'not-this-person',
    keyName: 'Enter',
    right: 'curate',
    Icon: IconUserX,
    label: ({ person }) => `Not ${person.name}`,
    hint: 'Takes the photo out and remembers that it is not this person.',
    primary: true,
    applies: isOf('outlier'),
    run: (store, finding) => decide(store, finding, () => take([evidenceFace(finding)], true)),
  },
  {
    id: 'give-to-other',
    keyName: 'G',
    right: 'curate',
    Icon: IconArrowRight,
    label: (finding) => `Give it to ${otherName(finding)}`,
    hint: 'The photo is the other person’s from now on.',
    applies: (finding) => isOf('outlier')(finding) && withOther(finding),
    run: (store, finding) =>
      decide(store, finding, () =>
        request('gallery.moveFaces', {
          faceIds: [evidenceFace(finding)],
          domain: finding.domain,
          to: { personId: otherId(finding) },
        }),
      ),
  },
  {
    id: 'take-out',
    keyName: 'T',
    right: 'curate',
    Icon: IconPhotoMinus,
    label: () => 'Take it out',
    hint: 'Takes the photo out; whose it is stays open.',
    applies: isOf('outlier'),
    run: (store, finding) => decide(store, finding, () => take([evidenceFace(finding)], false)),
  },
  {
    id: 'merge-into-first',
    keyName: '1',
    right: 'curate',
    Icon: IconUserCheck,
    label: ({ person }) => `One person: ${person.name}`,
    hint: 'Merges the two; the first name stays, the other is kept as another name.',
    applies: isAlike,
    run: (store, finding) => decide(store, finding, () => merge(finding.person.personId, otherId(finding))),
  },
  {
    id: 'merge-into-second',
    keyName: '2',
    right: 'curate',
    Icon: IconUserCheck,
    label: (finding) => `One person: ${otherName(finding)}`,
    hint: 'Merges the two; the second name stays, the first is kept as another name.',
    applies: isAlike,
    run: (store, finding) => decide(store, finding, () => merge(otherId(finding), finding.person.personId)),
  },
  {
    id: 'tell-apart',
    keyName: 'X',
    right: 'curate',
    Icon: IconUsersMinus,
    label: () => 'Two different people',
    hint: 'They are told apart: nobody asks again, until that is withdrawn.',
    applies: isAlike,
    run: (store, finding) =>
      decide(store, finding, () =>
        request('gallery.tellApart', {
          personId: finding.person.personId,
          otherId: otherId(finding),
          apart: true,
        }),
      ),
  },
  {
    id: 'take-left',
    keyName: '1',
    right: 'curate',
    Icon: IconPhotoMinus,
    label: () => 'Take the left one out',
    hint: 'The left face is nobody’s from now on.',
    applies: isOf('twice-in-photo'),
    run: (store, finding) => decide(store, finding, () => take([evidenceFace(finding)], false)),
  },
  {
    id: 'take-right',
    keyName: '2',
    right: 'curate',
    Icon: IconPhotoMinus,
    label: () => 'Take the right one out',
    hint: 'The right face is nobody’s from now on.',
    applies: isOf('twice-in-photo'),
    run: (store, finding) => decide(store, finding, () => take([evidenceOther(finding)], false)),
  },
  {
    id: 'mirror',
    keyName: 'R',
    right: 'curate',
    Icon: IconRotate2,
    label: () => 'A mirror or a collage',
    hint: 'People may be in this photo more than once.',
    applies: isOf('twice-in-photo'),
    run: (store, finding) =>
      decide(store, finding, () =>
        request('gallery.setRepeatsPeople', {
          clientId: finding.clientId,
          photo: photoOf(finding, evidenceFace(finding)),
          repeats: true,
        }),
      ),
  },
  {
    id: 'keep-better',
    keyName: 'Enter',
    right: 'curate',
    Icon: IconCheck,
    label: () => 'Keep the better one',
    hint: 'Takes the right one out; the left is the better of the two.',
    primary: true,
    applies: isOwnCopy,
    run: (store, finding) => decide(store, finding, () => take([evidenceOther(finding)], false)),
  },
  {
    id: 'copy-is-first',
    keyName: '1',
    right: 'curate',
    Icon: IconUserCheck,
    label: ({ person }) => `It is ${person.name}`,
    hint: 'Takes the photo from the other person and remembers that it is not them.',
    applies: isOthersCopy,
    run: (store, finding) => decide(store, finding, () => take([evidenceOther(finding)], true)),
  },
  {
    id: 'copy-is-second',
    keyName: '2',
    right: 'curate',
    Icon: IconUserCheck,
    label: (finding) => `It is ${otherName(finding)}`,
    hint: 'Takes the photo from the first person and remembers that it is not them.',
    applies: isOthersCopy,
    run: (store, finding) => decide(store, finding, () => take([evidenceFace(finding)], true)),
  },
  {
    id: 'embed-again',
    keyName: 'Enter',
    right: 'curate',
    Icon: IconRefresh,
    label: () => 'Read the photos again',
    hint: 'Reads the person’s photos with the model in use; those that are not found are listed.',
    primary: true,
    applies: isOf('older-model'),
    run: (store, { clientId, domain, person }) =>
      void store
        .getState()
        .attempt(() => request('health.embedAgain', { clientId, domain, personId: person.personId })),
  },
  {
    id: 'add-photos',
    keyName: 'Enter',
    right: 'curate',
    Icon: IconPhotoPlus,
    label: () => 'Add photos',
    hint: 'Opens the person: drop photos there, or enrol a folder.',
    primary: true,
    applies: needsPhotos,
    run: (store, finding) => openPerson(store, finding, finding.person.personId),
  },
  {
    id: 'fine',
    keyName: 'F',
    right: 'curate',
    Icon: IconCheck,
    label: (finding) => (isOwnCopy(finding) ? 'Keep both' : 'It is fine'),
    hint: 'Nobody asks again until what this rests on is another matter.',
    applies: ({ evidence, dismissed }) => !dismissed && !apartKinds.includes(evidence.kind),
    run: (store, finding) => decide(store, finding, () => dismiss(finding, true)),
  },
  {
    id: 'take-up',
    keyName: 'Enter',
    right: 'curate',
    Icon: IconArrowBackUp,
    label: () => 'Take it up again',
    hint: 'It waits in the queue again.',
    primary: true,
    applies: ({ dismissed }) => dismissed,
    run: (store, finding) => decide(store, finding, () => dismiss(finding, false)),
  },
  {
    id: 'open-person',
    keyName: 'O',
    Icon: IconFocusCentered,
    label: ({ person }) => `Open ${person.name}`,
    hint: 'Shows the person in the gallery, to look, rename or add photos.',
    applies: (finding) => !needsPhotos(finding),
    run: (store, finding) => openPerson(store, finding, finding.person.personId),
  },
  {
    id: 'open-other',
    keyName: 'P',
    Icon: IconFocusCentered,
    label: (finding) => `Open ${otherName(finding)}`,
    hint: 'Shows the other person in the gallery, to look, rename or add photos.',
    applies: withOther,
    run: (store, finding) => openPerson(store, finding, otherId(finding)),
  },
]

/** Runs a fix on the finding in the middle, where it applies. */
export function runFix(store: Store, { applies, run }: FindingFix): void {
  const finding = findingInView(store.getState())
  if (finding !== undefined && applies(finding)) run(store, finding)
}

/** Does an act. The finding leaves the queue at once, and is back where the act was refused. */
function decide(store: Store, { findingId }: Finding, ask: () => Promise<Act>): void {
  const { attempt, settleFinding, unsettleFindings } = store.getState()
  settleFinding(findingId)
  void attempt(async () => {
    try {
      done(store, await ask())
    } catch (error) {
      unsettleFindings()
      throw error
    }
  })
}

function openPerson(store: Store, { clientId, domain }: Finding, personId: PersonId): void {
  const { browse, activatePerson, remember } = store.getState()
  browse({ clientId, domain })
  activatePerson(personId)
  remember({ screen: 'galleries' })
}

const take = (faceIds: FaceId[], reject: boolean) => request('gallery.takeFaces', { faceIds, reject })
const merge = (target: PersonId, source: PersonId) =>
  request('gallery.mergePersons', { target, sources: [source] })
const dismiss = ({ clientId, findingId }: Finding, dismissed: boolean) =>
  request('health.dismiss', { clientId, findingIds: [findingId], dismissed })

function evidenceFace({ evidence }: Finding): FaceId {
  if (!('faceId' in evidence) || evidence.faceId === undefined)
    throw new Error('This finding is about no face.')
  return evidence.faceId
}

function evidenceOther({ evidence }: Finding): FaceId {
  if (!('otherFaceId' in evidence) || evidence.otherFaceId === undefined) {
    throw new Error('This finding is about one face.')
  }
  return evidence.otherFaceId
}

function otherId({ other }: Finding): PersonId {
  if (other === undefined) throw new Error('This finding is about one person.')
  return other.personId
}

function photoOf({ faces }: Finding, faceId: FaceId) {
  const face = faces.find((one) => one.faceId === faceId)
  if (face === undefined) throw new Error('The photo of this finding is gone.')
  return face.photoSha256
}
