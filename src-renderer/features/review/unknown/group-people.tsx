/** Who the faces of a group may be: the nearest people with their distance, and the form for anybody else. Renderer. */
import { Popover, Skeleton, UnstyledButton } from '@mantine/core'
import { useEffect } from 'react'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { UnknownGroup } from '../../../../src-shared/unknown'
import { Key } from '../../../components/key'
import { PersonPicker } from '../../../components/person-picker'
import { nameGroup } from '../../../state/unknown-acts'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../../state/use-visor'
import { distanceText } from '../../../wording'
import { chosenWords } from './group-faces'
import styles from './group-pane.module.css'

/** A choice that is still being made is not searched for. */
const settledMs = 150

export function GroupPeople({ group }: { readonly group: UnknownGroup }) {
  const store = useVisorStore()
  const { loadNearestPeople, openOverlay } = useActions()
  const curates = useMayDo('curate')
  const chosen = useVisor((state) => state.chosenFaces)
  const round = useVisor((state) => state.galleriesRound)
  const faces = useVisor((state) => state.openGroup?.faces?.length ?? group.faces)
  const people = useVisor((state) => state.nearestPeople)
  const naming = useVisor((state) => state.overlay === 'name-group')
  const about = `${group.groupId} ${round} ${[...chosen.chosen.keys()].join()}`
  useEffect(() => {
    if (about === '') return
    const timer = setTimeout(() => void loadNearestPeople(), settledMs)
    return () => clearTimeout(timer)
  }, [about, loadNearestPeople])
  return (
    <aside className={styles.people} aria-label="Who is this?" data-pane="group-people">
      <Popover
        trapFocus
        returnFocus
        opened={naming}
        onChange={(open) => openOverlay(open ? 'name-group' : null)}
        position="left-start"
        width={300}
      >
        <Popover.Target>
          <h2 className={styles.question}>Who is this?</h2>
        </Popover.Target>
        <Popover.Dropdown>
          <PersonPicker
            domain={group.domain}
            nobody="Nobody of that name here."
            onChoose={({ personId, domain }) => void nameGroup(store, domain, { personId })}
            onNew={(name) => void nameGroup(store, group.domain, { name })}
          />
        </Popover.Dropdown>
      </Popover>
      <p className={styles.about}>{chosenWords(chosen.chosen.size, faces)}</p>
      {people === undefined && (
        <div aria-hidden>
          <Skeleton height={56} mb={4} />
          <Skeleton height={56} mb={4} />
          <Skeleton height={56} />
        </div>
      )}
      {people?.length === 0 && (
        <p className={styles.about}>
          {group.domain} has nobody to compare with.{curates && ' N makes a new person of them.'}
        </p>
      )}
      <ol className={styles.nearest} aria-label="Nearest people">
        {people?.map(({ personId, name, domain, distance, referenceFaceId }, place) => (
          <li key={personId}>
            <UnstyledButton
              className={styles.person}
              title={`${curates ? `Gives them to ${name}. ` : ''}Cosine distance ${distance}`}
              disabled={!curates}
              onClick={() => void nameGroup(store, domain, { personId })}
            >
              {curates && <Key>{place + 1}</Key>}
              <img src={pictureUrl.reference(referenceFaceId)} alt="" decoding="async" draggable={false} />
              <span className={styles.name}>{name}</span>
              <span className={styles.distance}>{distanceText(distance)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </aside>
  )
}
