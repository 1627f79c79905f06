/** Faces that somebody said are not the person: they are not offered again until that is taken back. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import { IconUserX } from '@tabler/icons-react'
import type { PersonDetail } from '../../../src-shared/gallery'
import { request } from '../../api'
import { EmptyState } from '../../components/empty-state'
import { WithRight } from '../../components/without-right'
import { withdrawRejectOf } from '../../state/curation'
import { useGalleryAnswer } from '../../state/use-gallery-answer'
import { useVisorStore } from '../../state/use-visor'
import { moment } from '../../wording'
import { Cover } from './cover'
import styles from './lookalikes.module.css'

export function RuledOut({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const { personId, name } = person
  const rejects = useGalleryAnswer(personId, () => request('gallery.rejects', { personId }))
  if (rejects === undefined) {
    return (
      <div className={styles.list} aria-hidden>
        <Skeleton height={88} />
      </div>
    )
  }
  if (rejects.length === 0) {
    return (
      <EmptyState
        picture={<IconUserX size={36} stroke={1.3} />}
        title="No face is ruled out"
        text={`Faces that somebody says are not ${name} are listed here. They are never offered for ${name} again, until that is taken back.`}
      />
    )
  }
  return (
    <ul className={styles.list} aria-label={`Faces that are not ${name}`}>
      {rejects.map(({ faceId, at }) => (
        <li key={faceId} className={styles.row}>
          <Cover faceId={faceId} sizePx={72} />
          <span className={styles.who}>
            <span>Not {name}</span>
            <span className={styles.facts}>{moment(at)}</span>
            <WithRight right="curate">
              <Button
                size="compact-xs"
                variant="default"
                title={`The face may be ${name} after all: it is offered for them again.`}
                onClick={() => void withdrawRejectOf(store, faceId, personId)}
              >
                Take back
              </Button>
            </WithRight>
          </span>
        </li>
      ))}
    </ul>
  )
}
