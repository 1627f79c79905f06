/** Which tables and columns of a database hold the people and their faces, typed where their names say nothing. Renderer. */
import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FaceField, PersonField } from '../../../../src-shared/import'
import { useActions } from '../../../state/use-visor'
import { Section } from '../page-parts'
import { faceByHand, mappingOf, personsByHand } from './column-mapping'
import styles from './import-lists.module.css'
import { faceFieldWord, personFieldWord } from './import-words'

/** `tables`: what the database has. */
export function MappingByHand({ tables }: { readonly tables: string | undefined }) {
  const { changeImport, inspectSource } = useActions()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const mapping = mappingOf(typed)
  const field = (name: string, label: string) => (
    <TextInput
      key={name}
      label={label}
      spellCheck={false}
      maxLength={200}
      value={typed[name] ?? ''}
      onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [name]: value })}
    />
  )
  return (
    <Section title="Which tables and columns">
      {tables !== undefined && <Text size="sm">{tables}</Text>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (mapping === undefined) return
          changeImport({ mapping })
          void inspectSource()
        }}
      >
        <div className={styles.byHand}>
          {field('persons', 'Table of the people')}
          {personsByHand.map((name: PersonField) =>
            field(`persons.${name}`, `Column: ${personFieldWord[name]}`),
          )}
        </div>
        <div className={styles.byHand}>
          {field('faces', 'Table of the faces')}
          {faceByHand.map((name: FaceField) => field(`faces.${name}`, `Column: ${faceFieldWord[name]}`))}
        </div>
        <Button type="submit" disabled={mapping === undefined}>
          Inspect with these
        </Button>
      </form>
    </Section>
  )
}
