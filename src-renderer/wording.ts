/** Numbers, durations and states as words; one place, so that the same thing is always said the same way. Renderer. */
import {
  byteSize,
  count,
  counted,
  durationText,
  milliseconds,
  percent,
  wholePercent,
} from '../src-shared/amounts'
import type { VisorError, WireError } from '../src-shared/errors'
import type { PersonSort } from '../src-shared/gallery'
import type { FindingKind } from '../src-shared/health'
import type { ItemState, QueueItem } from '../src-shared/queue'
import type { Decision, RecognisedFace } from '../src-shared/recognition'

export { byteSize, count, counted, durationText, milliseconds, percent, wholePercent }

/** A name between marks that keep the direction of its script to itself: figures after it stay after it. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`
}

/** The last part of a path of either kind; without a path a photo was pasted, or its place named somebody who was erased. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) || 'No file known'
}

/** A distance with two decimals; the raw value belongs into the title beside it. */
export function distanceText(distance: number): string {
  return distance.toFixed(2)
}

/** An estimate no finer than it can be: `a few seconds`, `about 40 s`, `about 3 min`, `about 2 h 10 min`. */
export function remaining(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 8) return 'a few seconds'
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `about ${minutes} min`
  const hours = Math.floor(minutes / 60)
  const rest = Math.round((minutes % 60) / 10) * 10
  if (rest === 60) return `about ${hours + 1} h`
  return rest === 0 ? `about ${hours} h` : `about ${hours} h ${rest} min`
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** A moment (ISO 8601) by this computer's clock: `today 14:03`, `yesterday 9:12`, `3 Nov 2026 14:03`. */
export function moment(at: string, now = new Date()): string {
  const then = new Date(at)
  const time = timeOfDay.format(then)
  if (then.toDateString() === now.toDateString()) return `today ${time}`
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (then.toDateString() === yesterday.toDateString()) return `yesterday ${time}`
  return `${day.format(then)} ${time}`
}

/** The moment up to which something holds: `14:32`, and the day where it is not today's. */
export function asOf(at: string, now = new Date()): string {
  return moment(at, now).replace(/^today /, '')
}

/** The day of a moment: `3 Nov 2026`. */
export function dayOf(at: string): string {
  return day.format(new Date(at))
}

/** From one day to another: `3 Nov 2026`, `3 Nov 2026 – 18 Nov 2026`. */
export function daysBetween(from: string, to: string): string {
  const [first, last] = [dayOf(from), dayOf(to)]
  return first === last ? first : `${first} – ${last}`
}

/** When something goes for good: `in 30 days`, `tomorrow`, `today`. */
export function until(at: string, now = new Date()): string {
  const days = Math.ceil((new Date(at).getTime() - now.getTime()) / 86_400_000)
  if (days <= 0) return 'today'
  return days === 1 ? 'tomorrow' : `in ${days} days`
}

/** What a curator should look at: a kind of finding, as lists and filters say it. */
export const findingWord: Record<FindingKind, string> = {
  outlier: 'Photo that does not belong',
  'look-alike': 'Looks like somebody else',
  'twice-in-photo': 'Twice in one photo',
  'near-duplicate': 'Copies of one photo',
  'same-name': 'Same name twice',
  'older-model': 'Faces of an older model',
  'no-photo': 'No photo',
  'one-photo': 'One photo only',
  'poor-photos': 'Only poor photos',
}

/** The same of a person, as a sentence that says what it means. */
export const findingMeaning: Record<FindingKind, string> = {
  outlier: 'A photo that does not look like the others: maybe somebody else’s.',
  'look-alike': 'Looks like somebody else of the domain: a search may name either.',
  'twice-in-photo': 'Twice in one photo, which is no mirror or collage.',
  'near-duplicate': 'Copies of one photo: they tell a search nothing new.',
  'same-name': 'Somebody else’s name differs by case, accents or script only.',
  'older-model': 'Faces of an older model: a search with the one in use passes over them.',
  'no-photo': 'No photo to compare with: a search never finds them.',
  'one-photo': 'One photo only: a bad day is all there is to compare with.',
  'poor-photos': 'No good photo: all are small, blurred or turned away.',
}

export const sortWord: Record<PersonSort, string> = {
  name: 'Name',
  faces: 'Most faces',
  newest: 'Newest',
  changed: 'Last changed',
}

/** What a decision is called in a list and beside a mark. */
export const decisionWord: Record<Decision, string> = {
  match: 'Match',
  possible: 'Possible',
  unknown: 'Unknown',
}

/** What Visor says of a face, as the inspector puts it. */
export function decisionSentence({ decision, candidates }: RecognisedFace): string {
  if (decision === 'match') return 'Match'
  if (decision === 'possible') return 'Possible — ask somebody'
  return candidates.length === 0 ? 'Unknown — nobody to compare with' : 'Unknown — nearest shown below'
}

export const stateWord: Record<ItemState, string> = {
  waiting: 'Waiting',
  working: 'Looking for faces',
  done: 'Done',
  failed: 'Failed',
  'set-aside': 'Set aside',
  cancelled: 'Cancelled',
}

/** One line that says what came of a photo: the faces by decision, or what stands in the way. */
export function itemOutcome(item: QueueItem): string {
  if (item.error !== undefined) return item.error.message
  if (item.state !== 'done') return stateWord[item.state]
  if (item.faces === 0) return 'No face found'
  const parts = [
    item.matches > 0 ? counted(item.matches, 'match', 'matches') : '',
    item.possibles > 0 ? `${count(item.possibles)} possible` : '',
    item.unknowns > 0 ? `${count(item.unknowns)} unknown` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** An error as one paragraph, to copy: the three sentences, the code, the detail. */
export function errorText(error: VisorError | WireError): string {
  const sentences = [error.message, error.consequence, error.remedy].filter((part) => part !== undefined)
  return [sentences.join('\n'), `code: ${error.code}`, error.detail].filter((part) => part).join('\n\n')
}
