/** A recognition boiled down to what the list of the Identify queue shows. Pure, runs in main. */
import type { QueueItem } from '../../src-shared/queue'
import type { Recognition } from '../../src-shared/recognition'

export type AnswerSummary = Pick<QueueItem, 'faces' | 'matches' | 'possibles' | 'unknowns' | 'people'>

export const noAnswer: AnswerSummary = { faces: 0, matches: 0, possibles: 0, unknowns: 0, people: [] }

/** Counts by decision, and whom the faces were named as: matches before possibles, in the order of the faces. */
export function summarise(recognition: Recognition): AnswerSummary {
  const count = (decision: string) => recognition.faces.filter((face) => face.decision === decision).length
  const named = recognition.faces.flatMap(({ person, decision }) =>
    person === undefined ? [] : [{ personId: person.personId, name: person.name, decision }],
  )
  return {
    faces: recognition.faces.length,
    matches: count('match'),
    possibles: count('possible'),
    unknowns: count('unknown'),
    people: [
      ...named.filter(({ decision }) => decision === 'match'),
      ...named.filter(({ decision }) => decision !== 'match'),
    ],
  }
}

/** Whether two summaries show the same. */
export function sameSummary(a: AnswerSummary, b: AnswerSummary): boolean {
  return (
    a.faces === b.faces &&
    a.matches === b.matches &&
    a.possibles === b.possibles &&
    a.unknowns === b.unknowns &&
    a.people.length === b.people.length &&
    a.people.every((person, index) => {
      const other = b.people[index]
      return (
        other?.personId === person.personId &&
        other.name === person.name &&
        other.decision === person.decision
      )
    })
  )
}
