/** One option of a list box: chosen by pressing it, while the list keeps the focus and with it the keys. Renderer. */
import type { ComponentPropsWithRef, MouseEvent } from 'react'

interface ListOptionProps extends Omit<ComponentPropsWithRef<'div'>, 'role' | 'tabIndex' | 'onMouseDown'> {
  readonly selected: boolean
  readonly onChoose: (event: MouseEvent) => void
}

export function ListOption({ selected, onChoose, ...rest }: ListOptionProps) {
  return (
    <div
      {...rest}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onMouseDown={(event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.closest<HTMLElement>('[role="listbox"]')?.focus({ preventScroll: true })
        onChoose(event)
      }}
    />
  )
}
