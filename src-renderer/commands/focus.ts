/** Moves the keyboard's focus between panes. Panes carry `data-pane`; the part that takes the focus, `data-pane-focus`. Renderer. */

/** Focuses a pane by its name, or the one after or before the pane that has the focus. */
export function focusPane(target: 'next' | 'previous' | (string & {})): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
  if (target !== 'next' && target !== 'previous') {
    focusInside(panes.find((pane) => pane.dataset.pane === target))
    return
  }
  const stops = panes.filter((pane) => pane.dataset.paneStop !== 'no')
  const here = stops.findIndex((pane) => pane.contains(document.activeElement))
  const step = target === 'next' ? 1 : -1
  const next = here < 0 ? 0 : (here + step + stops.length) % stops.length
  focusInside(stops[next])
}

function focusInside(pane: HTMLElement | undefined): void {
  const part = pane?.matches('[data-pane-focus]')
    ? pane
    : pane?.querySelector<HTMLElement>('[data-pane-focus]')
  const element = part ?? pane
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
}
