/** What every store promises to the enrolment gate. Tests. */
import { describe, expect, test } from 'vitest'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import { client, context, model, nobody, slovenia, useStore } from './curated-store'
import { madeAssignment, similarity } from './made-faces'

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeEnrolment(
  title: string,
  openEmpty: () => Promise<{ readonly gallery: GalleryStore; close(): Promise<void> }>,
): void {
  describe(`${title}: enrolment`, () => {
    const store = useStore(openEmpty)

    test('tells how far a face is from a person’s own, nearest first, and of how many', async () => {
      const centre = store.vector()
      const { personId } = await store.enrol('Ana', { embedding: centre, faces: 4 })
      await store.enrol('Bela')
      const probes = [centre, store.vector(centre, 0.3), store.vector()]
      const answers = await store.gallery.ownFaces({ personId, modelId: model, probes, limit: 3 })
      expect(answers).toHaveLength(3)
      for (const [index, { faces, nearest, medianDistance }] of answers.entries()) {
        expect([faces, nearest.length]).toEqual([4, 3])
        const distances = nearest.map(({ distance }) => distance)
        expect(distances).toEqual(distances.toSorted((a, b) => a - b))
        expect(medianDistance).toBe(distances[2])
        const { facesList } = await store.gallery.person(personId)
        for (const { faceId, photoSha256 } of nearest) {
          expect(facesList).toContainEqual(expect.objectContaining({ faceId, photoSha256 }))
        }
        const toCentre = 1 - similarity(probes[index]!, centre)
        expect(Math.min(...distances)).toBeLessThanOrEqual(toCentre + 1e-6)
      }
      expect(answers[0]!.nearest[0]!.distance).toBeCloseTo(0, 5)
    })

    test('tells how the photos look as a whole, where that is known', async () => {
      const assignment = madeAssignment('Ana', store.vector())
      const { perceptualHash, ...unhashed } = assignment.photo
      const second = madeAssignment('Ana', store.vector())
      const { value } = await store.gallery.assignFaces(
        client,
        slovenia,
        model,
        [assignment, { ...second, photo: { ...second.photo, perceptualHash: undefined } }],
        context,
      )
      const { personId } = value[0]!
      const probes = [assignment.face.embedding]
      const [answer] = await store.gallery.ownFaces({ personId, modelId: model, probes, limit: 8 })
      expect(unhashed.sha256).toBe(answer!.nearest[0]!.photoSha256)
      expect(answer!.nearest.map((face) => face.perceptualHash)).toEqual([perceptualHash, undefined])
    })

    test('knows no own faces of another model, of somebody without faces, of nobody', async () => {
      const { personId, face, ledgerId } = await store.enrol('Ana')
      const query = { personId, modelId: model, probes: [face.embedding], limit: 8 }
      const other = { ...query, modelId: 'pack/another' as typeof model }
      expect(await store.gallery.ownFaces(other)).toEqual([{ faces: 0, nearest: [] }])
      await store.gallery.undo(ledgerId, context)
      await expect(store.gallery.ownFaces(query)).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.gallery.ownFaces({ ...query, personId: nobody })).rejects.toMatchObject({
        code: 'not-found',
      })
    })
  })
}
