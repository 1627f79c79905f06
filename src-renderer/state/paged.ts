/**
 * A long list of which only the pages that were looked at are here. It answers one query; the answer to the next takes
 * its place when its first page arrives, so that typing never empties the screen. Pure. Renderer.
 */

interface Page<T> {
  readonly items: readonly T[]
  /** The round it was asked in; pages of an earlier round are shown, and asked for again once they are in view. */
  readonly round: number
}

export interface Paged<T> {
  /** What it is the answer to; `null` before the first. */
  readonly query: string | null
  /** Length of the whole list; `undefined` before the first answer. */
  readonly total: number | undefined
  readonly pages: ReadonlyMap<number, Page<T>>
}

export const itemsPerPage = 120

export const noPages: Paged<never> = { query: null, total: undefined, pages: new Map<number, Page<never>>() }

export interface Answer<T> {
  readonly query: string
  readonly round: number
  readonly page: number
  readonly total: number
  readonly items: readonly T[]
}

/** With one page that came. Pages of another query go. */
export function withAnswer<T>(before: Paged<T>, { query, round, page, total, items }: Answer<T>): Paged<T> {
  const pages = new Map(before.query === query ? before.pages : [])
  pages.set(page, { items, round })
  const lastPage = Math.ceil(total / itemsPerPage) - 1
  for (const number of pages.keys()) if (number > lastPage && number !== page) pages.delete(number)
  return { query, total, pages }
}

/** The pages to ask for so that the places `first` … `last` are those of this query and round. */
export function missingPages(
  { query, pages }: Paged<unknown>,
  wanted: { readonly query: string; readonly round: number },
  first: number,
  last: number,
): number[] {
  const missing: number[] = []
  for (let page = pageOf(first); page <= pageOf(last); page += 1) {
    if (query !== wanted.query || pages.get(page)?.round !== wanted.round) missing.push(page)
  }
  return missing
}

/** What is at a place, once its page is here. */
export function itemAt<T>({ pages }: Paged<T>, place: number): T | undefined {
  return pages.get(pageOf(place))?.items[place % itemsPerPage]
}

/** The first place of the pages here that holds what is looked for. */
export function placeOf<T>({ pages }: Paged<T>, isIt: (item: T) => boolean): number | undefined {
  for (const [page, { items }] of pages) {
    const index = items.findIndex(isIt)
    if (index >= 0) return page * itemsPerPage + index
  }
  return undefined
}

function pageOf(place: number): number {
  return Math.floor(Math.max(place, 0) / itemsPerPage)
}
