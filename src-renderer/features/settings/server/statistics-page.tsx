/** What the galleries hold and how much room that takes, by client, domain and model. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import type { ClientSummary, DomainSummary } from '../../../../src-shared/gallery'
import type { StoreSizes } from '../../../../src-shared/store-sizes'
import { request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { placeInUse } from '../../../state/place-in-use'
import { isServerAway } from '../../../state/server-away'
import { useActions, useVisor } from '../../../state/use-visor'
import { byteSize, count, counted } from '../../../wording'
import { Facts, Section, StateLine } from '../page-parts'
import styles from './server-lists.module.css'
import { useServerSide } from './use-server-side'

const askSizes = () => request('gallery.sizes')

export function StatisticsPage() {
  const clients = useVisor((state) => state.clients)
  const place = useVisor(placeInUse)
  const away = useVisor(isServerAway)
  const { attempt } = useActions()
  const { answer: sizes, error, again } = useServerSide(askSizes)
  if (clients === undefined) return <Skeleton height={240} />
  const domains = clients.flatMap((client) => client.domains)
  if (domains.length === 0) return <StateLine tone="wait">There is no domain on {place} yet.</StateLine>
  const total = sumOf(domains)
  const amounts = `${counted(total.persons, 'person', 'people')} and ${counted(total.faces, 'face')} in ${counted(domains.length, 'domain')} of ${counted(clients.length, 'client')}`
  if (away) {
    return (
      <>
        <StateLine
          tone="wait"
          action={
            <Button onClick={() => void attempt(() => request('mode.connect'))}>Look for it now</Button>
          }
        >
          {place} does not answer. {amounts} are kept here; what else it has, and how much room that takes,
          cannot be told.
        </StateLine>
        {clients.map((client) => (
          <Client key={client.clientId} client={client} sizes={undefined} />
        ))}
      </>
    )
  }
  return (
    <>
      <StateLine
        action={
          <Button variant="default" onClick={again}>
            Measure again
          </Button>
        }
      >
        {amounts}, on {place}
        {sizes === undefined ? '' : `: ${byteSize(sizes.totalBytes)}`}.
      </StateLine>
      {error !== undefined && (
        <Section title="What could not be told">
          <ErrorNote error={error} />
        </Section>
      )}
      {sizes !== undefined && <Room sizes={sizes} total={total} />}
      {clients.map((client) => (
        <Client key={client.clientId} client={client} sizes={sizes} />
      ))}
    </>
  )
}

/** What takes how much room; where only reading all of it would tell, about how much. */
function Room({ sizes, total }: { readonly sizes: StoreSizes; readonly total: Sums }) {
  const { totalBytes, parts, bytesPerEmbedding, bytesPerCrop } = sizes
  if (parts === null) {
    return (
      <Section title="Room on disk">
        <Facts
          facts={[
            ['The file, with its log', byteSize(totalBytes)],
            ['of that, embeddings', about(embeddingsOf(total) * bytesPerEmbedding)],
            ['of that, pictures of faces', about(total.faces * bytesPerCrop)],
          ]}
        />
      </Section>
    )
  }
  const { vectors, crops, searchIndexes, otherIndexes } = parts
  const known = vectors + crops + searchIndexes + otherIndexes
  return (
    <Section title="Room on disk">
      <Facts
        facts={[
          ['Embeddings', byteSize(vectors)],
          ['Pictures of faces', byteSize(crops)],
          ['Index of neighbours', searchIndexes === 0 ? 'none' : byteSize(searchIndexes)],
          ['Other indexes', byteSize(otherIndexes)],
          ['People, photos, history and the rest', byteSize(Math.max(0, totalBytes - known))],
        ]}
      />
      <p className={styles.dim}>Of the whole server, all clients together.</p>
    </Section>
  )
}

const about = (amount: number) => (amount === 0 ? '–' : `about ${byteSize(amount)}`)
const embeddingsOf = ({ embeddingsByModel }: Sums) =>
  Object.values(embeddingsByModel).reduce((sum, amount) => sum + amount, 0)

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

interface ClientProps {
  readonly client: ClientSummary
  readonly sizes: StoreSizes | undefined
}

function Client({ client, sizes }: ClientProps) {
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
              <th key={model} scope="col" className={`${styles.number} ${styles.long}`} title={model}>
                {model}
              </th>
            ))}
            {sizes !== undefined && (
              <th scope="col" className={styles.number}>
                Room
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {client.domains.map((domain) => (
            <Row key={domain.domain} title={domain.domain} sums={domain} models={models} sizes={sizes} />
          ))}
        </tbody>
        {client.domains.length > 1 && (
          <tfoot>
            <Row title="All" sums={total} models={models} sizes={sizes} />
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
  readonly sizes: StoreSizes | undefined
}

function Row({ title, sums, models, sizes }: RowProps) {
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
      {sizes !== undefined && (
        <td className={styles.number} title="Embeddings and pictures of faces, without indexes">
          {about(embeddingsOf(sums) * sizes.bytesPerEmbedding + sums.faces * sizes.bytesPerCrop)}
        </td>
      )}
    </tr>
  )
}
