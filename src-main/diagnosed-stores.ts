/** The stores as a diagnosis looks at them. Main, command line. */
import type { ServerConnection } from '../src-shared/server'
import { type DiagnosedStore, diagnosisLimits } from './services/diagnostics/diagnose'
import { openDiagnostics } from './storage/diagnostics/open-diagnostics'
import { openServerStore } from './storage/threads/server-store'

const statementTimeoutMs = diagnosisLimits.longMs - 5000

interface ServerToDiagnose {
  readonly connection: ServerConnection
  readonly password: string | undefined
  /** For people. */
  readonly place: string
  readonly builtFolder: string
}

/** A server, searched through a store of the diagnosis's own: what answers is the server, not a cache. */
export function serverToDiagnose({
  connection,
  password,
  place,
  builtFolder,
}: ServerToDiagnose): DiagnosedStore {
  const login = password === undefined ? {} : { password }
  return {
    diagnosed: 'server',
    place,
    database: openDiagnostics(
      { kind: 'postgres', connection, ...login },
      { builtFolder, statementTimeoutMs },
    ),
    openGallery: async () => {
      const store = await openServerStore({ connection, ...login, builtFolder, threads: 1 })
      return { ...store.gallery, close: () => store.close() }
    },
  }
}

interface FolderToDiagnose {
  readonly folder: string
  readonly builtFolder: string
  readonly openGallery: DiagnosedStore['openGallery']
}

/** The store of a data folder. */
export function folderToDiagnose({ folder, builtFolder, openGallery }: FolderToDiagnose): DiagnosedStore {
  return {
    diagnosed: 'local',
    place: folder,
    database: openDiagnostics({ kind: 'sqlite', folder }, { builtFolder, statementTimeoutMs }),
    openGallery,
  }
}
