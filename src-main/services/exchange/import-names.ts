/** Imports photos that say themselves who is in them, and embeds faces that came without. Main and the command line. */
import { extname } from 'node:path'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { EmbeddedFace } from '../../../src-shared/face'
import { type Box, faceInBox, mostOverlapping, sameFaceIou } from '../../../src-shared/geometry'
import { type PersonId, personNameSchema } from '../../../src-shared/ids'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import type { PhotoRunner } from '../../host/photo-runner'
import type { GalleryStore } from '../../storage/gallery-store'
import { findPhotos } from '../photo-files'
import { photoTimeoutMs } from '../photo-timeout'
import { readLimited } from './confined-path'
import { decidedOtherwise, standingOf } from './face-standing'
import {
  contextOf,
  type FaceToEmbed,
  type ImportOptions,
  type ImportReport,
  skip,
  written,
} from './import-gallery'
import { allPeople } from './people'
import { largestPhoto } from './person-folder'
import { type NamedBox, readNames } from './xmp/photo-names'
import { longestXmp } from './xmp/xmp-document'

type Analyser = Pick<PhotoRunner, 'run' | 'embedBoxes'>

/**
 * Imports the photos under `folder` that have named face regions in their XMP or sidecar (MWG or Microsoft's). Each region
 * goes to the detected face that it is around; where there is none, the region itself is the face's box, as if it had been
 * drawn by hand. Photos without names are passed over; a photo whose XMP is broken, and a region that cannot be a face, is
 * skipped with the reason. Idempotent; the gallery's own decisions stay.
 *
 * Raises `invalid-argument` (no photo has names), `cancelled`, and what the store and the vision process raise.
 */
export async function importNamedPhotos(
  folder: string,
  gallery: GalleryStore,
  analyser: Analyser,
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = { persons: 0, faces: 0, rejects: 0, alreadyThere: 0, byBox: 0, skipped: [] }
  const people = new Set<string>()
  let done = 0
  let named = 0
  const { clientId, domain } = options
  await gallery.ensureDomain(clientId, domain)
  const ids = new Map<string, PersonId>()
  for await (const { name, personId } of allPeople(gallery, clientId, domain)) ids.set(name, personId)
  for await (const { path, error } of findPhotos([folder], options.signal)) {
    options.signal?.throwIfAborted()
    try {
      if (error !== undefined) throw error
      const names = readNames(await readLimited(path, largestPhoto), await sidecarOf(path))
      // The size decides only where boxes are, not whether there are any.
      if (names({ width: 1, height: 1 }).length > 0) {
        named += 1
        for (const name of await importPhoto(path, names, ids, gallery, analyser, options, report))
          people.add(name)
      }
    } catch (cause) {
      skip(report, path, cause)
    }
    done += 1
    options.onProgress?.({ done, total: done, detail: path })
  }
  if (named === 0 && report.skipped.length === 0) {
    throw new VisorError(
      'invalid-argument',
      'This folder is no export, and no photo in it says who is in it.',
      {
        consequence: 'Nobody was imported.',
        remedy: 'To enrol folders of people, use: visor enrol FOLDER --domain NAME.',
      },
    )
  }
  report.persons = people.size
  return report
}

/** Gives faces the embedding of the model in use, from their photos. */
export async function embedImported(
  faces: readonly FaceToEmbed[],
  gallery: GalleryStore,
  analyser: Analyser,
  options: ImportOptions,
  report: ImportReport,
): Promise<void> {
  for (const { personId, photo, face } of faces) {
    options.signal?.throwIfAborted()
    try {
      const { faces: usual } = await analyse(photo.path, analyser, options)
      const found = faceInBox(usual, face.box) ?? (await embedBox(photo.path, face.box, analyser, options))
      // The box as it was imported: it is that face, under another model.
      const assignment = {
        person: { personId },
        photo,
        face: { ...found, box: face.box },
        source: face.source,
      }
      const context = contextOf(options, 'Embedded an imported face under the model in use')
      const { clientId, domain, modelId } = options
      await written(options, gallery.assignFaces(clientId, domain, modelId, [assignment], context))
    } catch (cause) {
      skip(report, photo.path, cause)
    }
  }
}

/**
 * Who was imported from the photo.
 *
 * @param ids the people of the domain by name; those who are made are added
 */
async function importPhoto(
  path: string,
  names: (size: { width: number; height: number }) => NamedBox[],
  ids: Map<string, PersonId>,
  gallery: GalleryStore,
  analyser: Analyser,
  options: ImportOptions,
  report: ImportReport,
): Promise<string[]> {
  const { clientId, domain, modelId } = options
  const analysis = await analyse(path, analyser, options)
  const known = (await gallery.knownFaces(clientId, [analysis.sha256])).get(analysis.sha256) ?? []
  const taken: EmbeddedFace[] = []
  const imported: string[] = []
  for (const region of names(analysis)) {
    try {
      const name = personNameSchema.safeParse(region.name)
      if (!name.success)
        throw new VisorError('invalid-argument', `"${region.name}" cannot be a name of a person.`)
      const around = (one: { readonly box: Box }) => mostOverlapping(taken, one.box, sameFaceIou)
      const free = analysis.faces.filter((one) => around(one) === undefined)
      const found = faceInBox(free, region.box)
      // What is left there is the face of another name.
      if (found === undefined && faceInBox(taken, region.box) !== undefined) {
        throw new VisorError('conflict', `The photo gives the face of ${name.data} another name, too.`)
      }
      const face = found ?? (await embedBox(path, region.box, analyser, options))
      taken.push(face)
      const conflict = decidedOtherwise(standingOf(known, face.box, ids.get(name.data), domain), name.data)
      if (conflict !== undefined) throw conflict
      const context = contextOf(options, `Imported ${name.data}`)
      const personId = await written(
        options,
        gallery.addPerson(clientId, domain, name.data, { aliases: [] }, context),
      )
      ids.set(name.data, personId)
      const assignment = {
        person: { personId },
        photo: { ...analysis, path },
        face,
        source: 'imported',
      } as const
      const value = await written(
        options,
        gallery.assignFaces(clientId, domain, modelId, [assignment], context),
      )
      if (value[0]?.outcome === 'already-there') report.alreadyThere += 1
      else {
        report.faces += 1
        if (face.score === 0) report.byBox += 1
      }
      imported.push(name.data)
    } catch (cause) {
      skip(report, path, cause)
    }
  }
  return imported
}

/** The face in a box that the detector saw nobody in. */
async function embedBox(
  path: string,
  box: Box,
  analyser: Analyser,
  { signal }: ImportOptions,
): Promise<EmbeddedFace> {
  const params = { source: { path }, flip: false, boxes: [box] }
  const { faces } = await analyser.embedBoxes({ params }, deadline(signal))
  return faces[0]!
}

function analyse(path: string, analyser: Analyser, { signal }: ImportOptions): Promise<AnalyseResult> {
  const params = { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: true }
  return analyser.run({ params }, deadline(signal))
}

function deadline(signal: AbortSignal | undefined) {
  return { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) }
}

/** The sidecar of a photo, named as digiKam and darktable do (`a.jpg.xmp`) or as Lightroom does (`a.xmp`). */
async function sidecarOf(path: string): Promise<string | undefined> {
  const stem = path.slice(0, path.length - extname(path).length)
  for (const candidate of [`${path}.xmp`, `${stem}.xmp`]) {
    try {
      return (await readLimited(candidate, longestXmp)).toString('utf8')
    } catch (error) {
      if (!hasCode(error, 'file-missing')) throw error
    }
  }
  return undefined
}
