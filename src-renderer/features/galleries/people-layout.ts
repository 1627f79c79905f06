/** Where people lie in the grid or list, and which of them a frame holds. Pure. Renderer. */

/** In CSS pixels of the scrolled contents. */
export interface PeopleLayout {
  readonly columns: number
  readonly cell: { readonly width: number; readonly height: number }
  readonly paddingPx: number
  readonly total: number
}

/** Corners of a frame, in CSS pixels of the scrolled contents. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const gridCellPx = { width: 128, height: 168 }
const listRowPx = 44
const gridPaddingPx = 12

/** `widthPx` is the inner width of the scrolled part; the columns share it. */
export function peopleLayout(kind: 'grid' | 'list', widthPx: number, total: number): PeopleLayout {
  if (kind === 'list') {
    return { columns: 1, cell: { width: widthPx, height: listRowPx }, paddingPx: 0, total }
  }
  const room = Math.max(widthPx - 2 * gridPaddingPx, 0)
  const columns = Math.max(Math.floor(room / gridCellPx.width), 1)
  const cell = { width: room / columns, height: gridCellPx.height }
  return { columns, cell, paddingPx: gridPaddingPx, total }
}

/** The frame between where the pointer went down and where it is. */
export function frameBetween(
  start: { readonly x: number; readonly y: number },
  end: { readonly x: number; readonly y: number },
): Frame {
  return {
    left: Math.min(start.x, end.x),
    top: Math.min(start.y, end.y),
    right: Math.max(start.x, end.x),
    bottom: Math.max(start.y, end.y),
  }
}

/** The places that a frame touches, in the order of the list. */
export function placesInFrame(frame: Frame, { columns, cell, paddingPx, total }: PeopleLayout): number[] {
  if (cell.width <= 0) return []
  const at = (px: number, cellPx: number) => Math.floor((px - paddingPx) / cellPx)
  const firstColumn = Math.max(at(frame.left, cell.width), 0)
  const lastColumn = Math.min(at(frame.right, cell.width), columns - 1)
  const firstRow = Math.max(at(frame.top, cell.height), 0)
  const lastRow = Math.min(at(frame.bottom, cell.height), Math.ceil(total / columns) - 1)
  const places: number[] = []
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const place = row * columns + column
      if (place < total) places.push(place)
    }
  }
  return places
}
