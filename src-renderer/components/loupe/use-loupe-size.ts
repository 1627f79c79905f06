/** Tells the store how large the loupe is: what zooms by keys has to know. Renderer. */
import { type RefObject, useEffect, useRef } from 'react'
import { useActions } from '../../state/use-visor'

/** To be put on the loupe's pane. */
export function useLoupeSize(): RefObject<HTMLDivElement | null> {
  const pane = useRef<HTMLDivElement>(null)
  const { setLoupeSize } = useActions()
  useEffect(() => {
    const element = pane.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      setLoupeSize({ width: element.clientWidth, height: element.clientHeight })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [setLoupeSize])
  return pane
}
