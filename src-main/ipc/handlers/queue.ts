/** Requests about the Identify queue. Runs in main. */

import { basename } from 'node:path'
import { v4 as uuid } from 'uuid'
import { count, counted } from '../../../src-shared/amounts'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { ItemId } from '../../../src-shared/ids'
import { passesFilter } from '../../../src-shared/queue'
import { exportAnswers } from '../../services/export'
import { findPhotos } from '../../services/photo-files'
import type { Handlers } from '../register'
import type { Services } from './services'

/** Photos added to the queue in one transaction. */
const addPortion = 500

export function queueHandlers({ queue, jobs, desktop, settings, recentActs }: Services) {
  const addPaths = (paths: readonly string[]) => {
    const title =
      paths.length === 1 ? `Adding ${basename(paths[0]!)}` : `Adding ${count(paths.length)} files and folders`
    return jobs.start('add-files', title, 'photos', async ({ signal, progress }) => {
      let added = 0
      let portion: { path: string }[] = []
      const addPart = async () => {
        await queue.add(portion)
        added += portion.length
        portion = []
        progress({ done: added, total: 0 })
      }
      for await (const { path } of findPhotos(paths, signal)) {
        portion.push({ path })
        if (portion.length === addPortion) await addPart()
      }
      if (portion.length > 0) await addPart()
      if (added === 0) throw new VisorError('not-found', 'There are no photos in what was added.')
      return { outcome: `Added ${counted(added, 'photo')}.` }
    })
  }
  return {
    'queue.open': async ({ kind }) => {
      const paths = await desktop.choosePhotos(kind)
      return paths.length === 0 ? null : addPaths(paths)
    },
    'queue.addPaths': ({ paths }) => addPaths(paths),
    'queue.addPictures': ({ pictures }) => {
      return jobs.start('add-files', 'Adding the pasted picture', 'photos', async () => {
        await queue.add(pictures.map((pasted) => ({ pasted })))
        return { outcome: 'Added the pasted picture.' }
      })
    },
    'queue.snapshot': () => queue.snapshot(),
    'queue.detail': ({ itemId }) => queue.detail(itemId),
    'queue.pause': () => queue.pause(),
    'queue.resume': () => queue.resume(),
    'queue.cancel': ({ itemIds }) => queue.cancel(itemIds),
    'queue.retry': ({ itemIds }) => queue.retry(itemIds),
    'queue.remove': async ({ itemIds }) => {
      const removed = await queue.remove(itemIds)
      const undo = async () => {
        await queue.restore(removed)
        return { summary: `Put back ${counted(removed.length, 'photo')}` }
      }
      recentActs.add({ clientId: settings.current.search.clientId, id: uuid(), undo })
      return { itemIds: removed }
    },
    'queue.restore': ({ itemIds }) => queue.restore(itemIds),
    'queue.revealFile': async ({ itemId }) => {
      const source = await queue.source(itemId)
      if (!('path' in source)) throw new VisorError('not-found', 'A pasted picture has no file.')
      desktop.reveal(source.path)
    },
    'queue.export': async ({ format, filter }) => {
      const items = queue.snapshot().items.filter((item) => passesFilter(item, filter))
      if (items.length === 0)
        throw new VisorError('not-found', 'The list is empty; there is nothing to export.')
      const path = await desktop.chooseSave(
        `visor-${new Date().toISOString().slice(0, 10)}.${format}`,
        format,
      )
      if (path === undefined) return null
      return jobs.start('export', `Exporting to ${basename(path)}`, 'photos', async (context) => {
        const recognitionOf = ({ itemId }: { itemId: ItemId }) =>
          queue.detail(itemId).then(
            ({ recognition }) => recognition,
            (error: unknown) => {
              // Taken out of the queue meanwhile: the others are exported all the same.
              if (hasCode(error, 'not-found')) return undefined
              throw error
            },
          )
        await exportAnswers(path, format, items, recognitionOf, context)
        return { outcome: `Wrote ${counted(items.length, 'photo')} to ${path}.` }
      })
    },
  } satisfies Partial<Handlers>
}
