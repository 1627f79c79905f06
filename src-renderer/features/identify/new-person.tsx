/** A small form beside the face: the new person's name and domain. Renderer. */
import { Button, Select, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Domain } from '../../../src-shared/ids'
import { foldText } from '../../../src-shared/text'
import { confirmFace, enrolFace } from '../../state/acts'
import { domainsOfClient } from '../../state/galleries-slice'
import { usePersonSearch } from '../../state/use-person-search'
import { useVisor, useVisorStore } from '../../state/use-visor'
import styles from './person-popover.module.css'

export function NewPerson() {
  const store = useVisorStore()
  const domains = useVisor(domainsOfClient)
  const searched = useVisor((state) => state.settings.search.domain)
  const [domain, setDomain] = useState<Domain | null>(searched ?? domains[0]?.domain ?? null)
  const [name, setName] = useState('')
  const wanted = name.trim()
  const { persons } = usePersonSearch(wanted, domain, wanted.length >= 2)
  const namesake = persons.find((person) => foldText(person.name) === foldText(wanted))

  function submit(event: FormEvent) {
    event.preventDefault()
    if (wanted === '' || domain === null) return
    if (namesake === undefined) void enrolFace(store, domain, wanted)
    else void confirmFace(store, namesake.personId)
  }

  if (domains.length === 0) {
    return <Text size="sm">A person belongs to a domain. Make one under Galleries first.</Text>
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Name"
        data-autofocus
        maxLength={200}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Domain"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={domains.map((summary) => summary.domain as string)}
        value={domain}
        onChange={(value) => setDomain(domains.find((summary) => summary.domain === value)?.domain ?? null)}
      />
      {persons.length > 0 && (
        <div className={styles.similar}>
          <Text size="xs" c="dimmed">
            In this domain already:
          </Text>
          {persons.slice(0, 3).map((person) => (
            <Button
              key={person.personId}
              size="compact-xs"
              variant="default"
              justify="flex-start"
              onClick={() => void confirmFace(store, person.personId)}
            >
              Add to {person.name}
            </Button>
          ))}
        </div>
      )}
      <Button type="submit" disabled={wanted === '' || domain === null}>
        {namesake === undefined ? 'Enrol as a new person' : `Add to ${namesake.name}`}
      </Button>
    </form>
  )
}
