/**
 * A process with the local store that tests may kill. `hold FOLDER`: opens it, says `open`, waits. `write FOLDER`: enrols one
 * person of two photos after the other without end, and says `done N` only when the store has acknowledged person N. `merge FOLDER`: merges the people of a gallery two by two and takes
 * each second merge back, and says `merged NAME` and `undone NAME` when that is acknowledged. `erase FOLDER`: erases the people of a gallery three by
 * three, and says `begun N`, `removed N`, `clearing N` and `erased N` as it gets there.
 * Electron's Node, built beside `store.js`.
 */
import type { GalleryStore } from '../../../src-main/storage/gallery-store'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { toWireError } from '../../../src-shared/errors'
import { clientIdSchema, domainSchema, itemIdSchema, modelIdSchema } from '../../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'

const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('crash')
const modelId = modelIdSchema.parse('pack/embedder')

function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

async function mergeAll(gallery: GalleryStore): Promise<void> {
  const page = { sort: 'name', flags: [], tag: null, offset: 0, limit: 500 } as const
  const { persons } = await gallery.persons({ clientId, domain, text: '', ...page })
  for (let index = 0; index + 1 < persons.length; index += 2) {
    const [target, source] = [persons[index]!, persons[index + 1]!]
    const context = { actor: 'child', summary: `Merged ${source.name}` }
    const { ledgerId } = await gallery.mergePersons(target.personId, [source.personId], context)
    await say(`merged ${target.name}`)
    if (index % 4 === 0) continue
    await gallery.undo(ledgerId!, context)
    await say(`undone ${target.name}`)
  }
}

/** As `Erasures` does it. */
async function eraseAll({ gallery, erasure }: LocalStore): Promise<void> {
  const page = { sort: 'name', flags: [], tag: null, offset: 0, limit: 500 } as const
  const { persons } = await gallery.persons({ clientId, domain, text: '', ...page })
  for (let first = 0; first < persons.length; first += 3) {
    await say(`begun ${first}`)
    const personIds = persons.slice(first, first + 3).map(({ personId }) => personId)
    const query = { target: { personIds }, possible: new Map([[modelId, 0.3]]) }
    const why = { actor: 'child', summary: `Erased ${personIds.length} people`, reason: 'crash test' }
    await erasure.erase(query, why)
    await say(`removed ${first}`)
    for (const { ledgerId } of await erasure.due()) {
      await erasure.addRemoved(ledgerId, [{ place: 'log-bytes', count: 1 }])
    }
    await say(`clearing ${first}`)
    await erasure.scrub({})
    await say(`erased ${first}`)
    for (const { ledger } of await erasure.unreported()) await erasure.reported(ledger.entry)
  }
}

const [command, folder, first] = process.argv.slice(2) as [string, string, string | undefined]
try {
  const store = await openLocalStore({ folder, builtFolder: import.meta.dirname, threads: 2 })
  const { gallery, queue } = store
  await say('open')
  if (command === 'hold') {
    setInterval(() => undefined, 1000)
  } else if (command === 'merge') {
    await mergeAll(gallery)
    await say('over')
  } else if (command === 'erase') {
    await eraseAll(store)
    await say('over')
  } else {
    for (let number = Number(first); ; number++) {
      const random = randomNumbers(number)
      const name = `Person ${number}`
      const assignments = ['a', 'b'].map((photo) =>
        madeAssignment(name, unitVector(random), `${name} ${photo}`),
      )
      await gallery.assignFaces(clientId, domain, modelId, assignments, { actor: 'child', summary: name })
      const itemId = itemIdSchema.parse(`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`)
      await queue.append([
        { itemId, position: number, path: `/photos/${number}.jpg`, pasted: new Uint8Array(5000) },
      ])
      await say(`done ${number}`)
    }
  }
} catch (error) {
  await say(`failed ${JSON.stringify(toWireError(error))}`)
  process.exitCode = 1
}
