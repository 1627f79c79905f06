/** What is known of a person, edited where it stands. Renderer. */
import { Button, TagsInput } from '@mantine/core'
import { IconEraser } from '@tabler/icons-react'
import { useState } from 'react'
import { type PersonDetail, tagSchema, wikidataIdSchema } from '../../../src-shared/gallery'
import { EditField } from '../../components/edit-field'
import { type PersonChange, updatePerson } from '../../state/curation'
import { useActions, useVisorStore } from '../../state/use-visor'
import { moment } from '../../wording'
import styles from './person-details.module.css'
import { useClientTags } from './use-client-tags'

export function PersonDetails({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const { askErasure } = useActions()
  const save = (change: PersonChange) => updatePerson(store, person.personId, change)
  return (
    <div className={styles.details}>
      <Tags key={person.tags.join()} person={person} />
      <EditField
        label="Occupation"
        value={person.occupation ?? ''}
        maxLength={200}
        onSave={(text) => save({ occupation: text === '' ? null : text })}
      />
      <EditField
        label="Wikidata id"
        value={person.wikidataId ?? ''}
        maxLength={13}
        placeholder="Q42"
        description={person.wikidataId === undefined ? undefined : `wikidata.org/wiki/${person.wikidataId}`}
        check={wikidataProblem}
        onSave={(text) => save({ wikidataId: text === '' ? null : text })}
      />
      <EditField
        label="Description"
        multiline
        value={person.description ?? ''}
        maxLength={4000}
        onSave={(text) => save({ description: text === '' ? null : text })}
      />
      <p className={styles.facts}>Changed {moment(person.updatedAt)}</p>
      <Button
        className={styles.erase}
        color="red"
        variant="subtle"
        size="compact-xs"
        leftSection={<IconEraser size={14} aria-hidden />}
        onClick={() => askErasure({ clientId: person.clientId, target: { personIds: [person.personId] } })}
      >
        Erase this person for good…
      </Button>
    </div>
  )
}

function wikidataProblem(text: string): string | null {
  if (text === '') return null
  const parsed = wikidataIdSchema.safeParse(text)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'This is no Wikidata id.')
}

/** Each tag is saved as it is added or taken away. */
function Tags({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const known = useClientTags()
  const [tags, setTags] = useState<readonly string[]>(person.tags)
  const [problem, setProblem] = useState<string | null>(null)

  function change(next: readonly string[]) {
    const wrong = next.map((tag) => tagSchema.safeParse(tag)).find((parsed) => !parsed.success)
    setProblem(wrong?.error?.issues[0]?.message ?? null)
    if (wrong !== undefined) return
    setTags(next)
    void updatePerson(store, person.personId, { tags: [...next] }).then((saved) => {
      if (!saved) setTags(person.tags)
    })
  }

  return (
    <TagsInput
      size="xs"
      label="Tags"
      maxTags={50}
      data={known.map(({ tag }) => tag)}
      value={[...tags]}
      error={problem}
      onChange={change}
    />
  )
}
