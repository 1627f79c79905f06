/** `visor index`: what the server searches by, building it anew, and how well it finds. Runs on the command line. */
import { percent, wholePercent } from '../../src-shared/amounts'
import type {
  IndexBuild,
  IndexProgress,
  Recall,
  RecallQuery,
  SearchIndex,
  Share,
} from '../../src-shared/search-index'
import type { IndexStore } from '../storage/index-store'
import { inSnakeCase, type Output } from './output'

const phases: Readonly<Record<IndexProgress['phase'], string>> = {
  waiting: 'waiting for transactions that began before',
  loading: 'reading faces into the index',
  finishing: 'putting it in the place of the one before',
}

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`

const line = ({ modelId, vectors, m, efConstruction, bytes, rows }: SearchIndex) =>
  `${modelId}  ${vectors}  m ${m}  ef_construction ${efConstruction}  ${megabytes(bytes)}  ${rows} embeddings`

/** One answer. */
export async function showIndexes(store: IndexStore, output: Output): Promise<void> {
  const state = await store.state()
  const { indexes, models, paysFromRows } = state
  const built = new Set(indexes.map(({ modelId }) => modelId))
  const lines = [
    ...indexes.map(line),
    ...models
      .filter(({ modelId }) => !built.has(modelId))
      .map(
        ({ modelId, embeddings, paysOff }) =>
          `${modelId}  no index, ${embeddings} embeddings: ${paysOff ? 'one would make searches faster' : `searches are fast enough without, up to about ${paysFromRows}`}`,
      ),
  ]
  output.answer(inSnakeCase(state), lines.length === 0 ? 'There are no faces to search.' : lines.join('\n'))
}

/** One answer, the index that was built. */
export async function buildIndex(
  store: IndexStore,
  build: IndexBuild,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const onProgress = ({ phase, done, total }: IndexProgress) =>
    output.progress(total === 0 ? phases[phase] : `${phases[phase]}: ${wholePercent(done / total)}`)
  const index = await store.rebuild(build, { signal, onProgress })
  output.endProgress()
  output.answer(inSnakeCase(index), line(index))
}

/** One answer. */
export async function checkRecall(
  store: IndexStore,
  query: RecallQuery,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    output.progress(`${done} of ${total} searches`)
  const recall = await store.recall(query, { signal, onProgress })
  output.endProgress()
  output.answer(inSnakeCase(recall), textOf(recall))
}

function textOf({ searches, recallAt10, sameTopPerson, byIndex, approximateMs, exactMs }: Recall): string {
  const range = ({ value, low, high }: Share) =>
    `${percent(value)} (between ${percent(low)} and ${percent(high)} with 95 % confidence)`
  const by = byIndex === searches ? 'by the index' : `${byIndex} of them by the index`
  return [
    `${searches} searches, ${by}`,
    `of the ten nearest people found: ${range(recallAt10)}`,
    `same nearest person: ${range(sameTopPerson)}`,
    `median ${approximateMs.toFixed(1)} ms, exact ${exactMs.toFixed(1)} ms`,
  ].join('\n')
}
