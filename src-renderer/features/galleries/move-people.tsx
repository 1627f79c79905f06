/** Moves people to another domain; where that has people of their names, asks what is to become of those. Renderer. */
import { Button, Select, Text } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { DomainSummary } from '../../../src-shared/gallery'
import { type Domain, domainSchema, type PersonId } from '../../../src-shared/ids'
import type { RequestOutput } from '../../../src-shared/ipc'
import { request } from '../../api'
import { type Clash, movePersons } from '../../state/curation'
import type { State } from '../../state/store'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './forms.module.css'

const noDomains: readonly DomainSummary[] = []

function domainsOpen({ clients, browsed }: Pick<State, 'clients' | 'browsed'>): readonly DomainSummary[] {
  return clients?.find((client) => client.clientId === browsed?.clientId)?.domains ?? noDomains
}

export function MovePeople({ people }: { readonly people: readonly PersonId[] }) {
  const store = useVisorStore()
  const domains = useVisor(domainsOpen)
  const from = useVisor((state) => state.browsed?.domain ?? null)
  const dropped = useVisor((state) => state.dropClash)
  const { openOverlay } = useActions()
  const others = domains.filter(({ domain }) => domain !== from)
  const [chosen, setChosen] = useState<Domain | null>(dropped)
  const [clash, setClash] = useState(dropped !== null)
  const domain = chosen ?? others[0]?.domain
  // What was dropped is this form's own from now on.
  useEffect(() => store.setState({ dropClash: null }), [store])

  if (domain === undefined) {
    return (
      <div className={styles.form}>
        <Text size="sm">There is no other domain to move to.</Text>
        <Button data-autofocus onClick={() => openOverlay('new-domain')}>
          New domain…
        </Button>
      </div>
    )
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (domain === undefined) return
    void movePersons(store, people, domain).then((outcome) => setClash(outcome === 'clash'))
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <Select
        label="To the domain"
        {...(others.length > 1 || clash ? { 'data-autofocus': true } : {})}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={others.map((summary) => summary.domain as string)}
        value={domain}
        onChange={(value) => {
          setChosen(domainSchema.parse(value))
          setClash(false)
        }}
      />
      {clash ? (
        <Namesakes key={domain} people={people} domain={domain} />
      ) : (
        // With one domain to go to nothing is left to choose: Enter moves.
        <Button type="submit" {...(others.length === 1 ? { 'data-autofocus': true } : {})}>
          Move {counted(people.length, 'person', 'people')}
        </Button>
      )}
    </form>
  )
}

interface NamesakesProps {
  readonly people: readonly PersonId[]
  readonly domain: Domain
}

function Namesakes({ people, domain }: NamesakesProps) {
  const store = useVisorStore()
  const { attempt } = useActions()
  const [namesakes, setNamesakes] = useState<RequestOutput<'gallery.namesakes'>>()
  const merge = useRef<HTMLButtonElement>(null)
  // The button that was pressed has gone: the keys would be nobody's.
  useEffect(() => {
    if (namesakes !== undefined) merge.current?.focus()
  }, [namesakes])
  useEffect(() => {
    let current = true
    void attempt(async () => {
      const found = await request('gallery.namesakes', { personIds: [...people], domain })
      if (current) setNamesakes(found)
    })
    return () => {
      current = false
    }
  }, [attempt, people, domain])

  if (namesakes === undefined) return <Text size="sm">Looking for the same names…</Text>
  const move = (persons: readonly PersonId[], onClash: Clash) =>
    void movePersons(store, persons, domain, onClash)
  const left = new Set(namesakes.map(({ personId }) => personId))
  const rest = people.filter((personId) => !left.has(personId))
  const [first] = namesakes
  return (
    <div className={styles.form}>
      <Text size="sm">
        {namesakes.length === 1 && first !== undefined
          ? `${domain} has somebody called ${first.name} already.`
          : `${domain} has people of ${counted(namesakes.length, 'name')} of these already.`}{' '}
        Nobody was moved yet.
      </Text>
      <Button ref={merge} onClick={() => move(people, 'merge')}>
        {namesakes.length === 1 ? 'Merge with the one there' : 'Merge with those there'}
      </Button>
      <Button variant="default" disabled={rest.length === 0} onClick={() => move(rest, 'refuse')}>
        {rest.length === 0
          ? 'Leave out: nobody would be left'
          : `Leave out, move ${counted(rest.length, 'person', 'people')}`}
      </Button>
    </div>
  )
}
