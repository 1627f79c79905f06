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
  /** Whether it can be done now; absent = always. */
  readonly enabled?: (state: State) => boolean
  readonly run: () => void
}

/** The command of a key that can be done now. Where several have the key, the first enabled one. */
export function commandFor(commands: readonly Command[], key: string, state: State): Command | undefined {
  return commands.find((command) => command.keys.includes(key) && isEnabled(command, state))
}

export function isEnabled(command: Command, state: State): boolean {
  const right = rightOf[command.id]
  if (right !== undefined && !mayDo(state, right)) return false
  return command.enabled?.(state) ?? true
}

const of = (right: Right, ...ids: readonly string[]) => ids.map((id) => [id, right] as const)

/** What the commands that change people take, by id; the others are everybody's. */
export const rightOf: Readonly<Record<string, Right | undefined>> = Object.fromEntries([
  ...of('curate', 'draw-box', 'edit-box', 'name-face', 'delete-face', 'undo'),
  ...of('curate', 'confirm', 'reject', 'mirror', 'new-person', 'add-person'),
  ...of('curate', 'enrolment-accept', 'enrolment-why', 'enrolment-reject', 'enrolment-give'),
  ...of(
    'curate',
    'rename-person',
    'add-photos',
    'merge-people',
    'move-people',
    'tag-people',
    'delete-people',
  ),
  ...of('curate', 'enrol-folder', 'import-people', 'create-domain', 'install-samples', 'remove-samples'),
  ...of('curate', 'health-anew', 'ignore-group', 'name-group', 'take-faces-out'),
  ...of('curate', 'accept-suggestion', 'reject-suggestion', 'accept-suggestions'),
  ...of('erase', 'erase-people', 'erase-client', 'finish-erasures'),
])
