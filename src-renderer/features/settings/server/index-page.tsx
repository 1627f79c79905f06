/** The index that a server searches by: size, parameters, building it anew, and how well it finds. Renderer. */
import { Button, Group, NumberInput, SegmentedControl, Skeleton, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { ModelId } from '../../../../src-shared/ids'
import {
  defaultIndexParameters,
  type IndexParameters,
  type IndexState,
  indexParametersSchema,
  type Recall,
  type Share,
} from '../../../../src-shared/search-index'
import { request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { useActions, useVisor } from '../../../state/use-visor'
import { bytes, count, counted } from '../../../wording'
import { Facts, Section, StateLine } from '../page-parts'
import { NoServer } from './no-server'
import { useServerSide } from './use-server-side'

const askIndex = () => request('index.state')
/** Enough for a share that is known to a percent. */
const recallSearches = 200

export function IndexPage() {
  const local = useVisor((state) => state.status?.store.mode === 'local')
  return local ? (
    <NoServer>Searches on this machine go through memory and need no index.</NoServer>
  ) : (
    <ServerIndex />
  )
}

function ServerIndex() {
  const { answer: state, error, again } = useServerSide(askIndex)
  const job = useVisor(({ jobs }) =>
    [...jobs.values()].find(({ kind, state: now }) => kind === 'index' && now === 'running'),
  )
  const { cancelJob } = useActions()
  const building = job !== undefined
  useEffect(() => {
    if (!building) again()
  }, [building, again])
  if (error !== undefined) return <ErrorNote error={error} />
  if (state === undefined) return <Skeleton height={240} />
  return (
    <>
      {job === undefined ? (
        <IndexLine state={state} />
      ) : (
        <StateLine
          tone="wait"
          action={
            <Button variant="default" onClick={() => void cancelJob(job.jobId)}>
              Cancel
            </Button>
          }
        >
          {job.title}: {progressLine(job)}. Searches and edits go on.
          <JobProgress job={job} />
        </StateLine>
      )}
      <Section title="How searches go">
        <p>
          A search of a small domain compares with every face: exact, and quicker than an index. Above{' '}
          {counted(state.paysFromRows, 'face')} of one model an index pays; what it offers is compared again
          in full precision. A search can always be asked to be exact.
        </p>
        {state.indexes.map((index) => (
          <Facts
            key={index.name}
            facts={[
              ['Model', index.modelId],
              ['Faces in it', count(index.rows)],
              ['Size', bytes(index.bytes)],
              ['Built with', `${index.vectors}, m = ${index.m}, ef_construction = ${index.efConstruction}`],
            ]}
          />
        ))}
      </Section>
      {state.models.map((model) => (
        <Model key={model.modelId} state={state} modelId={model.modelId} busy={building} />
      ))}
    </>
  )
}

function IndexLine({ state }: { readonly state: IndexState }) {
  const needed = state.models.filter(({ paysOff }) => paysOff)
  const missing = needed.filter(({ modelId }) => !state.indexes.some((index) => index.modelId === modelId))
  if (missing.length > 0) {
    return (
      <StateLine tone="wait">
        {count(missing[0]?.embeddings ?? 0)} faces are searched without an index: exact, but slower than it
        could be.
      </StateLine>
    )
  }
  if (state.indexes.length === 0) {
    return <StateLine>Every search is exact: there are too few faces for an index to pay.</StateLine>
  }
  const size = state.indexes.reduce((sum, index) => sum + index.bytes, 0)
  return (
    <StateLine>
      {counted(state.indexes.length, 'index', 'indexes')}, {bytes(size)}, beside {bytes(state.tableBytes)} of
      embeddings.
    </StateLine>
  )
}

interface ModelProps {
  readonly state: IndexState
  readonly modelId: ModelId
  readonly busy: boolean
}

function Model({ state, modelId, busy }: ModelProps) {
  const { attempt } = useActions()
  const built = state.indexes.find((index) => index.modelId === modelId)
  const [wanted, setWanted] = useState<IndexParameters>(built ?? defaultIndexParameters)
  const { vectors, m, efConstruction } = wanted
  const sound = indexParametersSchema.safeParse(wanted).success && efConstruction >= 2 * m
  const rebuild = () => attempt(() => request('index.rebuild', { modelId, vectors, m, efConstruction }))
  return (
    <Section title={modelId}>
      {state.mayBuild ? (
        <>
          <SegmentedControl
            aria-label="What the index holds"
            data={[
              { value: 'vector', label: 'Full precision' },
              { value: 'halfvec', label: 'Half: half the space' },
            ]}
            value={vectors}
            onChange={(value) =>
              setWanted({ ...wanted, vectors: value === 'halfvec' ? 'halfvec' : 'vector' })
            }
          />
          <Group gap={16} my={12} align="end">
            <NumberInput
              label="Neighbours of each face (m)"
              min={2}
              max={100}
              value={m}
              onChange={(value) => typeof value === 'number' && setWanted({ ...wanted, m: value })}
            />
            <NumberInput
              label="Looked at while building (ef_construction)"
              min={4}
              max={1000}
              value={efConstruction}
              error={efConstruction < 2 * m ? 'At least twice m.' : undefined}
              onChange={(value) =>
                typeof value === 'number' && setWanted({ ...wanted, efConstruction: value })
              }
            />
          </Group>
          <Button variant="default" disabled={busy || !sound} onClick={() => void rebuild()}>
            {built === undefined ? 'Build the index' : 'Build it anew'}
          </Button>
          <Text size="sm" c="dimmed" mt={8}>
            It is built beside the one in use, which goes when the new one is whole: searches and edits go on.
          </Text>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Your login may not build indexes: that is for the owner of the schema.
        </Text>
      )}
      <RecallCheck modelId={modelId} />
    </Section>
  )
}

function RecallCheck({ modelId }: { readonly modelId: ModelId }) {
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { attempt } = useActions()
  const [recall, setRecall] = useState<Recall>()
  const [busy, setBusy] = useState(false)
  const check = () =>
    attempt(async () => {
      setBusy(true)
      try {
        setRecall(
          await request('index.recall', { clientId, modelId, domains: 'all', searches: recallSearches }),
        )
      } finally {
        setBusy(false)
      }
    })
  return (
    <>
      <Button variant="default" mt={12} loading={busy} onClick={() => void check()}>
        Check how well it finds
      </Button>
      {recall !== undefined && (
        <div role="status">
          <Facts
            facts={[
              ['Searches', `${count(recall.searches)}, of them ${count(recall.byIndex)} by the index`],
              ['Ten nearest found', share(recall.recallAt10)],
              ['Same first person', share(recall.sameTopPerson)],
              ['A search by the index', `${recall.approximateMs.toFixed(1)} ms`],
              ['The same, exact', `${recall.exactMs.toFixed(1)} ms`],
            ]}
          />
        </div>
      )}
    </>
  )
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`
/** With the range it lies in. */
const share = ({ value, low, high }: Share) => `${percent(value)} (${percent(low)} – ${percent(high)})`
