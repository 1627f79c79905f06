/** The pointer on the people: presses choose, a drag from a person takes the chosen along, one from beside them draws a frame. Renderer. */
import { type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { peopleInQuestion } from '../../state/browse-slice'
import { nothingChosen } from '../../state/choice'
import { itemAt } from '../../state/paged'
import { mayDo } from '../../state/rights'
import { useVisorStore } from '../../state/use-visor'
import { type Frame, frameBetween, type PeopleLayout, placesInFrame } from './people-layout'

interface Point {
  readonly x: number
  readonly y: number
}

/** Moved less than this, a press is a click. */
const clickSlackPx = 5
/** How much the list scrolls while a frame is drawn over its edge, per move of the pointer. */
const edgeScrollPx = 24

interface PeoplePointer {
  /** Over the contents, while it is drawn. */
  readonly frame: Frame | null
  /** Where the pointer is in the window, while people are dragged. */
  readonly dragged: Point | null
  readonly onPress: (event: MouseEvent, place: number) => void
  readonly onPressBeside: (event: MouseEvent<HTMLElement>) => void
}

export function usePeoplePointer(
  scroller: RefObject<HTMLElement | null>,
  layout: PeopleLayout,
): PeoplePointer {
  const store = useVisorStore()
  const [frame, setFrame] = useState<Frame | null>(null)
  const [dragged, setDragged] = useState<Point | null>(null)
  const current = useRef(layout)
  current.current = layout
  const ending = useRef(new AbortController())
  useEffect(() => () => ending.current.abort(), [])

  /** Follows the pointer, wherever it goes, until its button is let go. */
  function follow(move: (event: globalThis.MouseEvent) => void, end: () => void): void {
    ending.current.abort()
    ending.current = new AbortController()
    const { signal } = ending.current
    window.addEventListener('mousemove', move, { signal })
    window.addEventListener(
      'mouseup',
      () => {
        ending.current.abort()
        end()
      },
      { signal },
    )
  }

  function onPress(event: MouseEvent, place: number): void {
    const { choosePerson, chosenPeople, people, dragPeople } = store.getState()
    const person = itemAt(people, place)
    if (person === undefined) return
    const chosenBefore = chosenPeople.chosen.has(person.personId)
    const plain = !(event.shiftKey || event.ctrlKey || event.metaKey)
    if (event.shiftKey) void choosePerson(place, 'range')
    else if (!plain) void choosePerson(place, 'toggle')
    // Pressing one of those chosen may begin to drag them all; a click alone chooses this one.
    else if (!chosenBefore) void choosePerson(place, 'only')
    const start = { x: event.clientX, y: event.clientY }
    let drags = false
    follow(
      (move) => {
        const now = { x: move.clientX, y: move.clientY }
        if (!drags && Math.hypot(now.x - start.x, now.y - start.y) < clickSlackPx) return
        if (!mayDo(store.getState(), 'curate')) return
        if (!drags) dragPeople(peopleInQuestion(store.getState()))
        drags = true
        setDragged(now)
      },
      () => {
        setDragged(null)
        dragPeople(null)
        if (!drags && plain && chosenBefore) void choosePerson(place, 'only')
      },
    )
  }

  function onPressBeside(event: MouseEvent<HTMLElement>): void {
    const element = scroller.current
    if (event.button !== 0 || event.defaultPrevented || element === null) return
    const bounds = element.getBoundingClientRect()
    // The scroll bar is no place to draw.
    if (event.clientX > bounds.left + element.clientWidth) return
    event.preventDefault()
    element.focus({ preventScroll: true })
    const { chosenPeople, chooseNobody, choosePlaces } = store.getState()
    const joins = event.ctrlKey || event.metaKey || event.shiftKey
    const before = joins ? chosenPeople : nothingChosen
    const pointIn = ({ clientX, clientY }: { clientX: number; clientY: number }) => ({
      x: Math.min(Math.max(clientX - bounds.left, 0), element.clientWidth),
      y: clientY - bounds.top + element.scrollTop,
    })
    const start = pointIn(event)
    if (!joins) chooseNobody()
    follow(
      (move) => {
        if (move.clientY > bounds.bottom) element.scrollTop += edgeScrollPx
        else if (move.clientY < bounds.top) element.scrollTop -= edgeScrollPx
        const drawn = frameBetween(start, pointIn(move))
        setFrame(drawn)
        choosePlaces(placesInFrame(drawn, current.current), before)
      },
      () => setFrame(null),
    )
  }

  return { frame, dragged, onPress, onPressBeside }
}
