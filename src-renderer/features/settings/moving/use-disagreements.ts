/** The disagreements that are looked at, newest first, asked for page by page. Renderer. */
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Disagreement, DisagreementCause } from '../../../../src-shared/dual'
import { request } from '../../../api'
import { useActions } from '../../../state/use-visor'
import { askedOf, keyOf, type Looked } from './comparison-query'

const pageSize = 100

interface Listed {
  readonly key: string
  readonly total: number
  readonly some: readonly Disagreement[]
}

/** `amount`: how many there are by now, so that new ones are asked for. */
export function useDisagreements(looked: Looked, cause: DisagreementCause | null, amount: number) {
  const { attempt } = useActions()
  const [listed, setListed] = useState<Listed>()
  const asking = useRef(false)
  const key = `${keyOf(looked)} ${cause ?? ''}`
  const ask = async (offset: number) =>
    request('dual.disagreements', {
      ...askedOf(looked).query,
      ...(cause === null ? {} : { cause }),
      offset,
      limit: pageSize,
    })
  const askFirst = useEffectEvent(() => ask(0))
  useEffect(() => {
    let current = amount >= 0
    void attempt(async () => {
      const page = await askFirst()
      if (current) setListed({ key, ...page })
    })
    return () => {
      current = false
    }
  }, [attempt, key, amount])

  function loadMore() {
    if (listed === undefined || asking.current || listed.some.length >= listed.total) return
    asking.current = true
    void attempt(async () => {
      const page = await ask(listed.some.length)
      const known = new Set(listed.some.map(({ runId }) => runId))
      const further = page.some.filter(({ runId }) => !known.has(runId))
      setListed({ key, total: page.total, some: [...listed.some, ...further] })
    }).finally(() => {
      asking.current = false
    })
  }

  return { listed: listed?.key === key ? listed : undefined, loadMore }
}
