/** What every `GalleryStore` promises of a write that takes long: others are served, it can be cancelled, it is whole. Tests. */
import { describe, expect, test } from 'vitest'
import type { Written } from '../../src-main/storage/written'
import { VisorError } from '../../src-shared/errors'
import { client, context, model, serbia, slovenia, useStore } from './curated-store'

const people = 40

/** `openPausing`: a store whose writes pause as often as they can. */
export function describeLongWrites(name: string, openPausing: Parameters<typeof useStore>[0]): void {
  describe(`${name}: long writes`, () => {
    const store = useStore(openPausing)
    const { enrol, names, seen, vector, found } = store

    async function crowd() {
      const ids = []
      for (let number = 0; number < people; number++) {
        const { personId } = await enrol(`Person ${number}`, { faces: 3 })
        ids.push(personId)
      }
      return ids
    }

    /**
     * Cancels an act as soon as it is asked for; where it was done before that was heard, which a busy machine can make of it, `again`
     * makes it possible once more. Whether it was cancelled, for that reason.
     */
    async function cancelled<T>(
      act: (control: { readonly signal: AbortSignal }) => Promise<T>,
      why: VisorError,
      again: (done: T) => Promise<void>,
    ): Promise<boolean> {
      for (let tries = 0; tries < 10; tries++) {
        const cancel = new AbortController()
        const asked = act({ signal: cancel.signal })
        cancel.abort(why)
        const [{ value, reason }] = (await Promise.allSettled([asked])) as [
          { readonly value?: T; readonly reason?: unknown },
        ]
        if (reason !== undefined) return reason === why
        await again(value!)
      }
      return false
    }

    test('tell how far they are, and leave reads and searches as they were until they are done', async () => {
      const ids = await crowd()
      const ana = vector()
      await enrol('Ana', { embedding: ana })
      const progress: { done: number; total: number }[] = []
      const listed: Promise<string[]>[] = []
      const hits: Promise<unknown>[] = []
      const late: Promise<unknown>[] = []
      const order: string[] = []
      const { value } = await store.gallery
        .movePersons(ids, serbia, 'refuse', {
          ...context,
          onProgress: ({ done, total }) => {
            progress.push({ done, total })
            if (progress.length !== 3) return
            listed.push(names({ domain: serbia }))
            hits.push(
              store.search(ana, { domains: [serbia] }).finally(() => order.push('search')),
              found(ana),
            )
            late.push(enrol('Late', { domain: serbia }).finally(() => order.push('write')))
          },
        })
        .finally(() => order.push('move'))
      expect(value).toEqual({ moved: people, merged: 0 })
      expect(progress.length).toBeGreaterThan(3)
      expect(progress.every(({ total }) => total === people)).toBe(true)
      const done = progress.map((one) => one.done)
      expect(done).toEqual(done.toSorted((a, b) => a - b))
      const [there, hit] = await Promise.all(hits)
      expect(there).toMatchObject({ probes: [{ persons: [] }] })
      expect(hit).toContain('Ana')
      expect([0, people, people + 1]).toContain((await listed[0]!).length)
      await Promise.all(late)
      // The search was answered in between; the write had to wait, as the order in the ledger tells.
      expect(order[0]).toBe('search')
      const [newest, before] = await store.gallery.ledger({ clientId: client, limit: 2 })
      expect([newest!.action, before!.action]).toEqual(['assign-faces', 'move-persons'])
      expect(await names({ domain: serbia })).toHaveLength(people + 1)
      expect(await store.gallery.gallerySize(client, [serbia], model)).toEqual({
        persons: people + 1,
        embeddings: people * 3 + 1,
      })
    })

    test('are done by halves never: cancelled, nothing was changed', async () => {
      const ids = await crowd()
      const before = await seen()
      let { entries } = await store.gallery.verifyLedger()
      const acts: Record<string, (control: object) => Promise<Written<unknown>>> = {
        move: (control: object) =>
          store.gallery.movePersons(ids, serbia, 'refuse', { ...context, ...control }),
        tag: (control: object) =>
          store.gallery.tagPersons(ids, { add: ['x'], remove: [] }, { ...context, ...control }),
        delete: (control: object) => store.gallery.deletePersons(ids, { ...context, ...control }),
        merge: (control: object) =>
          store.gallery.mergePersons(ids[0]!, ids.slice(1), { ...context, ...control }),
      }
      for (const [act, run] of Object.entries(acts)) {
        const why = new VisorError('cancelled', `Cancelled: ${act}`)
        const inTime = await cancelled(run, why, async ({ ledgerId }) => {
          await store.gallery.undo(ledgerId!, context)
          entries += 2
        })
        expect(inTime, act).toBe(true)
        expect(await seen(), act).toEqual(before)
      }
      const never = AbortSignal.abort(new VisorError('cancelled', 'Cancelled before.'))
      await expect(store.gallery.deletePersons(ids, { ...context, signal: never })).rejects.toMatchObject({
        code: 'cancelled',
      })
      expect(await store.gallery.verifyLedger()).toEqual({ entries })
      // Whoever comes next finds the store as it was.
      await enrol('Next')
      expect(await names({})).toHaveLength(people + 1)
    })

    test('are undone in steps as well, and an undo can be cancelled', async () => {
      const ids = await crowd()
      const before = await seen()
      for (const act of [
        () => store.gallery.renameDomain(client, slovenia, serbia, context),
        () => store.gallery.deleteDomain(client, slovenia, context),
        () => store.gallery.deletePersons(ids, context),
        () => store.gallery.movePersons(ids, serbia, 'refuse', context),
      ]) {
        const { ledgerId } = await act()
        await store.gallery.undo(ledgerId!, context)
        const { clients: _, ...now } = await seen()
        const { clients: __, ...then } = before
        expect(now).toEqual(then)
      }
      const tag = () => store.gallery.tagPersons(ids, { add: ['x'], remove: [] }, context)
      let { ledgerId } = await tag()
      const after = await seen()
      const undo = (control: object) => store.gallery.undo(ledgerId!, { actor: 'tester', ...control })
      const inTime = await cancelled(undo, new VisorError('cancelled', 'Cancelled.'), async () => {
        ;({ ledgerId } = await tag())
      })
      expect(inTime).toBe(true)
      expect(await seen()).toEqual(after)
    })

    test('two at once follow one another', async () => {
      const ids = await crowd()
      await Promise.all([
        store.gallery.tagPersons(ids, { add: ['a'], remove: [] }, context),
        store.gallery.tagPersons(ids, { add: ['b'], remove: [] }, context),
        store.gallery.movePersons(ids, serbia, 'refuse', context),
      ])
      const { persons } = await store.list({ domain: serbia })
      expect(persons.map(({ tags }) => tags)).toEqual(Array.from({ length: people }, () => ['a', 'b']))
    })
  })
}
