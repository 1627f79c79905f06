/** Keys as names (`Mod+K`, `Shift+ArrowDown`, `?`), and whose they are while something has the focus. Pure. Renderer. */

/** What of a keyboard event says which key was pressed. */
interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/**
 * The name of a key press. `Mod` is Ctrl, or Command on macOS. Letters are upper-case; Shift is named only where the
 * character does not already say it (`?` is `?`, not `Shift+/`).
 */
export function keyName(press: KeyPress, mac: boolean): string {
  const { key } = press
  const named = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  const shiftSays = key.length === 1 && key !== ' ' && key.toLowerCase() === key.toUpperCase()
  const mod = mac ? press.metaKey : press.ctrlKey
  const other = mac ? press.ctrlKey : press.metaKey
  return [
    mod ? 'Mod' : '',
    other ? (mac ? 'Ctrl' : 'Meta') : '',
    press.altKey ? 'Alt' : '',
    press.shiftKey && !shiftSays ? 'Shift' : '',
    named,
  ]
    .filter((part) => part !== '')
    .join('+')
}

const labels: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '⏎',
  Escape: 'Esc',
  Delete: 'Del',
}

/** A key's name as people read it: `Mod+K` → `Ctrl K`, `⌘K` on macOS. */
export function keyLabel(name: string, mac: boolean): string {
  const parts = name === '+' ? ['+'] : name.split(/\+(?=.)/)
  const modifiers: Record<string, string> = mac
    ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' }
    : { Mod: 'Ctrl', Shift: 'Shift', Alt: 'Alt', Meta: 'Meta' }
  return parts.map((part) => modifiers[part] ?? labels[part] ?? part).join(mac ? '' : ' ')
}

/** What has the focus, as far as keys go. */
export interface Focus {
  readonly tag: string
  readonly type: string
  readonly role: string
  readonly editable: boolean
  /** Inside of something that keeps the keys to itself: a dialog, a menu, an open list. */
  readonly captured: boolean
}

const textTypes = new Set(['', 'text', 'search', 'number', 'email', 'password', 'tel', 'url'])
const pressed = new Set(['button', 'link', 'switch', 'checkbox', 'tab', 'menuitem', 'radio', 'option'])
const moved = new Set(['slider', 'separator', 'radio', 'tab', 'spinbutton', 'combobox', 'menuitem', 'option'])

/** Whether the key is the focused thing's own, so that no command may take it. */
export function belongsToFocus(name: string, focus: Focus): boolean {
  const { tag, role } = focus
  const field = tag === 'textarea' || tag === 'select' || (tag === 'input' && textTypes.has(focus.type))
  if (field || focus.editable) return !fromAnywhere.has(name)
  if (focus.captured) return !fromAnywhere.has(name)
  const acts = role !== '' ? pressed.has(role) : pressable(tag, focus.type)
  if (acts && (name === 'Enter' || name === 'Space')) return true
  const steps = role !== '' ? moved.has(role) : tag === 'input' && steppable.has(focus.type)
  return steps && (name.startsWith('Arrow') || name === 'Enter' || name === 'Space')
}

/** Keys that no field uses and that are expected to work while typing. */
const fromAnywhere = new Set(['Mod+K', 'F6', 'Shift+F6', 'Mod+O', 'Mod+Shift+O'])
const steppable = new Set(['radio', 'range'])

function pressable(tag: string, type: string): boolean {
  return tag === 'button' || tag === 'a' || tag === 'summary' || (tag === 'input' && !textTypes.has(type))
}
