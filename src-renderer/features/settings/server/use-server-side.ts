/** What main answers about the server's cache and outbox; asked again whenever they change. Renderer. */
import { useEffect } from 'react'
import { on } from '../../../api'
import { type Answer, useAnswer } from '../use-answer'

/** Changes are told often while a cache is filled. */
const quietMs = 250

export function useServerSide<T>(ask: () => Promise<T>): Answer<T> {
  const asked = useAnswer('server side', ask)
  const { again } = asked
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
  return asked
}
