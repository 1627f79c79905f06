/** Adds tags to people and takes them away, many at once. Renderer. */
import { Button, Checkbox, TagsInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { tagSchema } from '../../../src-shared/gallery'
import type { PersonId } from '../../../src-shared/ids'
import type { RequestOutput } from '../../../src-shared/ipc'
import { request } from '../../api'
import { tagPersons } from '../../state/curation'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { count, counted } from '../../wording'
import styles from './forms.module.css'
import { useClientTags } from './use-client-tags'

export function TagPeople({ people }: { readonly people: readonly PersonId[] }) {
  const store = useVisorStore()
  const known = useClientTags()
  const [add, setAdd] = useState<string[]>([])
  const [remove, setRemove] = useState<readonly string[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const tagged = useTagsOf(people)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (add.length + remove.length === 0) return
    void tagPersons(store, people, { add, remove })
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TagsInput
        size="xs"
        label="Add the tags"
        description="A comma or Enter ends a tag."
        data-autofocus
        maxTags={50}
        comboboxProps={{ withinPortal: false }}
        data={known.map(({ tag }) => tag)}
        value={add}
        error={problem}
        onChange={(tags) => {
          const wrong = tags.map((tag) => tagSchema.safeParse(tag)).find((parsed) => !parsed.success)
          setProblem(wrong?.error?.issues[0]?.message ?? null)
          if (wrong === undefined) setAdd(tags)
        }}
      />
      {tagged.length > 0 && (
        <fieldset className={styles.removable}>
          <legend className={styles.legend}>Take away</legend>
          {tagged.map(({ tag, persons }) => (
            <Checkbox
              key={tag}
              label={`${tag} (${persons === people.length ? 'all of them' : count(persons)})`}
              checked={remove.includes(tag)}
              onChange={(event) =>
                setRemove(
                  event.currentTarget.checked ? [...remove, tag] : remove.filter((other) => other !== tag),
                )
              }
            />
          ))}
        </fieldset>
      )}
      <Button type="submit" disabled={add.length + remove.length === 0}>
        Tag {counted(people.length, 'person', 'people')}
      </Button>
    </form>
  )
}

/** The tags these people have, by how many of them have them; none until the answer. */
function useTagsOf(people: readonly PersonId[]): RequestOutput<'gallery.tags'> {
  const { attempt } = useActions()
  const clientId = useVisor((state) => state.browsed?.clientId)
  const [tags, setTags] = useState<RequestOutput<'gallery.tags'>>([])
  useEffect(() => {
    let current = true
    if (clientId !== undefined)
      void attempt(async () => {
        const found = await request('gallery.tags', { clientId, personIds: [...people] })
        if (current) setTags(found)
      })
    return () => {
      current = false
    }
  }, [attempt, clientId, people])
  return tags
}
