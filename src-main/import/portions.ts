/** Rows in portions of a size that can be sent. Import worker thread. */
import { type Portion, portionRows, type SourceRow } from './source'

/** Photos in one portion, bytes at most; one photo may be larger. */
const portionImageBytes = 16 * 1024 * 1024

/** Portions of at most {@link portionRows} rows from `from` on, whatever the sizes in which they come. */
export async function* portions(
  batches: AsyncIterable<readonly SourceRow[]> | Iterable<readonly SourceRow[]>,
  from: number,
): AsyncGenerator<Portion<SourceRow>, void, void> {
  let waiting: SourceRow[] = []
  let imageBytes = 0
  const portion = (): Portion<SourceRow> => {
    const rows = waiting
    waiting = []
    imageBytes = 0
    return { from: rows[0]?.position ?? from, rows }
  }
  for await (const batch of batches) {
    for (const row of batch) {
      if (row.position < from) continue
      waiting.push(row)
      imageBytes += row.image?.byteLength ?? 0
      if (waiting.length === portionRows || imageBytes >= portionImageBytes) yield portion()
    }
  }
  if (waiting.length > 0) yield portion()
}
