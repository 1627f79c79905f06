/** Who looks like the person: both nearest faces side by side, how near, and the way to one person of two. Renderer. */
import { Button, Popover, Skeleton, UnstyledButton } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import type { Lookalike, PersonDetail } from '../../../src-shared/gallery'
import { request } from '../../api'
import { EmptyState } from '../../components/empty-state'
import { WithRight } from '../../components/without-right'
import { tellApart } from '../../state/curation'
import { useGalleryAnswer } from '../../state/use-gallery-answer'
import { useActions, useVisorStore } from '../../state/use-visor'
import { distanceText } from '../../wording'
import { Cover } from './cover'
import styles from './lookalikes.module.css'
import { MergePeople } from './merge-people'

export function Lookalikes({ person }: { readonly person: PersonDetail }) {
  const { personId } = person
  const found = useGalleryAnswer(personId, () => request('gallery.lookalikes', { personId }))
  if (found === undefined) {
    return (
      <div className={styles.list} aria-hidden>
        <Skeleton height={88} />
        <Skeleton height={88} />
      </div>
    )
  }
  if (found.length === 0) {
    return (
      <EmptyState
        picture={<IconUsers size={36} stroke={1.3} />}
        title="Nobody to compare with"
        text="The people nearest to this one are shown here, of all domains."
      />
    )
  }
  return (
    <ul className={styles.list} aria-label={`People who look like ${person.name}`}>
      {found.map((lookalike) => (
        <Row key={lookalike.personId} person={person} lookalike={lookalike} />
      ))}
    </ul>
  )
}

interface RowProps {
  readonly person: PersonDetail
  readonly lookalike: Lookalike
}

function Row({ person, lookalike }: RowProps) {
  const { activatePerson } = useActions()
  return (
    <li className={styles.row}>
      <span className={styles.pair}>
        <Cover faceId={lookalike.ownFaceId} sizePx={72} />
        <Cover faceId={lookalike.faceId} sizePx={72} />
      </span>
      <span className={styles.who}>
        <UnstyledButton
          className={styles.name}
          title={`Look at ${lookalike.name}`}
          onClick={() => activatePerson(lookalike.personId)}
        >
          {lookalike.name}
        </UnstyledButton>
        <span className={styles.facts}>
          {lookalike.domain === person.domain ? '' : `${lookalike.domain} · `}
          <span title={`Cosine distance ${lookalike.distance}`}>
            distance {distanceText(lookalike.distance)}
          </span>
        </span>
        <Apart person={person} lookalike={lookalike} />
      </span>
    </li>
  )
}

/** Told apart they are not offered as one; that can be withdrawn. */
function Apart({ person, lookalike }: RowProps) {
  const store = useVisorStore()
  const { personId: otherId, name, toldApart } = lookalike
  const tell = (apart: boolean) => void tellApart(store, person.personId, otherId, apart)
  if (toldApart) {
    return (
      <span className={styles.acts}>
        <span className={styles.facts}>Told apart</span>
        <WithRight right="curate">
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Withdraw: ${name} is told apart`}
            onClick={() => tell(false)}
          >
            Withdraw
          </Button>
        </WithRight>
      </span>
    )
  }
  return (
    <WithRight right="curate">
      <span className={styles.acts}>
        <Merge person={person} lookalike={lookalike} />
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${name} is somebody else`}
          onClick={() => tell(true)}
        >
          Somebody else
        </Button>
      </span>
    </WithRight>
  )
}

function Merge({ person, lookalike }: RowProps) {
  const { attempt } = useActions()
  const [other, setOther] = useState<PersonDetail | null>(null)
  return (
    <Popover
      trapFocus
      returnFocus
      opened={other !== null}
      onChange={(open) => {
        if (!open) setOther(null)
      }}
      position="left"
      width={320}
    >
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Merge with ${lookalike.name}…`}
          onClick={() =>
            void attempt(async () =>
              setOther(await request('gallery.person', { personId: lookalike.personId })),
            )
          }
        >
          Merge…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {other !== null && <MergePeople people={[person, other]} onDone={() => setOther(null)} />}
      </Popover.Dropdown>
    </Popover>
  )
}
