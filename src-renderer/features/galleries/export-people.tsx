/** Writes people to a folder: those chosen, else everybody who is open. Renderer. */
import { Button, Checkbox, Text } from '@mantine/core'
import { useState } from 'react'
import type { PersonId } from '../../../src-shared/ids'
import { exportPeople } from '../../state/curation'
import { useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './forms.module.css'

export function ExportPeople({ people }: { readonly people: readonly PersonId[] }) {
  const store = useVisorStore()
  const browsed = useVisor((state) => state.browsed)
  const [photos, setPhotos] = useState(true)
  const [names, setNames] = useState(false)
  if (browsed === null) return null
  const who =
    people.length > 0
      ? counted(people.length, 'person', 'people')
      : browsed.domain === null
        ? 'everybody of all domains'
        : `everybody of ${browsed.domain}`
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void exportPeople(store, people, { photos: photos ? 'copy' : 'none', names: photos && names })
      }}
    >
      <Text size="sm">
        A folder with one folder a person: details, faces, decisions, and what Visor compares faces by. It is
        biometric data: keep it as safe as the gallery.
      </Text>
      <Checkbox
        data-autofocus
        label="With copies of the photos"
        checked={photos}
        onChange={(event) => setPhotos(event.currentTarget.checked)}
      />
      <Checkbox
        label="Write names into the copies, for other programs"
        description="As face regions (XMP). Your photos are never changed. To move a gallery to another console, leave it off."
        checked={photos && names}
        disabled={!photos}
        onChange={(event) => setNames(event.currentTarget.checked)}
      />
      <Button type="submit">Export {who}…</Button>
    </form>
  )
}
