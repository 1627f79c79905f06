/** A value that is edited where it stands: saved when the field is left or Enter is pressed, taken back with Esc. Renderer. */
import { Textarea, TextInput } from '@mantine/core'
import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'

type Field = HTMLInputElement | HTMLTextAreaElement

interface EditFieldProps {
  readonly label: string
  /** The label is read out only. */
  readonly bare?: boolean
  readonly value: string
  readonly maxLength: number
  /** Several lines: Enter ends one, Ctrl+Enter saves. */
  readonly multiline?: boolean
  readonly placeholder?: string
  readonly description?: ReactNode
  readonly focusName?: string
  readonly inputClassName?: string
  /** What is wrong with a text, or `null`. */
  readonly check?: (text: string) => string | null
  /** Resolves with whether it was saved. */
  readonly onSave: (text: string) => Promise<boolean>
  /** After Enter or Esc: where the keyboard goes. */
  readonly onEnd?: () => void
}

export function EditField(props: EditFieldProps) {
  const { label, bare = false, value, maxLength, multiline = false, check, onSave, onEnd } = props
  // What is typed is over one saved value: when another arrives (an undo, somebody else), that is shown.
  const [draft, setDraft] = useState<{ readonly text: string; readonly over: string } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const leaving = useRef<'save' | 'revert'>('save')
  const shown = draft !== null && draft.over === value ? draft.text : value

  function revert() {
    setDraft(null)
    setProblem(null)
  }
  async function save(text: string): Promise<void> {
    if (text === value) return revert()
    const wrong = check?.(text) ?? null
    setProblem(wrong)
    if (wrong !== null) return
    if (!(await onSave(text))) setProblem('This was not saved.')
  }
  function onBlur(event: FocusEvent<Field>) {
    const text = event.currentTarget.value.trim()
    if (leaving.current === 'revert') revert()
    else void save(text)
    leaving.current = 'save'
  }
  function onKeyDown(event: KeyboardEvent<Field>) {
    const saves = event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey)
    if (!saves && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    leaving.current = saves ? 'save' : 'revert'
    event.currentTarget.blur()
    onEnd?.()
  }

  const field = {
    ...(bare ? { 'aria-label': label } : { label }),
    ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
    ...(props.description === undefined ? {} : { description: props.description }),
    ...(props.focusName === undefined ? {} : { 'data-focus-name': props.focusName }),
    ...(props.inputClassName === undefined ? {} : { classNames: { input: props.inputClassName } }),
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as (
      | 'label'
      | 'input'
      | 'description'
      | 'error'
    )[],
    maxLength,
    autoComplete: 'off',
    error: problem,
    value: shown,
    onBlur,
    onKeyDown,
    onChange: (event: { readonly currentTarget: Field }) => {
      setDraft({ text: event.currentTarget.value, over: value })
      setProblem(null)
    },
  }
  return multiline ? (
    <Textarea size="xs" autosize minRows={2} maxRows={8} {...field} />
  ) : (
    <TextInput {...field} />
  )
}
