/** What an inspection found: rows, people, models, and rows that cannot be used. Renderer. */
import { Text } from '@mantine/core'
import { embeddingLength } from '../../../../src-shared/face'
import type { Inspection } from '../../../../src-shared/import'
import { count, counted } from '../../../wording'
import { Facts, Section } from '../page-parts'
import styles from './import-lists.module.css'
import { reasonWord } from './import-words'

interface FoundProps {
  readonly found: Inspection
}

export function FoundFacts({ found, isCurrent }: FoundProps & { readonly isCurrent: boolean }) {
  const { rows, persons, models, notes } = found
  return (
    <Section title={isCurrent ? 'What is in it' : 'What was in it, as it was read before'}>
      <Facts
        facts={[
          ['File', found.layout],
          ['Rows', count(rows)],
          ['People', count(persons)],
          ...models.map(
            (model, index) =>
              [
                index === 0 ? 'Embeddings' : 'Others',
                <ModelText key={`${model.modelId} ${model.dimension}`} model={model} />,
              ] as const,
          ),
        ]}
      />
      {notes.map((note) => (
        <Text key={note} size="sm" mt={8}>
          {note}
        </Text>
      ))}
    </Section>
  )
}

const lengthText = (length: number) => (length >= 100 ? length.toFixed(0) : length.toPrecision(3))

function ModelText({
  model: { modelId, dimension, rows, norm },
}: {
  readonly model: Inspection['models'][number]
}) {
  return (
    <>
      {counted(rows, 'row')} of {modelId ?? 'a model that the source does not name'}, {count(dimension)}{' '}
      numbers each; lengths {lengthText(norm.least)} – {lengthText(norm.greatest)}, on average{' '}
      {lengthText(norm.mean)}.
      {dimension !== embeddingLength && (
        <strong> Visor’s models have {embeddingLength} numbers: searches cannot use these.</strong>
      )}
    </>
  )
}

export function FoundProblems({ found }: FoundProps) {
  return (
    <Section title="Rows that cannot be used">
      <table className={styles.table} aria-label="Rows that cannot be used, by reason">
        <thead>
          <tr>
            <th scope="col">Why</th>
            <th scope="col" className={styles.number}>
              Rows
            </th>
            <th scope="col">For instance</th>
          </tr>
        </thead>
        <tbody>
          {found.problems.map(({ reason, rows, example }) => (
            <tr key={reason}>
              <td>{reasonWord[reason]}</td>
              <td className={styles.number}>{count(rows)}</td>
              <td>
                {example.key}: {example.detail}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
