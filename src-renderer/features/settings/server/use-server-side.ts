/** What main answers about the server's cache and outbox; asked again whenever they change. Renderer. */
import { useCallback, useEffect, useState } from 'react'
import type { VisorError } from '../../../../src-shared/errors'
import { asVisorError, on } from '../../../api'

/** Changes are told often while a cache is filled. */
const quietMs = 250

/** `undefined` until the first answer; `again` asks now. `ask` must stay the same function. */
export function useServerSide<T>(ask: () => Promise<T>): {
  readonly answer: T | undefined
  readonly error: VisorError | undefined
  readonly again: () => void
} {
  const [answer, setAnswer] = useState<T>()
  const [error, setError] = useState<VisorError>()
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((now) => now + 1), [])
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        again()
      }, quietMs)
    }
    const ends = [on('serverSide', soon), on('status', soon)]
    return () => {
      clearTimeout(timer)
      for (const end of ends) end()
    }
  }, [again])
  useEffect(() => {
    let current = round >= 0
    ask().then(
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
  }, [ask, round])
  return { answer, error, again }
}
