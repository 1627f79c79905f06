/** What a comparison of a source with the gallery found. Renderer. */
import { Text } from '@mantine/core'
import type { Validation } from '../../../../src-shared/import-run'
import type { Job } from '../../../../src-shared/status'
import { JobProgress, progressLine } from '../../../components/job-progress'
import type { ListedRun } from '../../../state/import-slice'
import { count, moment } from '../../../wording'
import { Facts, Section } from '../page-parts'
import styles from './import-lists.module.css'
import { isComparison } from './move-steps'

interface ValidationFiguresProps {
  readonly listed: ListedRun
  readonly job: Job | undefined
}

export function ValidationFigures({ listed: { run }, job }: ValidationFiguresProps) {
  const { validation } = run
  return (
    <>
      {job !== undefined && isComparison(job) && (
        <Section title="It is compared">
          <JobProgress job={job} />
          <Text size="sm" mt={8} className="figures">
            {progressLine(job)}
          </Text>
        </Section>
      )}
      {validation === undefined ? (
        <Text size="sm" c="dimmed" maw={640} mb={24}>
          The source is read again and compared with the gallery: how many faces each domain and person has,
          every embedding bit for bit, and a sample of searches. Nothing is changed.
        </Text>
      ) : (
        <Found validation={validation} />
      )}
    </>
  )
}

function Found({ validation }: { readonly validation: Validation }) {
  const { at, rows, domains, persons, searches, differences } = validation
  const odd = [...differences, ...searches.differences]
  return (
    <>
      <Section title={`Compared ${moment(at)}`}>
        <Facts
          facts={[
            ['Read', count(rows.read)],
            ['Equal, bit for bit', count(rows.equal)],
            ['With an embedding of Visor’s own', count(rows.kept)],
            ['Rejected', count(rows.rejected)],
            ['Missing', <Odd key="missing" value={rows.missing} />],
            ['Different', <Odd key="different" value={rows.different} />],
            ['Searches that agree', `${count(searches.agreed)} of ${count(searches.asked)}`],
          ]}
        />
      </Section>
      <Section title="Domains">
        <table className={styles.table} aria-label="Domains, in the source and here">
          <thead>
            <tr>
              <th scope="col">Domain</th>
              <th scope="col" className={styles.number}>
                People in the source
              </th>
              <th scope="col" className={styles.number}>
                Here
              </th>
              <th scope="col" className={styles.number}>
                Faces in the source
              </th>
              <th scope="col" className={styles.number}>
                Here
              </th>
            </tr>
          </thead>
          <tbody>
            {domains.map((one) => (
              <tr key={one.domain}>
                <td>{one.domain}</td>
                <td className={styles.number}>{count(one.persons)}</td>
                <td className={styles.number}>{count(one.foundPersons)}</td>
                <td className={styles.number}>{count(one.faces)}</td>
                <td className={styles.number}>{count(one.foundFaces)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      {persons.length > 0 && (
        <Section title="People whose faces are not all with them">
          <table className={styles.table} aria-label="People whose faces are not all with them">
            <tbody>
              {persons.map((one) => (
                <tr key={`${one.domain} ${one.name}`}>
                  <td>{one.name}</td>
                  <td className={styles.dim}>{one.domain}</td>
                  <td className={styles.number}>
                    {count(one.foundFaces)} of {count(one.faces)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
      {odd.length > 0 && (
        <Section title="What differs">
          <table className={styles.table} aria-label="What differs">
            <tbody>
              {odd.map(({ key, detail }) => (
                <tr key={`${key} ${detail}`}>
                  <td className={styles.dim}>{key}</td>
                  <td>{detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
    </>
  )
}

const Odd = ({ value }: { readonly value: number }) =>
  value === 0 ? 'none' : <strong>{count(value)}</strong>
