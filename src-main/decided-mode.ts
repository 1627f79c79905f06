/** A move that was decided and not yet carried into the settings when Visor was killed. Main, command line. */
import type { SettingsFile } from './services/settings-file'
import type { LocalStore } from './storage/threads/local-store'

/** The database knows: it was decided there, in one transaction with the ledger. */
export async function goByDecision(
  local: Pick<LocalStore, 'dual'>,
  settings: Pick<SettingsFile, 'current' | 'update' | 'flush'>,
): Promise<void> {
  const { decided, pairings } = await local.dual.standing()
  if (decided === null || pairings.length === 0 || settings.current.storeMode === decided) return
  settings.update({ storeMode: decided })
  await settings.flush()
}
