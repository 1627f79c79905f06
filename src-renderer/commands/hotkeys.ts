/** Runs commands by their keys, and those the native menu asks for. Never while something is typed. Renderer. */
import { on } from '../api'
import type { Store } from '../state/store'
import { belongsToFocus, type Focus, keyName } from './keys'
import { isMac } from './platform'
import { type Command, commandFor, isEnabled } from './registry'

/** Listens until the returned function is called. */
export function listenForCommands(store: Store, commands: readonly Command[]): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    // What had the key is gone by now: it was closed by it.
    if (event.target instanceof Node && !event.target.isConnected) return
    const name = keyName(event, isMac)
    if (belongsToFocus(name, focusOf(event.target))) return
    const command = commandFor(commands, name, store.getState())
    if (command === undefined || (event.repeat && !repeats(name))) return
    event.preventDefault()
    command.run()
  }
  window.addEventListener('keydown', onKey)
  const stopMenu = on('command', (id) => {
    const command = commands.find((candidate) => candidate.id === id)
    if (command !== undefined && isEnabled(command, store.getState())) command.run()
  })
  return () => {
    window.removeEventListener('keydown', onKey)
    stopMenu()
  }
}

/** Held down, only moving repeats: an act is one press. */
function repeats(name: string): boolean {
  return /Arrow|Page|^[+=-]$/.test(name)
}

const capturing = '[role="dialog"], [role="menu"], [role="alertdialog"], [data-captures-keys]'

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement)) {
    return { tag: '', type: '', role: '', editable: false, captured: false }
  }
  return {
    tag: target.tagName.toLowerCase(),
    type: target instanceof HTMLInputElement ? target.type : '',
    role: target.getAttribute('role') ?? '',
    editable: target.isContentEditable,
    captured: target.closest(capturing) !== null,
  }
}
