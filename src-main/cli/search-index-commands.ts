/** The options of `visor index …`. Runs on the command line. */
import { type Command, Option } from 'commander'
import { VisorError } from '../../src-shared/errors'
import { modelIdSchema } from '../../src-shared/ids'
import {
  defaultIndexParameters,
  type IndexVectors,
  indexVectorsSchema,
  recallQuerySchema,
} from '../../src-shared/search-index'
import type { IndexStore } from '../storage/index-store'
import { type CommandFrame, clientOption, domainOption, scopeOf } from './command-frame'
import { buildIndex, checkRecall, showIndexes } from './search-index'

interface BuildFlags {
  readonly model?: string
  readonly vectors: IndexVectors
  readonly m: string
  readonly efConstruction: string
  readonly memory: string
}

interface RecallFlags {
  readonly client: string
  readonly domain?: string
  readonly model?: string
  readonly searches: string
}

const modelOption = ['--model <id>', 'the model; needed where there are several'] as const

/** Adds the commands to the program. */
export function addSearchIndexCommands(program: Command, frame: CommandFrame): void {
  const { vectors, m, efConstruction } = defaultIndexParameters
  const index = program.command('index').description('what a server searches by')
  index
    .command('status')
    .description('the indexes there are, their size, and where one would pay')
    .action(
      frame.action((output, folder) => frame.withServer(folder, (store) => showIndexes(store.index, output))),
    )
  index
    .command('rebuild')
    .description('build it anew beside the one that is there; Ctrl-C leaves everything as it was')
    .option(...modelOption)
    .addOption(
      new Option('--vectors <kind>', 'whole vectors, or half of their precision in half of the space')
        .choices(indexVectorsSchema.options)
        .default(vectors),
    )
    .option('--m <number>', 'neighbours of each face', String(m))
    .option('--ef-construction <number>', 'candidates looked at for each face', String(efConstruction))
    .option('--memory <MiB>', 'memory of the server for it at most', '2048')
    .action(
      frame.action((output, folder, flags: BuildFlags) =>
        frame.withServer(folder, async ({ index: store }) => {
          const build = {
            modelId: await modelOf(store, flags.model),
            vectors: flags.vectors,
            m: Number(flags.m),
            efConstruction: Number(flags.efConstruction),
            memoryMiB: Number(flags.memory),
          }
          await buildIndex(store, build, output, frame.signal)
        }),
      ),
    )
  index
    .command('recall')
    .description('search by it and without, with faces of the gallery, and compare')
    .option(...clientOption)
    .option(...domainOption)
    .option(...modelOption)
    .option('--searches <number>', 'how many', '200')
    .action(
      frame.action((output, folder, flags: RecallFlags) =>
        frame.withServer(folder, async ({ index: store }) => {
          const { clientId, domain } = scopeOf(flags)
          const query = recallQuerySchema.safeParse({
            clientId,
            modelId: await modelOf(store, flags.model),
            domains: domain === null ? 'all' : [domain],
            searches: Number(flags.searches),
          })
          if (!query.success) throw new VisorError('invalid-argument', 'Searches are 1 to 10,000.')
          await checkRecall(store, query.data, output, frame.signal)
        }),
      ),
    )
}

/** The model that is meant. Raises `invalid-argument` where nobody can tell. */
async function modelOf(store: IndexStore, given: string | undefined) {
  if (given !== undefined) return modelIdSchema.parse(given)
  const { models } = await store.state()
  const [only] = models
  if (only !== undefined && models.length === 1) return only.modelId
  throw new VisorError(
    'invalid-argument',
    models.length === 0
      ? 'There are no faces on the server yet.'
      : `Embeddings of several models are on the server: ${models.map(({ modelId }) => modelId).join(', ')}.`,
    { remedy: 'Name one with --model.' },
  )
}
