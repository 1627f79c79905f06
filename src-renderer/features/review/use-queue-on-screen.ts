/** Says which review queue is on screen, for as long as it is. Renderer. */
import { useEffect } from 'react'
import { useActions } from '../../state/use-visor'

export function useQueueOnScreen(queue: string): void {
  const { setQueueOnScreen } = useActions()
  useEffect(() => {
    setQueueOnScreen(queue)
    return () => setQueueOnScreen(null)
  }, [queue, setQueueOnScreen])
}
