/** What is known of a person, edited where it stands. Renderer. */
import { Button, TagsInput } from '@mantine/core'
import { IconEraser } from '@tabler/icons-react'
import { useState } from 'react'
import { type PersonDetail, tagSchema, wikidataIdSchema } from '../../../src-shared/gallery'
import { EditField } from '../../components/edit-field'
import { WithRight } from '../../components/without-right'
import { type PersonChange, tagPersons, updatePerson } from '../../state/curation'
import { useActions, useMayDo, useVisorStore } from '../../state/use-visor'
import { count, moment } from '../../wording'
import styles from './person-details.module.css'
import { useClientTags } from './use-client-tags'

export function PersonDetails({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const { askErasure } = useActions()
  const curates = useMayDo('curate')
  const save = (change: PersonChange) => updatePerson(store, person.personId, change)
  return (
    <div className={styles.details}>
      <Tags key={person.tags.join()} person={person} />
      <EditField
        label="Occupation"
        readOnly={!curates}
        value={person.occupation ?? ''}
        check={(text) => lengthProblem(text, 200)}
        onSave={(text, over) => save({ occupation: orNull(text), seen: { occupation: orNull(over) } })}
      />
      <EditField
        label="Wikidata id"
        readOnly={!curates}
        value={person.wikidataId ?? ''}
        placeholder="Q42"
        description={person.wikidataId === undefined ? undefined : `wikidata.org/wiki/${person.wikidataId}`}
        check={wikidataProblem}
        onSave={(text, over) => save({ wikidataId: orNull(text), seen: { wikidataId: orNull(over) } })}
      />
      <EditField
        label="Description"
        readOnly={!curates}
        multiline
        value={person.description ?? ''}
        check={(text) => lengthProblem(text, 4000)}
        onSave={(text, over) => save({ description: orNull(text), seen: { description: orNull(over) } })}
      />
      <p className={styles.facts}>Changed {moment(person.updatedAt)}</p>
      <WithRight right="erase">
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
      </WithRight>
    </div>
  )
}

const orNull = (text: string) => (text === '' ? null : text)

function lengthProblem(text: string, longest: number): string | null {
  if (text.length <= longest) return null
  return `That has ${count(text.length)} characters; at most ${count(longest)} are kept.`
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
  const curates = useMayDo('curate')
  const [tags, setTags] = useState<readonly string[]>(person.tags)
  const [problem, setProblem] = useState<string | null>(null)

  function change(next: readonly string[]) {
    const wrong = next.map((tag) => tagSchema.safeParse(tag)).find((parsed) => !parsed.success)
    setProblem(wrong?.error?.issues[0]?.message ?? null)
    if (wrong !== undefined) return
    setTags(next)
    // Only what is added and taken: tags that somebody else gave meanwhile stay.
    const add = next.filter((tag) => !tags.includes(tag))
    const remove = tags.filter((tag) => !next.includes(tag))
    void tagPersons(store, [person.personId], { add, remove }).then((saved) => {
      if (!saved) setTags(person.tags)
    })
  }

  return (
    <TagsInput
      size="xs"
      label="Tags"
      maxTags={50}
      readOnly={!curates}
      data={known.map(({ tag }) => tag)}
      value={[...tags]}
      error={problem}
      onChange={change}
    />
  )
}
