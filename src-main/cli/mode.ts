/** `visor mode`: where the galleries are that commands work on, and why there. Runs on the command line. */
import { placeOf, type ServerConnection } from '../../src-shared/server'
import type { Settings } from '../../src-shared/settings'
import type { StoreMode } from '../../src-shared/store-mode'
import type { Output } from './output'
import { type NamedServer, namedServer } from './server-option'

/** What decides the mode of a run, strongest first. */
const reasons = {
  option: 'because --postgres names a server, for this run',
  environment: 'because VISOR_POSTGRES_URL names a server',
  settings: 'because the settings say so',
} as const
export type ModeReason = keyof typeof reasons

/** The mode of this run. */
export interface ModeOfRun extends NamedServer {
  readonly mode: StoreMode
  readonly why: ModeReason
}

/** `option`: what stood after `--postgres`. Raises `invalid-argument`. */
export function modeOfRun(
  option: string | undefined,
  { storeMode, server }: Pick<Settings, 'storeMode' | 'server'>,
  environment: NodeJS.ProcessEnv = process.env,
): ModeOfRun {
  const named = namedServer(option, server, environment)
  if (option !== undefined) return { ...named, mode: 'server', why: 'option' }
  if (environment.VISOR_POSTGRES_URL) return { ...named, mode: 'server', why: 'environment' }
  return { ...named, mode: storeMode, why: 'settings' }
}

/** Prints the mode; with `explain` also why it is that. */
export function tellMode(
  { mode, why, connection }: Pick<ModeOfRun, 'mode' | 'why'> & { readonly connection: ServerConnection },
  explain: boolean,
  output: Output,
): void {
  const place = mode === 'local' ? undefined : placeOf(connection)
  output.answer(
    { mode, ...(place === undefined ? {} : { server: place }), ...(explain ? { why } : {}) },
    `${mode}${place === undefined ? '' : `, ${place}`}${explain ? `, ${reasons[why]}` : ''}`,
  )
}
