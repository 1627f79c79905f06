/** Imports a folder, whatever kind it is: one that was exported, or photos that say who is in them. Main and the command line. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { VisorError } from '../../../src-shared/errors'
import type { PhotoRunner } from '../../host/photo-runner'
import type { GalleryStore } from '../../storage/gallery-store'
import { type ImportOptions, type ImportReport, importGallery } from './import-gallery'
import { embedImported, importNamedPhotos } from './import-names'
import { manifestName } from './manifest'

type Analyser = Pick<PhotoRunner, 'run' | 'embedBoxes'>

/**
 * @param withAnalyser starts the vision process, which an export needs only where its faces are of another model
 *
 * Raises `file-missing` (no such folder), and what {@link importGallery} and {@link importNamedPhotos} raise.
 */
export async function importFolder(
  root: string,
  gallery: GalleryStore,
  withAnalyser: <T>(work: (analyser: Analyser) => Promise<T>) => Promise<T>,
  options: ImportOptions,
): Promise<ImportReport> {
  await access(root).catch((cause: unknown) => {
    throw new VisorError('file-missing', 'The folder is not there, or cannot be opened.', {
      cause,
      consequence: 'Nothing was imported.',
      detail: root,
    })
  })
  if (!(await isExport(root))) {
    return withAnalyser((analyser) => importNamedPhotos(root, gallery, analyser, options))
  }
  const { report, toEmbed } = await importGallery(root, gallery, options)
  if (toEmbed.length > 0) {
    await withAnalyser((analyser) => embedImported(toEmbed, gallery, analyser, options, report))
  }
  return report
}

async function isExport(root: string): Promise<boolean> {
  return access(join(root, manifestName)).then(
    () => true,
    () => false,
  )
}
