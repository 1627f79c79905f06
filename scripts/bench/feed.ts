/**
 * What the change feed costs an ordinary edit on PostgreSQL: each act through the store with the feed's triggers ÷ without them, a few
 * of each in turn, so that noise meets both. Options: `--rounds 8`. Electron's Node.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { z } from 'zod'
import type { FaceAssignment } from '../../src-main/storage/gallery-records'
import type { OpenStore } from '../../src-main/storage/open-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../src-shared/ids'
import { madeFace, madePhoto, randomNumbers, unitVector } from '../../test/contract/made-faces'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'
import { median, printFigure } from './figure'

const benchmark = 'feed'
const clientId = clientIdSchema.parse('bench')
const domain = domainSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')
const context = { actor: 'bench', summary: 'bench' }
const people = 20
/** Acts with and acts without, in turn; the first of each are planned anew and not counted. */
const acts = 15
const notCounted = 3

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { rounds: { type: 'string', default: '8' } } })
  const database = await migratedDatabase()
  const superuser = new pg.Client(database.superuserUrl)
  await superuser.connect()
  const store = await openServerStore({
    ...serverAt(database.url),
    builtFolder: import.meta.dirname,
    threads: 1,
  })
  try {
    const triggers = z
      .array(z.object({ name: z.string(), of: z.string() }))
      .parse((await superuser.query(feedTriggers)).rows)
    const feed = (word: 'ENABLE' | 'DISABLE') =>
      superuser.query(triggers.map(({ name, of }) => `ALTER TABLE ${of} ${word} TRIGGER ${name}`).join(';'))
    for (const [act, work] of Object.entries(await editsOf(store))) {
      const times = { with: [] as number[], without: [] as number[] }
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const how of ['with', 'without'] as const) {
          await feed(how === 'with' ? 'ENABLE' : 'DISABLE')
          for (let number = 0; number < acts; number++) {
            const startedAt = performance.now()
            await work()
            if (number >= notCounted) times[how].push(performance.now() - startedAt)
          }
        }
      }
      const [withMs, withoutMs] = [median(times.with), median(times.without)]
      printFigure({
        benchmark,
        figure: `${act}, with the feed ÷ without`,
        value: withMs / withoutMs,
        details: { withMs, withoutMs, acts: times.with.length },
      })
    }
  } finally {
    await store.close()
    await superuser.end()
    await database.drop()
  }
}

const feedTriggers = `
  SELECT tgname AS name, tgrelid::regclass::text AS of FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = 'visor'::regnamespace AND tgname LIKE 'feed\\_%'`

/** An edit of a person, of a face and of a photo, each of another one each time. */
async function editsOf({
  gallery,
}: Pick<OpenStore, 'gallery'>): Promise<Record<string, () => Promise<unknown>>> {
  const random = randomNumbers(3)
  let number = 0
  const someFace = (name: string): FaceAssignment => ({
    person: { name },
    photo: madePhoto(`${name} ${number++}`),
    face: madeFace(unitVector(random)),
    source: 'enrolled',
  })
  const nameOf = (person: number) => `Person ${person % people}`
  const { value: enrolled } = await gallery.assignFaces(
    clientId,
    domain,
    modelId,
    Array.from({ length: people }, (_, person) => someFace(nameOf(person))),
    context,
  )
  const of = (place: number) => enrolled[place % people]!
  return {
    'a person’s occupation': () =>
      gallery.updatePerson(of(number++).personId, { occupation: `Number ${number}` }, context),
    'a face moved to somebody else': () =>
      gallery.moveFaces([of(number).faceId], domain, { personId: of(3 * number++ + 1).personId }, context),
    'a face enrolled': () =>
      gallery.assignFaces(clientId, domain, modelId, [someFace(nameOf(number))], context),
  }
}
