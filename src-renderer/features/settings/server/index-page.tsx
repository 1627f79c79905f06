/** The index that a server searches by, and how a search of each domain goes. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import type { IndexState } from '../../../../src-shared/search-index'
import { request } from '../../../api'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { useActions, useVisor } from '../../../state/use-visor'
import { byteSize, count, counted } from '../../../wording'
import { Facts, Section, StateLine } from '../page-parts'
import { DomainSearches } from './domain-searches'
import { IndexModel } from './index-model'
import { NoServer } from './no-server'
import { NotLookedAt } from './not-looked-at'
import styles from './server-lists.module.css'
import { useServerSide } from './use-server-side'

const askIndex = () => request('index.state')

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
  if (error !== undefined) return <NotLookedAt what="The index" error={error} />
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
          Few faces are compared one by one: exact, and as quick as an index. From{' '}
          {counted(state.paysFromRows, 'face')} of one model on an index pays; what it offers is compared
          again in full precision. A domain that is kept here and up to date is searched in memory.
        </p>
        {state.searches.length > 0 && <DomainSearches searches={state.searches} />}
      </Section>
      {state.indexes.length > 0 && (
        <Section title="The index">
          {state.indexes.map((index) => (
            <Facts
              key={index.name}
              facts={[
                ['Model', index.modelId],
                ['Faces in it', count(index.rows)],
                ['Size', byteSize(index.bytes)],
                ['Holds', index.vectors === 'vector' ? 'full precision' : 'half precision'],
                ['Built with', `m = ${index.m}, ef_construction = ${index.efConstruction}`],
                ['Candidates of a search', `${count(index.searchWidth)} (ef_search)`],
              ]}
            />
          ))}
          <p className={styles.dim}>
            These are kept on the server, with the index, and are the same for every console.
          </p>
        </Section>
      )}
      {state.models.map((model) => (
        <IndexModel
          key={model.modelId}
          state={state}
          modelId={model.modelId}
          busy={building}
          onChanged={again}
        />
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
      {counted(state.indexes.length, 'index', 'indexes')}, {byteSize(size)}, beside{' '}
      {byteSize(state.tableBytes)} of embeddings.
    </StateLine>
  )
}
