/**
 * Moves the keyboard's focus. Panes carry `data-pane`, the part of one that takes its focus `data-pane-focus`; what
 * commands go to directly has a name, `data-focus-name`. Renderer.
 */

type FocusName =
  | 'domain'
  | 'queue-filter'
  | 'queue-list'
  | 'people-search'
  | 'people-list'
  | 'person-name'
  | 'review-queue'

export function focusNamed(name: FocusName): void {
  const element = document.querySelector<HTMLElement>(`[data-focus-name="${name}"]`)
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
}

/** Focuses the pane after (1) or before (−1) the one that has the focus; the first where none has. */
export function focusPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
  const here = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[here < 0 ? 0 : (here + step + panes.length) % panes.length]
  const part = next?.querySelector<HTMLElement>('[data-pane-focus]')
  const target = part ?? next
  target?.focus()
}
