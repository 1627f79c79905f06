/** `visor export` and `visor import`: people that leave a gallery as a folder, and come into one. */
import { resolve } from 'node:path'
import type { PersonId } from '../../src-shared/ids'
import { newBatch } from '../services/batch'
import { type ExportOptions, exportGallery } from '../services/exchange/export-gallery'
import { importFolder } from '../services/exchange/import-folder'
import type { ImportOptions, ImportReport } from '../services/exchange/import-gallery'
import type { GalleryStore } from '../storage/gallery-store'
import type { Engine } from './engine'
import type { Output } from './output'

type Skipped = Readonly<ImportReport['skipped']>

export async function exportPeople(
  gallery: GalleryStore,
  folder: string,
  options: ExportOptions & { readonly personIds: readonly PersonId[] | null },
  output: Output,
): Promise<void> {
  const onProgress = progressTo(output)
  const report = await exportGallery(folder, gallery, { ...options, onProgress })
  output.endProgress()
  const { persons, photos, faces, skipped } = report
  const text = `Exported ${persons} people with ${faces} faces to ${report.folder}.`
  output.answer(
    { folder: report.folder, persons, photos, faces, skipped },
    [text, ...lines(skipped)].join('\n'),
  )
}

/**
 * Imports a folder that was exported, or photos with names in them.
 *
 * @param withEngine starts the vision process, which an export needs only where a model is another one
 */
export async function importPeople(
  gallery: GalleryStore,
  folder: string,
  options: ImportOptions,
  withEngine: <T>(work: (engine: Engine) => Promise<T>) => Promise<T>,
  output: Output,
): Promise<void> {
  const partOf = newBatch(`Imported people into ${options.domain}`)
  const own = { ...options, partOf, onProgress: progressTo(output) }
  const report = await importFolder(
    resolve(folder),
    gallery,
    (work) => withEngine(({ photos }) => work(photos)),
    own,
  )
  output.endProgress()
  const { persons, faces, rejects, alreadyThere, byBox, skipped } = report
  const text = `Imported ${persons} people with ${faces} new faces. ${alreadyThere} were there already.`
  const unseen = `${byBox} of the faces were seen by nobody but the photo: they are known by their boxes alone.`
  output.answer(
    { persons, faces, rejects, already_there: alreadyThere, by_box: byBox, skipped },
    [text, ...(byBox === 0 ? [] : [unseen]), ...lines(skipped)].join('\n'),
  )
}

function progressTo(output: Output) {
  return ({ done, total, detail }: { done: number; total: number; detail: string }) =>
    output.progress(`${done} of ${total}  ${detail}`)
}

function lines(skipped: Skipped): string[] {
  return skipped.map(({ path, reason }) => `  skipped ${path}: ${reason}`)
}
