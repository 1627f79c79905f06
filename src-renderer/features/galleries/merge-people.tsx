/** One person out of several: side by side, whose name stays, what becomes of the others. Renderer. */
import { Button, Skeleton, Text } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { PersonSummary } from '../../../src-shared/gallery'
import { type PersonId, personIdSchema } from '../../../src-shared/ids'
import { request } from '../../api'
import { mergePersons } from '../../state/curation'
import { useActions, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import { Cover } from './cover'
import styles from './forms.module.css'

/** More names than this are told by their number. */
const mostNamed = 4
/** More people than this are not shown side by side. */
const mostShown = 60

/** The same for people who were chosen, as soon as it is known who they are. */
export function MergeChosen({ people }: { readonly people: readonly PersonId[] }) {
  const { attempt } = useActions()
  const [shown, setShown] = useState<readonly PersonSummary[]>()
  useEffect(() => {
    let current = true
    void attempt(async () => {
      const found = await request('gallery.personsById', { personIds: people.slice(0, mostShown) })
      if (current) setShown(found)
    })
    return () => {
      current = false
    }
  }, [attempt, people])
  if (shown === undefined) return <Skeleton height={180} />
  return <MergePeople people={shown} others={people.slice(mostShown)} />
}

const nobodyElse: readonly PersonId[] = []

interface MergePeopleProps {
  readonly people: readonly PersonSummary[]
  /** Further people, who are not shown. */
  readonly others?: readonly PersonId[]
  readonly onDone?: () => void
}

export function MergePeople({ people, others: further = nobodyElse, onDone }: MergePeopleProps) {
  const store = useVisorStore()
  const [chosen, setChosen] = useState<PersonId | null>(null)
  const form = useRef<HTMLFormElement>(null)
  // The people come after the form was opened and its focus was placed: Enter has to merge them all the same.
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input:checked')?.focus(), [])
  const target = people.find((person) => person.personId === chosen) ?? mostFaces(people)
  if (target === undefined) return null
  const sources = people.filter((person) => person !== target)
  const others = [...new Set(sources.map(({ name }) => name))].filter((name) => name !== target.name)
  const amount = people.length + further.length
  const elsewhere = people.some((person) => person.domain !== target.domain)
  function submit(event: FormEvent) {
    event.preventDefault()
    if (target === undefined) return
    const ids = [...sources.map(({ personId }) => personId), ...further]
    void mergePersons(store, target.personId, ids).then((merged) => {
      if (merged) onDone?.()
    })
  }

  return (
    <form ref={form} className={styles.form} onSubmit={submit}>
      <fieldset className={styles.cards}>
        <legend className={styles.legend}>Whose name stays?</legend>
        {people.map((person) => (
          <label key={person.personId} className={styles.card}>
            <Cover faceId={person.coverFaceId} sizePx={96} />
            <span className={styles.choice}>
              <input
                type="radio"
                name="merge-target"
                checked={person === target}
                onChange={() => setChosen(person.personId)}
              />
              <span className={styles.name} title={person.name}>
                {person.name}
              </span>
            </span>
            <span className={styles.facts}>
              {counted(person.photos, 'photo')}
              {elsewhere ? ` · ${person.domain}` : ''}
            </span>
          </label>
        ))}
      </fieldset>
      {further.length > 0 && (
        <Text size="xs" c="dimmed">
          The first {people.length} of {counted(amount, 'person', 'people')}.
        </Text>
      )}
      <Text size="sm">
        {target.name} gets all photos and tags.{' '}
        {further.length > 0
          ? 'The other names stay findable.'
          : others.length === 0
            ? 'The name stays as it is.'
            : `${namesOf(others)} ${others.length === 1 ? 'stays findable, kept as another name' : 'stay findable, kept as other names'}.`}
        {elsewhere ? ` All of them will be in ${target.domain}.` : ''} This can be undone.
      </Text>
      <ToldApart people={people} />
      <Button type="submit">Merge {counted(amount, 'person', 'people')}</Button>
    </form>
  )
}

/** Somebody said that two of them are different people: who merges them all the same has read it. */
function ToldApart({ people }: { readonly people: readonly PersonSummary[] }) {
  const { attempt } = useActions()
  const [pairs, setPairs] = useState<readonly (readonly [PersonId, PersonId])[]>([])
  const ids = people.map(({ personId }) => personId).join(' ')
  useEffect(() => {
    let current = true
    void attempt(async () => {
      const personIds = personIdSchema.array().parse(ids.split(' '))
      const found = await request('gallery.toldApart', { personIds })
      if (current) setPairs(found)
    })
    return () => {
      current = false
    }
  }, [attempt, ids])
  const [first] = pairs
  if (first === undefined) return null
  const nameOf = (id: PersonId) => people.find(({ personId }) => personId === id)?.name ?? ''
  return (
    <Text size="sm" className={styles.warning} role="note">
      {pairs.length === 1
        ? `${nameOf(first[0])} and ${nameOf(first[1])} were told apart: somebody said that they are different people.`
        : `${counted(pairs.length, 'pair')} of these people were told apart: somebody said that they are different people.`}
    </Text>
  )
}

function mostFaces(people: readonly PersonSummary[]): PersonSummary | undefined {
  return people.toSorted((a, b) => b.faces - a.faces)[0]
}

function namesOf(names: readonly string[]): string {
  if (names.length > mostNamed) return `The other ${names.length} names`
  return names.join(', ')
}
