/** A finding as it is shown: the question, the faces side by side, the reasons. Pure. Renderer. */
import { type Finding, type FindingPerson, findingSentence, goodQuality } from '../../../../src-shared/health'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { FaceFigure } from '../../../components/face-pair'
import { counted, isolated } from '../../../wording'

/** What is asked of a finding, one sentence. */
export function questionOf({ evidence, person, other }: Finding): string {
  const both = `${person.name} and ${other?.name ?? 'somebody else'}`
  switch (evidence.kind) {
    case 'outlier':
      return other === undefined
        ? `Is this really ${person.name}?`
        : `Is this ${person.name}, or ${other.name}?`
    case 'look-alike':
    case 'same-name':
      return `Are ${both} one person?`
    case 'twice-in-photo':
      return `Is ${person.name} in this photo twice?`
    case 'near-duplicate':
      return other === undefined
        ? `Does ${person.name} need both copies?`
        : `Is this ${person.name}, or ${other.name}?`
    case 'older-model':
      return `${person.name} was enrolled with another model.`
    case 'no-photo':
      return `${person.name} has no photo.`
    case 'one-photo':
      return `${person.name} has one photo only.`
    case 'poor-photos':
      return `${person.name} has no good photo.`
  }
}

/** Short sentences why somebody has to look. */
export function reasonsOf(finding: Finding): string[] {
  const { evidence, faces } = finding
  const question = faces.find((face) => 'faceId' in evidence && face.faceId === evidence.faceId)
  const poor =
    evidence.kind === 'outlier' && question !== undefined && question.quality < goodQuality
      ? [
          `It is a poor photo (quality ${question.quality.toFixed(2)}): that alone makes it unlike the others.`,
        ]
      : []
  return [findingSentence(finding), ...poor]
}

/** The faces, the one in question in the middle of three. */
export function figuresOf({ evidence, person, other, faces }: Finding): FaceFigure[] {
  const figure = (faceId: string | undefined, caption: string, distance?: number): FaceFigure[] => {
    if (faceId === undefined || !faces.some((face) => face.faceId === faceId)) return []
    const shown = distance === undefined ? {} : { distance }
    return [{ src: pictureUrl.reference(faceId), alt: caption, caption, ...shown }]
  }
  const sized = ({ name, photos }: FindingPerson) => `${isolated(name)} · ${counted(photos, 'photo')}`
  const [own, others] = [sized(person), sized(other ?? person)]
  switch (evidence.kind) {
    case 'outlier':
      return [
        ...figure(evidence.ownFaceId, own, evidence.ownDistance),
        ...figure(evidence.faceId, 'The photo in question'),
        ...figure(evidence.otherFaceId, others, evidence.otherDistance),
      ]
    case 'look-alike':
      return [...figure(evidence.faceId, own), ...figure(evidence.otherFaceId, others, evidence.distance)]
    case 'same-name':
      return [...figure(evidence.faceId, own), ...figure(evidence.otherFaceId, others)]
    case 'twice-in-photo':
      return [...figure(evidence.faceId, 'Left'), ...figure(evidence.otherFaceId, 'Right', evidence.distance)]
    case 'near-duplicate':
      return other === undefined
        ? [
            ...figure(evidence.faceId, 'The better one'),
            ...figure(evidence.otherFaceId, 'The copy', evidence.distance),
          ]
        : [...figure(evidence.faceId, own), ...figure(evidence.otherFaceId, others, evidence.distance)]
    case 'older-model':
    case 'one-photo':
    case 'poor-photos':
      return figure(evidence.faceId, own)
    case 'no-photo':
      return []
  }
}
