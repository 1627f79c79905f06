/** How wide the panes beside the loupe may be in a window of a given width. Pure. Renderer. */

interface PaneWidths {
  readonly queue: number
  readonly inspector: number
}

export const loupeMinPx = 380
/** The least each pane works with. */
export const leastPx: PaneWidths = { queue: 200, inspector: 300 }
/** The most that is remembered. */
export const mostPx = 900

/**
 * The widths wanted, narrowed until the loupe has its least width: each pane gives in proportion to what it has above
 * its own least. CSS pixels.
 */
export function fitPanes(wanted: PaneWidths, totalPx: number): PaneWidths {
  const missing = Math.max(wanted.queue + wanted.inspector + loupeMinPx - totalPx, 0)
  const slackQueue = Math.max(wanted.queue - leastPx.queue, 0)
  const slackInspector = Math.max(wanted.inspector - leastPx.inspector, 0)
  const share = Math.min(missing / Math.max(slackQueue + slackInspector, 1), 1)
  return {
    queue: Math.round(wanted.queue - slackQueue * share),
    inspector: Math.round(wanted.inspector - slackInspector * share),
  }
}
