/** Requests that export people and import them. Runs in main. */

import { basename } from 'node:path'
import { count, counted } from '../../../src-shared/amounts'
import type { LedgerId } from '../../../src-shared/ids'
import { newBatch } from '../../services/batch'
import { exportGallery } from '../../services/exchange/export-gallery'
import { importFolder } from '../../services/exchange/import-folder'
import { safeName } from '../../services/exchange/safe-names'
import type { Handlers } from '../register'
import { acting } from './acting'
import type { Services } from './services'

export function exchangeHandlers(services: Services) {
  const { gallery, jobs, desktop, packs, settings, photos, actor } = services
  const { doneTogether } = acting(services)
  return {
    'gallery.exportPeople': async ({ clientId, domain, personIds, names, ...wanted }) => {
      const folder = await desktop.chooseNewFolder('Export People', `${safeName(domain ?? clientId)} export`)
      if (folder === undefined) return null
      const who =
        personIds === undefined ? (domain ?? 'all domains') : counted(personIds.length, 'person', 'people')
      return jobs.start(
        'export',
        `Exporting ${who} to ${basename(folder)}`,
        'people',
        async ({ signal, progress }) => {
          const report = await exportGallery(folder, gallery, {
            clientId,
            domain,
            personIds: personIds ?? null,
            photos: wanted.photos,
            names: names ? 'write' : 'none',
            replace: false,
            signal,
            onProgress: progress,
          })
          const outcome = `Exported ${counted(report.persons, 'person', 'people')} with ${counted(report.photos, 'photo')} to ${basename(folder)}.`
          return { outcome, skipped: report.skipped }
        },
      )
    },
    'gallery.importPeople': async ({ clientId, domain }) => {
      const folder = await desktop.chooseFolder('Import People')
      if (folder === undefined) return null
      return jobs.start(
        'import',
        `Importing ${basename(folder)} into ${domain}`,
        'people',
        async ({ signal, progress }) => {
          const written: LedgerId[] = []
          const batch = newBatch(`Imported people into ${domain}`)
          const modelId = packs.modelIdOf(packs.pack(settings.current.modelPack))
          try {
            const { persons, faces, alreadyThere, byBox, skipped } = await importFolder(
              folder,
              gallery,
              (work) => work(photos),
              {
                clientId,
                domain,
                actor,
                modelId,
                signal,
                onProgress: progress,
                partOf: batch,
                onWritten: (ledgerId) => written.push(ledgerId),
              },
            )
            const sentences = [
              `Imported ${counted(persons, 'person', 'people')} with ${counted(faces, 'new face')}.`,
              ...(alreadyThere === 0
                ? []
                : [`${count(alreadyThere)} ${alreadyThere === 1 ? 'was' : 'were'} there already.`]),
              ...(byBox === 0
                ? []
                : [
                    `${count(byBox)} ${byBox === 1 ? 'is known by its box' : 'are known by their boxes'} alone.`,
                  ]),
            ]
            return { outcome: sentences.join(' '), skipped }
          } finally {
            // What came before it was cancelled stays.
            doneTogether(clientId, batch, written)
          }
        },
      )
    },
  } satisfies Partial<Handlers>
}
