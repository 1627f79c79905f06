/** All that a source gives, for tests. */
import { Inspector } from '../../../src-main/import/inspector'
import { openReader } from '../../../src-main/import/open-reader'
import { portions } from '../../../src-main/import/portions'
import type { SourceRow } from '../../../src-main/import/source'
import { defaultPersonRule, type Inspection, type SourceSpec } from '../../../src-shared/import'

export interface ReadSource {
  readonly rows: readonly SourceRow[]
  readonly inspection: Inspection
}

export const specOf = (path: string, more: Partial<SourceSpec> = {}): SourceSpec => ({
  place: { at: 'path', path },
  kind: null,
  personRule: defaultPersonRule,
  mapping: null,
  ...more,
})

/** Reads a source in this thread. */
export async function readAll(
  spec: SourceSpec,
  { withImages, password }: { withImages?: boolean; password?: string } = {},
): Promise<ReadSource> {
  const reader = await openReader(spec, password)
  try {
    const rows: SourceRow[] = []
    const inspector = new Inspector()
    for await (const portion of portions(reader.batches({ withImages: withImages ?? false }), 0)) {
      for (const row of portion.rows) {
        rows.push(row)
        inspector.add(row)
      }
    }
    return { rows, inspection: inspector.result(reader.kind, await reader.facts()) }
  } finally {
    await reader.close()
  }
}
