/** What was done in a client or to a person, newest first, asked for page by page. Renderer. */
import { useRef, useState } from 'react'
import type { LedgerEntry } from '../../../src-shared/gallery'
import type { ClientId, PersonId } from '../../../src-shared/ids'
import { request } from '../../api'
import { useGalleryAnswer } from '../../state/use-gallery-answer'
import { useActions } from '../../state/use-visor'

export interface History {
  /** `undefined` until the first answer. */
  readonly entries: readonly LedgerEntry[] | undefined
  readonly loadMore: () => void
}

const pageSize = 200
const nothing: readonly LedgerEntry[] = []

export function useHistory(clientId: ClientId, personId?: PersonId): History {
  const { attempt } = useActions()
  const about = personId === undefined ? { clientId } : { clientId, personId }
  const newest = useGalleryAnswer(`${clientId} ${personId ?? ''}`, () =>
    request('gallery.history', { ...about, limit: pageSize }),
  )
  // Older pages belong to the newest one they were asked after: a change to the galleries starts anew.
  const [older, setOlder] = useState({ newest, entries: nothing, ended: false })
  const asking = useRef(false)
  const { entries: rest, ended } =
    older.newest === newest ? older : { entries: nothing, ended: (newest?.length ?? 0) < pageSize }
  const entries = newest === undefined ? undefined : rest.length === 0 ? newest : [...newest, ...rest]

  function loadMore() {
    const last = entries?.at(-1)
    if (last === undefined || ended || asking.current) return
    asking.current = true
    void attempt(async () => {
      const page = await request('gallery.history', { ...about, before: last.sequence, limit: pageSize })
      setOlder({ newest, entries: [...rest, ...page], ended: page.length < pageSize })
    }).finally(() => {
      asking.current = false
    })
  }

  return { entries, loadMore }
}
