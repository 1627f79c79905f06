/** The options of `visor faces`, `recognize` and `verify`. Runs on the command line. */
import type { Command } from 'commander'
import { readSettings } from '../services/settings-file'
import {
  type AnalysisFlags,
  analysisOf,
  type CommandFrame,
  clientOption,
  domainOption,
  flipOption,
  namesOf,
  type ScopeFlags,
  scopeOf,
  thoroughOption,
} from './command-frame'
import { faces, verify } from './faces'
import { numberOption } from './output'
import { findPerson } from './persons'
import { recognize } from './recognize'
import { rejectFace } from './reject-face'

interface RecognizeFlags extends AnalysisFlags {
  readonly domain: string
  readonly client: string
  readonly threshold?: number
  readonly topK: number
  readonly annotate?: string
}

export function addPhotoCommands(program: Command, frame: CommandFrame): void {
  const facesCommand = program
    .command('faces')
    .description('find the faces in photos')
    .argument('<photo...>')
    .option('--embeddings', 'with each face its embedding: base64 of 512 little-endian float32')
    .option(...thoroughOption)
    .option(...flipOption)
    .action(
      frame.action(
        async (output, folder, paths: string[], flags: AnalysisFlags & { embeddings?: boolean }) => {
          const options = { ...analysisOf(flags), embeddings: flags.embeddings === true }
          await frame.withEngine(folder, (engine) => faces(engine, paths, options, output))
        },
      ),
    )

  facesCommand
    .command('reject')
    .description('say that a face is not this person: they are not offered for it again')
    .argument('<photo>')
    .argument('<person>', 'by id, or by name')
    .option('--face <number>', 'which, where there are several', numberOption('--face', 1, 1000, true))
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.action(
        async (output, folder, photo: string, person: string, flags: ScopeFlags & { face?: number }) => {
          const scope = scopeOf(flags)
          await frame.withStore(folder, async ({ gallery }) => {
            const personId = await findPerson(gallery, person, scope)
            const options = { clientId: scope.clientId, personId, face: flags.face }
            await frame.withEngine(folder, (engine) => rejectFace(engine, gallery, photo, options, output))
          })
        },
      ),
    )

  program
    .command('recognize')
    .description('say who is in photos')
    .argument('<photo-or-folder...>')
    .requiredOption('--domain <name>', 'the domain to look in')
    .option(...clientOption)
    .option('--threshold <distance>', 'match up to this cosine distance', numberOption('--threshold', 0, 2))
    .option('--top-k <count>', 'candidates per face', numberOption('--top-k', 1, 50, true), 5)
    .option('--annotate <folder>', 'write each photo there, with boxes and names')
    .option(...thoroughOption)
    .option(...flipOption)
    .action(
      frame.action(async (output, folder, paths: string[], flags: RecognizeFlags) => {
        const options = {
          ...namesOf(flags),
          ...analysisOf(flags),
          threshold: flags.threshold ?? null,
          topK: flags.topK,
          annotate: flags.annotate,
          domainThresholds: readSettings(folder.settingsFile).thresholds,
        }
        await frame.withStore(folder, ({ gallery }) =>
          frame.withEngine(folder, (engine) => recognize(engine, gallery, paths, options, output)),
        )
      }),
    )

  program
    .command('verify')
    .description('are the largest faces of two photos the same person?')
    .argument('<a>')
    .argument('<b>')
    .option(...flipOption)
    .action(
      frame.action(async (output, folder, a: string, b: string, flags: AnalysisFlags) => {
        await frame.withEngine(folder, (engine) => verify(engine, [a, b], analysisOf(flags), output))
      }),
    )
}
