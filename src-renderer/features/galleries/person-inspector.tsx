/** The person looked at: name, what is known, and every enrolled face. Renderer. */
import { Button, Popover, TextInput } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { PersonDetail, PersonFace } from '../../../src-shared/gallery'
import { pictureUrl } from '../../../src-shared/ipc'
import { EmptyState } from '../../components/empty-state'
import { deletePersons, renamePerson } from '../../state/acts'
import { useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './person-inspector.module.css'

export function PersonInspector() {
  const activeId = useVisor((state) => state.activePerson)
  const person = useVisor((state) => state.personDetail)
  if (activeId === null || person === undefined) {
    return (
      <EmptyState
        picture={<IconUser size={36} stroke={1.3} />}
        title="Choose a person"
        text="Their faces are shown here. Ctrl and a click, or Space, marks several."
      />
    )
  }
  return <Person key={person.personId} person={person} />
}

function Person({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const known = [person.occupation, person.description, person.wikidataId].filter(
    (part) => part !== undefined,
  )
  return (
    <div className={styles.person}>
      <h2 className={styles.name}>{person.name}</h2>
      <p className={styles.facts}>
        {person.domain} · {counted(person.photos, 'photo')} · {counted(person.faces, 'face')}
      </p>
      {known.map((text) => (
        <p key={text} className={styles.facts}>
          {text}
        </p>
      ))}
      <div className={styles.actions}>
        <Rename person={person} />
        <Button color="red" variant="light" onClick={() => void deletePersons(store, [person.personId])}>
          Delete 1 person
        </Button>
      </div>
      <ul className={styles.faces} aria-label={`Faces of ${person.name}`}>
        {person.facesList.map((face) => (
          <Face key={face.faceId} face={face} />
        ))}
      </ul>
    </div>
  )
}

const sourceWords: Record<PersonFace['source'], string> = {
  enrolled: 'enrolled',
  confirmed: 'confirmed',
  manual: 'added by hand',
  imported: 'imported',
}

function Face({ face }: { readonly face: PersonFace }) {
  return (
    <li className={styles.face} title={face.photoPath}>
      <img
        src={pictureUrl.reference(face.faceId)}
        alt={`From ${face.photoPath}`}
        loading="lazy"
        draggable={false}
      />
      <span>{sourceWords[face.source]}</span>
      <span title={`Quality ${face.quality}`}>{face.quality.toFixed(2)}</span>
    </li>
  )
}

function Rename({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState(person.name)

  function submit(event: FormEvent) {
    event.preventDefault()
    setOpened(false)
    if (name.trim() !== '' && name.trim() !== person.name)
      void renamePerson(store, person.personId, name.trim())
  }

  return (
    <Popover trapFocus returnFocus opened={opened} onChange={setOpened} width={260}>
      <Popover.Target>
        <Button
          variant="default"
          onClick={() => {
            setName(person.name)
            setOpened(!opened)
          }}
        >
          Rename…
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Rename the person">
        <form className={styles.form} onSubmit={submit}>
          <TextInput
            label="Name"
            data-autofocus
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit">Rename</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
