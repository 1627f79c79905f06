/** What main answers about the galleries; asked again whenever they change. Renderer. */
import { useEffect, useEffectEvent, useState } from 'react'
import { hasCode } from '../../src-shared/errors'
import { useActions, useVisor } from './use-visor'

/** `key` says what is asked about; `undefined` until the first answer about it. */
export function useGalleryAnswer<T>(key: string, ask: () => Promise<T>): T | undefined {
  const { attempt } = useActions()
  const round = useVisor((state) => state.galleriesRound)
  const [answer, setAnswer] = useState<{ readonly key: string; readonly round: number; readonly value: T }>()
  const askNow = useEffectEvent(ask)
  useEffect(() => {
    let current = true
    void attempt(async () => {
      try {
        const value = await askNow()
        if (current) setAnswer({ key, round, value })
      } catch (error) {
        // Who was deleted meanwhile is no error here: what asks about them goes too.
        if (!hasCode(error, 'not-found')) throw error
      }
    })
    return () => {
      current = false
    }
  }, [attempt, key, round])
  return answer?.key === key ? answer.value : undefined
}
