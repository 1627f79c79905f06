/** The one list of commands that keys, palette, overlay and native menu share. Pure. Renderer. */
import { mayDo, type Right } from '../state/rights'
import type { State } from '../state/store'

/** In the order in which palette and overlay list them. */
export const commandGroups = [
  'Photos',
  'Face',
  'Boxes',
  'While a box is drawn',
  'View',
  'People',
  'Photo of a person',
  'Galleries',
  'Review',
  'Moving over',
  'Window',
] as const
export type CommandGroup = (typeof commandGroups)[number]

export interface Command {
  readonly id: string
  /** What it does, as the palette and the overlay say it. */
  readonly title: string
  readonly group: CommandGroup
  /** Names of keys, the first is the one that is shown; see `keys.ts`. */
  readonly keys: readonly string[]
  /** Words the palette finds it by, besides its title. */
  readonly keywords?: string
  /** Not in the palette: it makes sense by its key only. */
  readonly keyOnly?: boolean
  /** Not in the overlay of keys: one of its kind stands there for all. */
  readonly unlisted?: boolean
  /** How the overlay says it, where it stands there for all of its kind. */
  readonly listedAs?: { readonly title: string; readonly keys: readonly string[] }
  /** What it takes; absent: everybody's. */
  readonly right?: Right
  /** Whether it can be done now; absent = always. */
  readonly enabled?: (state: State) => boolean
  readonly run: () => void
}

/** The command of a key that can be done now. Where several have the key, the first enabled one. */
export function commandFor(commands: readonly Command[], key: string, state: State): Command | undefined {
  return commands.find((command) => command.keys.includes(key) && isEnabled(command, state))
}

export function isEnabled(command: Command, state: State): boolean {
  if (command.right !== undefined && !mayDo(state, command.right)) return false
  return command.enabled?.(state) ?? true
}
