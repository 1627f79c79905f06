/** The enrolment gate's findings in a curator's words: the one place where they are made. Pure, every process. */
import { wholePercent } from './amounts'
import type { GateFinding, GateKind } from './gate'

/** A finding as one short sentence. */
export function sentenceOf(finding: GateFinding): string {
  switch (finding.kind) {
    case 'ruled-out':
      return `Somebody said that this face is not ${finding.name}.`
    case 'same-photo':
      return finding.whose === 'own'
        ? `${finding.name} is in this photo already, as another face; that is possible in a mirror or a collage only.`
        : `This face is ${finding.name}’s already.`
    case 'near-another': {
      const { name, distance, limit, level, ownDistance } = finding
      const range = level === 'match' ? 'a match is within' : 'possible is within'
      const nearer =
        ownDistance !== undefined && ownDistance > distance
          ? `, nearer than the person’s own photos (${two(ownDistance)})`
          : ''
      return `Looks like ${name}: distance ${two(distance)}, ${range} ${two(limit)}${nearer}.`
    }
    case 'far-from-own': {
      const { name, nearest, limit, photos } = finding
      return `Does not look like ${name}: ${two(nearest)} from the nearest of ${photos} photos, where ${two(limit)} is the most.`
    }
    case 'print-or-screen':
      return `May be a photo of a print or a screen: ${wholePercent(finding.likelihood)} likely to be a real face.`
    case 'several-faces':
      return `The photo has ${finding.faces} faces${choiceWords[finding.choice]}`
    case 'quality':
      return qualitySentence(finding)
    case 'near-duplicate':
      return `Nearly the same photo of ${finding.name} is there already.`
  }
}

/** A kind of finding as the policy's page calls it. */
export const kindTitles: Record<GateKind, string> = {
  'ruled-out': 'Was ruled out',
  'same-photo': 'Same photo',
  'near-another': 'Looks like somebody else',
  'far-from-own': 'Does not look like the person',
  'print-or-screen': 'Print or screen',
  'several-faces': 'Several faces',
  quality: 'Poor picture',
  'near-duplicate': 'Nearly the same photo',
}

const choiceWords = {
  pointed: '.',
  largest: '; the largest was taken.',
  resembles: '; the one like the person’s others was taken.',
  unclear: ', and which of them is meant cannot be told.',
} as const

function qualitySentence({
  part,
  value,
  minimum,
  sizePx,
  yawDegrees,
}: Extract<GateFinding, { kind: 'quality' }>): string {
  const figures = `${two(value)}, where ${two(minimum)} is the least`
  switch (part) {
    case 'size':
      return `The face is small: ${Math.round(sizePx)} pixels across.`
    case 'sharpness':
      return `The face is blurred: sharpness ${figures}.`
    case 'pose':
      return `The head is turned away by about ${Math.abs(Math.round(yawDegrees))}°.`
    case 'exposure':
      return `Too dark or too bright: ${wholePercent(1 - value)} of the face shows nothing.`
  }
}

function two(value: number): string {
  return value.toFixed(2)
}
