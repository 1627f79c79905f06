/** Gives the face to somebody of the gallery: a list to search. Renderer. */
import { Text, TextInput } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { PersonSummary } from '../../../src-shared/gallery'
import { pictureUrl } from '../../../src-shared/ipc'
import { ListOption } from '../../components/list-option'
import { confirmFace } from '../../state/acts'
import { useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './person-popover.module.css'
import { usePersonSearch } from './use-person-search'

export function AddPerson() {
  const store = useVisorStore()
  const { domain, allDomains } = useVisor((state) => state.settings.search)
  const [text, setText] = useState('')
  const [place, setPlace] = useState(0)
  const { persons, total, loaded } = usePersonSearch(text.trim(), allDomains ? null : domain, true)
  const chosen = persons[Math.min(place, persons.length - 1)]

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setPlace(Math.min(Math.max(place + step, 0), Math.max(persons.length - 1, 0)))
    }
    if (event.key === 'Enter' && chosen !== undefined) void confirmFace(store, chosen.personId)
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
            onChoose={() => void confirmFace(store, person.personId)}
          />
        ))}
      </div>
      {loaded && persons.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody of that name. N makes a new person of this face.
        </Text>
      )}
      {total > persons.length && (
        <Text size="xs" c="dimmed">
          {persons.length} of {counted(total, 'person', 'people')}; type more of the name.
        </Text>
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
      <span className={styles.name}>{person.name}</span>
      <span className={styles.photos}>{counted(person.photos, 'photo')}</span>
    </ListOption>
  )
}
