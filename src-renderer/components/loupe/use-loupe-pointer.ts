/** The pointer in the loupe: the wheel zooms where it points, a drag pans, a click chooses a face. Renderer. */
import { type RefObject, useEffect, useEffectEvent } from 'react'
import { loupeView } from '../../state/loupe-slice'
import type { Store } from '../../state/store'
import { useVisorStore } from '../../state/use-visor'
import { type Size, zoomedAbout } from './viewport'

/** Pixels a press may wander and still be a click. */
const clickSlackPx = 4

/** Keys do all of it too: Space, + and −, Alt with the arrows, ← and →. Faces are marked by `data-face`. */
export function useLoupePointer(
  surface: RefObject<HTMLElement | null>,
  photo: Size,
  onChoose: (face: string) => void,
): void {
  const store = useVisorStore()
  const choose = useEffectEvent(onChoose)
  useEffect(() => {
    const element = surface.current
    if (element === null) return
    const ending = new AbortController()
    listen(element, store, photo, (face) => choose(face), ending.signal)
    return () => ending.abort()
  }, [store, surface, photo])
}

function listen(
  element: HTMLElement,
  store: Store,
  photo: Size,
  onChoose: (face: string) => void,
  signal: AbortSignal,
): void {
  let pressed: { x: number; y: number; panned: boolean } | undefined

  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    const state = store.getState()
    const frame = element.getBoundingClientRect()
    const at = { x: event.clientX - frame.left, y: event.clientY - frame.top }
    const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015))
    state.setZoom(zoomedAbout(loupeView(state, photo), photo, state.loupeSize, factor, at))
  }
  const onDown = (event: PointerEvent) => {
    // A box in the making, and the handles of one, have the pointer to themselves.
    const isBoxes = event.target instanceof Element && event.target.closest('[data-box-editor]') !== null
    if (event.button === 0 && !isBoxes) pressed = { x: event.clientX, y: event.clientY, panned: false }
  }
  const onMove = (event: PointerEvent) => {
    if (pressed === undefined || store.getState().zoom === 'fit') return
    const x = pressed.x - event.clientX
    const y = pressed.y - event.clientY
    if (!pressed.panned && Math.hypot(x, y) < clickSlackPx) return
    element.setPointerCapture(event.pointerId)
    store.getState().panBy(x, y)
    pressed = { x: event.clientX, y: event.clientY, panned: true }
  }
  const onUp = (event: PointerEvent) => {
    const panned = pressed?.panned ?? true
    pressed = undefined
    if (panned || !(event.target instanceof Element)) return
    const face = event.target.closest<HTMLElement | SVGElement>('[data-face]')?.dataset.face
    if (face !== undefined) onChoose(face)
  }
  const onCancel = () => {
    pressed = undefined
  }
  const onDoubleClick = () => {
    if (store.getState().draft !== null) return
    store.getState().setZoom(store.getState().zoom === 'fit' ? 'actual' : 'fit')
  }

  // React's own wheel listeners are passive and could not keep the page from scrolling.
  element.addEventListener('wheel', onWheel, { passive: false, signal })
  element.addEventListener('pointerdown', onDown, { signal })
  element.addEventListener('pointermove', onMove, { signal })
  element.addEventListener('pointerup', onUp, { signal })
  element.addEventListener('pointercancel', onCancel, { signal })
  element.addEventListener('dblclick', onDoubleClick, { signal })
}
