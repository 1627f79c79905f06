/** Somebody of the gallery, found by part of their name. Renderer. */
import { Button, Text, TextInput } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { PersonSummary } from '../../src-shared/gallery'
import type { Domain, PersonId } from '../../src-shared/ids'
import { pictureUrl } from '../../src-shared/picture-url'
import { foldText } from '../../src-shared/text'
import { usePersonSearch } from '../state/use-person-search'
import { counted } from '../wording'
import { ListOption } from './list-option'
import styles from './person-picker.module.css'

interface PersonPickerProps {
  /** Where to look; `null` = every domain of the client. */
  readonly domain: Domain | null
  /** What is said where nobody is found. */
  readonly nobody: string
  /** Who is not offered. */
  readonly except?: PersonId
  readonly onChoose: (person: PersonSummary) => void
  /** Offers to make somebody of the name that was typed, where nobody has it. */
  readonly onNew?: (name: string) => void
}

export function PersonPicker({ domain, nobody, except, onChoose, onNew }: PersonPickerProps) {
  const [text, setText] = useState('')
  const [place, setPlace] = useState(0)
  const wanted = text.trim()
  const found = usePersonSearch(wanted, domain, true)
  const persons = found.persons.filter((person) => person.personId !== except)
  const chosen = persons[Math.min(place, persons.length - 1)]
  const taken = persons.some((person) => foldText(person.name) === foldText(wanted))

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setPlace(Math.min(Math.max(place + step, 0), Math.max(persons.length - 1, 0)))
    }
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (chosen !== undefined) onChoose(chosen)
    else if (wanted !== '' && found.loaded) onNew?.(wanted)
  }

  return (
    <div className={styles.form}>
      <TextInput
        role="combobox"
        aria-expanded
        aria-controls="persons-found"
        aria-activedescendant={chosen === undefined ? '' : `found-${chosen.personId}`}
        aria-label="Search a person"
        placeholder="Name"
        data-autofocus
        autoComplete="off"
        maxLength={200}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setPlace(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id="persons-found" className={styles.found} role="listbox" aria-label="Persons">
        {persons.map((person) => (
          <Found
            key={person.personId}
            person={person}
            chosen={person === chosen}
            onChoose={() => onChoose(person)}
          />
        ))}
      </div>
      {found.loaded && persons.length === 0 && (
        <Text size="sm" c="dimmed">
          {nobody}
        </Text>
      )}
      {found.total > found.persons.length && (
        <Text size="xs" c="dimmed">
          {found.persons.length} of {counted(found.total, 'person', 'people')}; type more of the name.
        </Text>
      )}
      {onNew !== undefined && wanted !== '' && !taken && (
        <Button variant="default" onClick={() => onNew(wanted)}>
          New person “{wanted}”
        </Button>
      )}
    </div>
  )
}

interface FoundProps {
  readonly person: PersonSummary
  readonly chosen: boolean
  readonly onChoose: () => void
}

function Found({ person, chosen, onChoose }: FoundProps) {
  return (
    <ListOption
      id={`found-${person.personId}`}
      className={styles.person}
      selected={chosen}
      onChoose={onChoose}
    >
      {person.coverFaceId === undefined ? (
        <span className={styles.cover} />
      ) : (
        <img className={styles.cover} src={pictureUrl.reference(person.coverFaceId)} alt="" loading="lazy" />
      )}
      <span className={styles.name} title={person.name}>
        {person.name}
      </span>
      <span className={styles.photos}>{counted(person.photos, 'photo')}</span>
    </ListOption>
  )
}
