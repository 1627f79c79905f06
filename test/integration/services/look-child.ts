/**
 * A process that looks at the photos of an import, for tests that kill it: `FOLDER RUN PHOTOS`. Says `seen` once a look's photos are
 * written, and then never keeps which faces were found. Electron's Node, built beside `store.js`.
 */
import { Imports } from '../../../src-main/services/import/imports'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { importRunIdSchema } from '../../../src-shared/ids'
import { lookerAt, MadeSource } from '../../fixtures/made-source'
import { facesOf, rowsOf } from './look-rows'

const [folder, run, photos] = process.argv.slice(2) as [string, string, string]
const store = await openLocalStore({ folder, builtFolder: import.meta.dirname, threads: 1 })

function saysAndWaits(): Promise<never> {
  process.stdout.write('seen\n')
  return new Promise(() => undefined)
}

const imports = new Imports({
  target: { ...store, imports: { ...store.imports, noteLook: saysAndWaits } },
  openSource: async () => new MadeSource(rowsOf(photos)),
  openGallery: () => Promise.reject(new Error('There is none.')),
  openLooker: lookerAt(facesOf(photos)),
  actor: 'child',
})
await imports.look(importRunIdSchema.parse(run), null)
