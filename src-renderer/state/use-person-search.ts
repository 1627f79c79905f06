/** People of the client by part of their name, asked for as one types. Renderer. */
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { PersonSummary } from '../../src-shared/gallery'
import type { Domain } from '../../src-shared/ids'
import { request } from '../api'
import { useActions, useVisor } from './use-visor'

interface PersonsFound {
  readonly persons: readonly PersonSummary[]
  readonly total: number
  /** Whether there has been an answer. */
  readonly loaded: boolean
}

const nobody: PersonsFound = { persons: [], total: 0, loaded: false }
const limit = 50

/** `domain` `null` = every domain of the client; nothing is asked while `wanted` is false. */
export function usePersonSearch(text: string, domain: Domain | null, wanted: boolean): PersonsFound {
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { attempt } = useActions()
  const [asked] = useDebouncedValue(text, 120)
  const [found, setFound] = useState(nobody)
  useEffect(() => {
    if (!wanted) return
    let current = true
    void attempt(async () => {
      const answer = await request('gallery.persons', {
        clientId,
        domain,
        text: asked,
        sort: 'name',
        flags: [],
        tag: null,
        offset: 0,
        limit,
      })
      if (current) setFound({ ...answer, loaded: true })
    })
    return () => {
      current = false
    }
  }, [clientId, domain, asked, wanted, attempt])
  return wanted ? found : nobody
}
