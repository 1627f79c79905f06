/** One person of the grid or list. Renders again only when they change. Renderer. */
import { type MouseEvent, memo } from 'react'
import type { PersonSummary } from '../../../src-shared/gallery'
import { ListOption } from '../../components/list-option'
import { itemAt } from '../../state/paged'
import { useVisor } from '../../state/use-visor'
import { count, counted, dayOf, findingWord, moment } from '../../wording'
import { Cover } from './cover'
import { HealthMarks } from './health-marks'
import styles from './person-cell.module.css'

interface PersonProps {
  readonly kind: 'grid' | 'list'
  readonly place: number
  readonly total: number
  readonly onPress: (event: MouseEvent, place: number) => void
}

export const Person = memo(function Person({ kind, place, total, onPress }: PersonProps) {
  const person = useVisor((state) => itemAt(state.people, place))
  const personId = person?.personId
  const active = useVisor((state) => state.activePerson === personId)
  const dropped = useVisor((state) => personId !== undefined && state.dropPerson === personId)
  const chosen = useVisor((state) => personId !== undefined && state.chosenPeople.chosen.has(personId))
  if (person === undefined) return <div className={styles[kind]} role="presentation" data-blank />
  return (
    <ListOption
      id={`person-${person.personId}`}
      className={styles[kind]}
      selected={chosen}
      aria-posinset={place + 1}
      aria-setsize={total}
      aria-label={label(person)}
      data-active={active || undefined}
      data-drop-person={person.personId}
      data-drop-name={person.name}
      data-dropped={dropped || undefined}
      onChoose={(event) => onPress(event, place)}
    >
      {kind === 'grid' ? <GridCell person={person} /> : <ListRow person={person} />}
    </ListOption>
  )
})

function label({ name, photos, flags, tags }: PersonSummary): string {
  return [name, counted(photos, 'photo'), ...flags.map((flag) => findingWord[flag]), ...tags].join(', ')
}

function GridCell({ person }: { readonly person: PersonSummary }) {
  return (
    <>
      <Cover faceId={person.coverFaceId} sizePx={116} />
      <span className={styles.name} title={person.name}>
        {person.name}
      </span>
      <span className={styles.facts}>
        {counted(person.photos, 'photo')}
        <HealthMarks flags={person.flags} />
      </span>
    </>
  )
}

function ListRow({ person }: { readonly person: PersonSummary }) {
  return (
    <>
      <Cover faceId={person.coverFaceId} sizePx={36} />
      <span className={styles.who}>
        <span className={styles.name} title={person.name}>
          {person.name}
        </span>
        <HealthMarks flags={person.flags} />
        {person.tags.map((tag) => (
          <span key={tag} className={styles.tag}>
            {tag}
          </span>
        ))}
      </span>
      <span className={styles.number}>{count(person.photos)}</span>
      <span className={`${styles.number} ${styles.faces}`}>{count(person.faces)}</span>
      <span className={styles.changed} title={moment(person.updatedAt)}>
        {dayOf(person.updatedAt)}
      </span>
    </>
  )
}
