/** Requests that move another system's faces over. Runs in main. */
import { triedRejectsTold } from '../../../src-shared/requests/import'
import { reasonsOf, writeReport } from '../../services/import/import-report'
import { tryRule } from '../../services/import/try-rule'
import type { Handlers } from '../register'
import type { Services } from './services'

const titles = {
  file: 'Choose the File of a Legacy System',
  folder: 'Choose a Folder to Import',
  'person-list': 'Choose a CSV File of Paths and People',
} as const

export function importHandlers({ importDesk, imports, desktop }: Services) {
  return {
    'import.choose': async ({ what }) => {
      const title = titles[what]
      const path = await (what === 'folder' ? desktop.chooseFolder(title) : desktop.chooseFile(title))
      if (path === undefined) return null
      importDesk.choose(path)
      return path
    },
    'import.takePath': ({ path }) => importDesk.choose(path),
    'import.tryRule': ({ rule, paths }) => tryRule(rule, paths),
    'import.inspect': (asked) => importDesk.inspect(asked),
    'import.checkModel': ({ folder, ...asked }) => importDesk.checkModel(asked, folder),
    'import.tryOut': async (asked) => {
      const { read, imported, alreadyThere, rejected, rejects } = await importDesk.tryOut(asked)
      const told = rejects.slice(0, triedRejectsTold)
      return { read, imported, alreadyThere, rejected, reasons: reasonsOf(rejects), rejects: told }
    },
    'import.stopLooking': () => importDesk.stopLooking(),
    'import.run': (asked) => importDesk.run(asked),
    'import.resume': ({ runId, password }) => importDesk.resume(runId, password),
    'import.pause': ({ runId }) => importDesk.pause(runId),
    'import.cancel': ({ runId }) => importDesk.cancel(runId),
    'import.validate': ({ runId, password }) => importDesk.validate(runId, password),
    'import.unseen': ({ runId }) => importDesk.unseen(runId),
    'import.look': ({ runId, folder, password }) => importDesk.look(runId, folder, password),
    'import.unfound': async ({ runId, ...page }) => {
      const { total, unfound } = await imports.unfound(runId, page)
      return { total, unfound: [...unfound] }
    },
    'import.undo': ({ runId }) => importDesk.undo(runId),
    'import.copyToServer': ({ clientId }) => importDesk.copyToServer(clientId),
    'import.runs': ({ clientId }) => importDesk.runs(clientId),
    'import.rejects': async ({ runId, ...page }) => {
      const { total, rejects } = await imports.rejects(runId, page)
      return { total, rejects: [...rejects] }
    },
    'import.saveReport': async ({ runId, format }) => {
      const report = await importDesk.report(runId)
      const day = report.run.startedAt.slice(0, 10)
      const path = await desktop.chooseSave(`visor-import-${day}.${format}`, format)
      if (path === undefined) return null
      await writeReport(path, report, format)
      return path
    },
  } satisfies Partial<Handlers>
}
