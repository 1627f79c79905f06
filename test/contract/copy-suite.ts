/** A gallery of Visor is copied from one store into another with all that hangs on it, ids and all. Tests. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Imports, type WantedImport } from '../../src-main/services/import/imports'
import type { OpenStore } from '../../src-main/storage/open-store'
import type { ImportRun } from '../../src-shared/import-run'
import { noPhotos, plainOptions } from '../fixtures/made-source'
import { client, context, model, serbia, slovenia } from './curated-store'
import { madeAssignment, madeFace, madePhoto, randomNumbers, unitVector } from './made-faces'

const unknownScope = { clientId: client, domain: slovenia, modelId: model }

type Opened = Pick<OpenStore, 'gallery' | 'imports' | 'unknown' | 'close'>

export function describeCopies(
  name: string,
  openFrom: () => Promise<Opened>,
  openTo: () => Promise<Opened>,
): void {
  describe(`${name}: a whole gallery`, () => {
    let from: Opened
    let to: Opened
    beforeEach(async () => {
      from = await openFrom()
      to = await openTo()
    })
    afterEach(async () => {
      await from.close()
      await to.close()
    })
    const wanted: WantedImport = {
      clientId: client,
      place: { at: 'path', path: '/data' },
      kind: 'visor',
      options: plainOptions,
    }
    const imports = () =>
      new Imports({
        target: to,
        openSource: async () => {
          throw new Error('It is no source of rows.')
        },
        openGallery: async () => ({ ...from, close: async () => undefined }),
        openLooker: noPhotos,
        actor: 'tester',
      })
    const numbers = ({ read, imported, alreadyThere, rejected }: ImportRun) => [
      read,
      imported,
      alreadyThere,
      rejected,
    ]
    const query = { clientId: client, domain: null, text: '', sort: 'name', flags: [], tag: null } as const
    const whole = async (store: Opened) =>
      Promise.all(
        (await store.gallery.personIds(query)).map((personId) => store.gallery.wholePerson(personId)),
      )

    /** Three people, with everything that people and faces may have. */
    async function filled() {
      const random = randomNumbers(9)
      const faces = ['Ana', 'Ana', 'Bor', 'Čarna'].map((who, index) =>
        madeAssignment(who, unitVector(random), `photo ${index}`),
      )
      const written = await from.gallery.assignFaces(client, slovenia, model, faces, context)
      const [ana, , bor] = written.value.map(({ personId }) => personId)
      const addition = { aliases: ['Anica'], tags: ['Pevka'], wikidataId: 'Q42', occupation: 'singer' }
      await from.gallery.addPerson(client, slovenia, 'Ana', addition, context)
      await from.gallery.addPerson(client, serbia, 'Nobody’s yet', { aliases: [] }, context)
      await from.gallery.setCover(ana!, written.value[1]!.faceId, context)
      await from.gallery.tellApart(ana!, bor!, true, context)
      const rejected = { photo: madePhoto('photo 9'), face: madeFace(unitVector(random)), personId: ana! }
      await from.gallery.rejectFace(client, model, rejected, context)
      const face = madeFace(unitVector(random), { x: 700, y: 80, w: 120, h: 150 })
      await from.unknown.keep(unknownScope, [{ photo: madePhoto('photo 0'), faces: [face] }])
      return { ana: ana!, bor: bor! }
    }

    test('comes whole, is compared, and comes once', async () => {
      await filled()
      const inspection = await imports().inspect(wanted)
      expect(inspection).toMatchObject({ kind: 'visor', persons: 4, rows: 10 })
      expect(await imports().tryOut(wanted)).toMatchObject({ read: 10, imported: 10, rejected: 0 })
      const { runId } = await imports().begin(wanted)
      expect(numbers(await imports().resume(runId))).toEqual([10, 10, 0, 0])
      expect(await whole(to)).toEqual(await whole(from))
      expect(await to.unknown.ids(unknownScope, 0)).toHaveLength(1)
      const validated = await imports().validate(runId)
      expect(validated.validation).toMatchObject({
        passed: true,
        rows: { read: 10, equal: 10, missing: 0, different: 0 },
        differences: [],
      })
      expect(validated.state).toBe('validated')
      expect(validated.validation?.searches).toMatchObject({ asked: 6, agreed: 6 })
      const again = await imports().begin(wanted)
      expect(numbers(await imports().resume(again.runId))).toEqual([10, 0, 10, 0])
    })

    test('what is different since is found; what was copied is taken back', async () => {
      const { ana, bor } = await filled()
      const { runId } = await imports().begin(wanted)
      await imports().resume(runId)
      await to.gallery.updatePerson(bor, { occupation: 'baker' }, context)
      const compared = await imports().validate(runId)
      expect(compared.state).toBe('done')
      expect(compared.validation?.differences).toEqual([
        { key: `person ${bor}`, detail: 'It is another here.' },
      ])
      const [last] = await to.gallery.ledger({ clientId: client, limit: 1 })
      await to.gallery.undo(last!.ledgerId, context)
      await imports().undo(runId)
      expect(await whole(to)).toEqual([])
      const next = await imports().begin(wanted)
      expect(numbers(await imports().resume(next.runId))).toEqual([10, 10, 0, 0])
      expect((await to.gallery.person(ana)).name).toBe('Ana')
    })

    test('who has a name already keeps it, and whose faces cannot come are told', async () => {
      await filled()
      await to.gallery.addPerson(client, slovenia, 'Ana', { aliases: [] }, context)
      const tried = await imports().tryOut(wanted)
      const { runId } = await imports().begin(wanted)
      const done = await imports().resume(runId)
      expect(numbers(done)).toEqual([10, 7, 0, 3])
      const { rejects } = await to.imports.rejects(runId, { offset: 0, limit: 10 })
      expect(rejects.map(({ reason }) => reason)).toEqual(['other-person', 'no-person', 'no-person'])
      expect(tried.rejects).toEqual(rejects)
    })
  })
}
