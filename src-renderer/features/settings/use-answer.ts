/** What main answers to a question that is asked again as things change. Renderer. */
import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import type { VisorError } from '../../../src-shared/errors'
import { asVisorError } from '../../api'

export interface Answer<T> {
  /** `undefined` until the first answer. */
  readonly answer: T | undefined
  /** Of the last question, where it failed. */
  readonly error: VisorError | undefined
  /** Asks now. */
  readonly again: () => void
}

/** `key` says what is asked; the answer before stays until the next is there. */
export function useAnswer<T>(key: string, ask: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<T>()
  const [error, setError] = useState<VisorError>()
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((now) => now + 1), [])
  const askNow = useEffectEvent(ask)
  useEffect(() => {
    // The round is no part of the question, but asks it again.
    let current = round >= 0 && key !== ''
    askNow().then(
      (value) => {
        if (!current) return
        setAnswer(value)
        setError(undefined)
      },
      (problem: unknown) => current && setError(asVisorError(problem)),
    )
    return () => {
      current = false
    }
  }, [key, round])
  return { answer, error, again }
}
