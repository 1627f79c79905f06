/** The options of `visor review …`. Runs on the command line. */
import type { Command } from 'commander'
import { EnrolmentGate } from '../services/gate/enrolment-gate'
import { EnrolmentReview } from '../services/gate/enrolment-review'
import { readSettings } from '../services/settings-file'
import type { LocalStore } from '../storage/threads/local-store'
import { type CommandFrame, clientOption, domainOption, type ScopeFlags, scopeOf } from './command-frame'
import { numberOption, type Output } from './output'
import { findPerson } from './persons'
import { acceptReview, listReviews, rejectReview } from './review'

interface AcceptFlags extends ScopeFlags {
  readonly face: number | undefined
  readonly why?: string
  readonly as?: string
}

/** Adds the commands to the program. */
export function addReviewCommands(program: Command, frame: CommandFrame): void {
  const review = program.command('review').description('enrolments that wait for somebody to look at them')
  review
    .command('list')
    .option('--domain <name>', 'of this domain only')
    .option(...clientOption)
    .action(
      onReview(frame, async (decide, { reviews }, output, flags: ScopeFlags) =>
        listReviews(reviews, decide, scopeOf(flags), output),
      ),
    )
  review
    .command('accept')
    .description('the face joins the person, in spite of what the gate warns of')
    .argument('<review>', 'its id')
    .option('--face <number>', 'which of the faces to choose from', numberOption('--face', 0, 999, true))
    .option('--why <words>', 'why it is right all the same')
    .option('--as <person>', 'somebody else than it was for, by id or by name')
    .option(...domainOption)
    .option(...clientOption)
    .action(
      onReview(frame, async (decide, { gallery }, output, id: string, flags: AcceptFlags) => {
        const { face, why, as } = flags
        const personId = as === undefined ? undefined : await findPerson(gallery, as, scopeOf(flags))
        await acceptReview(decide, id, { face, why, personId }, output)
      }),
    )
  review
    .command('reject')
    .description('the face is not the person')
    .argument('<review>', 'its id')
    .action(onReview(frame, async (decide, _store, output, id: string) => rejectReview(decide, id, output)))
}

/** A command on reviews, for as long as the store is open. */
function onReview<A extends unknown[]>(
  frame: CommandFrame,
  run: (review: EnrolmentReview, store: LocalStore, output: Output, ...rest: A) => Promise<void>,
) {
  return frame.action(async (output, folder, ...rest: A) => {
    const packs = await frame.openPacks()
    await frame.withStore(folder, async (store) => {
      // Read once the folder is ours: a window that had it may have changed them.
      const settings = readSettings(folder.settingsFile)
      const gate = new EnrolmentGate(
        store.gallery,
        () => packs.pack(settings.modelPack),
        () => settings,
      )
      await run(new EnrolmentReview(store.gallery, store.reviews, gate, frame.actor), store, output, ...rest)
    })
  })
}
