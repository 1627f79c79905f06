/** What others did to the same people, as a held edit tells it in its detail: a line a change. Pure. Renderer. */

export interface SideChange {
  /** ISO 8601. */
  readonly at: string
  readonly actor: string
  readonly summary: string
}

const line = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) · (.*?) · (.+)$/

/** Of {@link refuseChangedSince} in the store; other details give nothing. */
export function changesOf(detail: string | undefined): readonly SideChange[] {
  return (detail ?? '').split('\n').flatMap((text) => {
    const [, at, actor, summary] = line.exec(text) ?? []
    return at === undefined ? [] : [{ at, actor: actor!, summary: summary! }]
  })
}
