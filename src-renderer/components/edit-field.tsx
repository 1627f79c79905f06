/**
 * A value that is edited where it stands: saved when the field is left or Enter is pressed, taken back with Esc. Where it was
 * changed by somebody else meanwhile, what was typed stays: Enter saves it over theirs. Where the field itself goes, what was typed
 * is offered to copy. Renderer.
 */
import { Textarea, TextInput } from '@mantine/core'
import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react'
import { showUnsaved } from './toasts'

type Field = HTMLInputElement | HTMLTextAreaElement

interface Draft {
  readonly text: string
  /** The value when the typing began. */
  readonly over: string
  readonly saved: boolean
}

interface EditFieldProps {
  readonly label: string
  /** The label is read out only. */
  readonly bare?: boolean
  /** It can be read and copied only. */
  readonly readOnly?: boolean
  readonly value: string
  /** Several lines: Enter ends one, Ctrl+Enter saves. */
  readonly multiline?: boolean
  readonly placeholder?: string
  readonly description?: ReactNode
  readonly focusName?: string
  readonly inputClassName?: string
  /** What is wrong with a text, or `null`. */
  readonly check?: (text: string) => string | null
  /** `over`: the value that was there when it was typed. Resolves with whether it was saved. */
  readonly onSave: (text: string, over: string) => Promise<boolean>
  /** After Enter or Esc: where the keyboard goes. */
  readonly onEnd?: () => void
}

export function EditField(props: EditFieldProps) {
  const { label, bare = false, value, multiline = false, check, onSave, onEnd } = props
  const [draft, setDraft] = useState<Draft | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const leaving = useRef<'save' | 'leave' | 'revert'>('leave')
  // What was saved is shown until it arrives as the value; from then on the value is, whatever it becomes.
  if (draft?.saved === true && draft.over !== value) setDraft(null)
  const shown = draft?.text ?? value
  const changedMeanwhile = draft !== null && draft.over !== value && draft.text.trim() !== value

  function revert() {
    setDraft(null)
    setProblem(null)
  }
  async function save(text: string): Promise<void> {
    if (text === value) return revert()
    const wrong = check?.(text) ?? null
    setProblem(wrong)
    if (wrong !== null) return
    // Whoever presses Enter has read what it is now.
    if (await onSave(text, value)) setDraft({ text, over: value, saved: true })
    else setProblem('This was not saved.')
  }
  function onBlur(event: FocusEvent<Field>) {
    const text = event.currentTarget.value.trim()
    const { current: how } = leaving
    leaving.current = 'leave'
    if (how === 'revert') revert()
    // Theirs is not overwritten by leaving the field: what was typed waits in it.
    else if (how === 'save' || !changedMeanwhile) void save(text)
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

  // Whom it is of may go while it is typed: then nothing else has the words.
  const offerDraft = useEffectEvent(() => {
    if (draft !== null && !draft.saved && draft.text.trim() !== value) showUnsaved(label, draft.text)
  })
  useEffect(() => () => offerDraft(), [])

  const field = {
    // A long name is cut off where there is no room for it.
    ...(bare ? { 'aria-label': label, title: shown } : { label }),
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
    autoComplete: 'off',
    error: changedMeanwhile ? meanwhile(value) : problem,
    value: shown,
    readOnly: props.readOnly ?? false,
    onBlur,
    onKeyDown,
    onChange: (event: { readonly currentTarget: Field }) => {
      setDraft({
        text: event.currentTarget.value,
        over: draft === null || draft.saved ? value : draft.over,
        saved: false,
      })
      setProblem(null)
    },
  }
  return multiline ? (
    <Textarea size="xs" autosize minRows={2} maxRows={8} {...field} />
  ) : (
    <TextInput {...field} />
  )
}

function meanwhile(value: string): string {
  const now = value === '' ? 'emptied' : `changed to “${value}”`
  return `Meanwhile it was ${now}. Enter saves yours over it, Esc takes it.`
}
