/** What the galleries hold, by client, domain and model. Renderer. */
import { Skeleton } from '@mantine/core'
import type { ClientSummary, DomainSummary } from '../../../../src-shared/gallery'
import { useVisor } from '../../../state/use-visor'
import { count, counted } from '../../../wording'
import { Section, StateLine } from '../page-parts'
import styles from './server-lists.module.css'

export function StatisticsPage() {
  const clients = useVisor((state) => state.clients)
  const place = useVisor((state) => state.status?.store.server?.place ?? 'this machine')
  if (clients === undefined) return <Skeleton height={240} />
  const domains = clients.flatMap((client) => client.domains)
  if (domains.length === 0) return <StateLine tone="wait">There is no domain on {place} yet.</StateLine>
  const total = sumOf(domains)
  return (
    <>
      <StateLine>
        {counted(total.persons, 'person', 'people')} and {counted(total.faces, 'face')} in{' '}
        {counted(domains.length, 'domain')} of {counted(clients.length, 'client')}, on {place}.
      </StateLine>
      {clients.map((client) => (
        <Client key={client.clientId} client={client} />
      ))}
    </>
  )
}

type Sums = Pick<DomainSummary, 'persons' | 'photos' | 'faces' | 'embeddingsByModel'>

function sumOf(domains: readonly Sums[]): Sums {
  const embeddingsByModel: Record<string, number> = {}
  const sums = { persons: 0, photos: 0, faces: 0 }
  for (const domain of domains) {
    sums.persons += domain.persons
    sums.photos += domain.photos
    sums.faces += domain.faces
    for (const [model, amount] of Object.entries(domain.embeddingsByModel)) {
      embeddingsByModel[model] = (embeddingsByModel[model] ?? 0) + amount
    }
  }
  return { ...sums, embeddingsByModel }
}

function Client({ client }: { readonly client: ClientSummary }) {
  const total = sumOf(client.domains)
  const models = Object.keys(total.embeddingsByModel).sort()
  return (
    <Section title={client.clientId}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Domain</th>
            <th scope="col" className={styles.number}>
              People
            </th>
            <th scope="col" className={styles.number}>
              Photos
            </th>
            <th scope="col" className={styles.number}>
              Faces
            </th>
            {models.map((model) => (
              <th key={model} scope="col" className={styles.number} title={model}>
                {model}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {client.domains.map((domain) => (
            <Row key={domain.domain} title={domain.domain} sums={domain} models={models} />
          ))}
        </tbody>
        {client.domains.length > 1 && (
          <tfoot>
            <Row title="All" sums={total} models={models} />
          </tfoot>
        )}
      </table>
    </Section>
  )
}

interface RowProps {
  readonly title: string
  readonly sums: Sums
  readonly models: readonly string[]
}

function Row({ title, sums, models }: RowProps) {
  const byModel: Readonly<Record<string, number>> = sums.embeddingsByModel
  return (
    <tr>
      <th scope="row">{title}</th>
      <td className={styles.number}>{count(sums.persons)}</td>
      <td className={styles.number}>{count(sums.photos)}</td>
      <td className={styles.number}>{count(sums.faces)}</td>
      {models.map((model) => (
        <td key={model} className={styles.number}>
          {count(byModel[model] ?? 0)}
        </td>
      ))}
    </tr>
  )
}
