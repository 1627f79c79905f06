/** The enrolment gate's reasons, in place, with a word of why to go on all the same; blocked where the policy says so. Renderer. */
import { Button, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconHandStop } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { type GateReason, presetOverride } from '../../src-shared/gate'
import { sentenceOf } from '../../src-shared/gate-sentences'
import { useActions } from '../state/use-visor'
import styles from './gate-objection.module.css'

interface GateObjectionProps {
  readonly reasons: readonly GateReason[]
  /** Goes on all the same; `why` is never empty. */
  readonly onOverride: (why: string) => void
  readonly onLeave: () => void
}

export function GateObjection({ reasons, onOverride, onLeave }: GateObjectionProps) {
  const { remember } = useActions()
  const [why, setWhy] = useState('')
  const blocked = reasons.some(({ action }) => action === 'block')

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!blocked) onOverride(why.trim() === '' ? presetOverride : why)
  }

  return (
    <form
      className={styles.objection}
      aria-label="Before this face is added"
      data-captures-keys
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onLeave()
      }}
    >
      <ul className={styles.reasons} aria-label="Reasons" role="alert">
        {reasons.map(({ action, finding }) => (
          <li key={sentenceOf(finding)} data-action={action}>
            {action === 'block' ? (
              <IconHandStop size={16} stroke={1.6} aria-label="Blocks" />
            ) : (
              <IconAlertTriangle size={16} stroke={1.6} aria-label="Warns" />
            )}
            <span>{sentenceOf(finding)}</span>
          </li>
        ))}
      </ul>
      {blocked ? (
        <p className={styles.blocked}>This domain’s policy blocks it: nothing was changed.</p>
      ) : (
        <TextInput
          aria-label="Why it is right all the same"
          placeholder={presetOverride}
          autoFocus
          autoComplete="off"
          maxLength={300}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
      )}
      <div className={styles.buttons}>
        {blocked ? (
          <Button
            variant="default"
            onClick={() => {
              onLeave()
              remember({ screen: 'settings', settingsPage: 'gate' })
            }}
          >
            Open the policy
          </Button>
        ) : (
          <Button type="submit">Add all the same ⏎</Button>
        )}
        <Button variant="default" onClick={onLeave} {...(blocked ? { autoFocus: true } : {})}>
          Leave it (Esc)
        </Button>
      </div>
    </form>
  )
}
