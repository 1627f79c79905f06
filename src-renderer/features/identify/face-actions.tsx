/** What people can say about a face: this person, not this person, somebody new, somebody else. Renderer. */

import { Popover, UnstyledButton } from '@mantine/core'
import { IconUserCheck, IconUserPlus, IconUserSearch, IconUserX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Candidate, RecognisedFace } from '../../../src-shared/recognition'
import { Key } from '../../components/key'
import { confirmFace, rejectFace } from '../../state/acts'
import { canConfirm, canReject } from '../../state/selection-slice'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { AddPerson } from './add-person'
import styles from './face-actions.module.css'
import { NewPerson } from './new-person'

interface FaceActionsProps {
  readonly face: RecognisedFace
  /** The candidate that *confirm* and *not this person* mean. */
  readonly candidate: Candidate | undefined
}

export function FaceActions({ face, candidate }: FaceActionsProps) {
  const store = useVisorStore()
  const overlay = useVisor((state) => state.overlay)
  const { openOverlay } = useActions()
  const confirmable = canConfirm(face, candidate)
  const settled = candidate !== undefined && !confirmable
  return (
    <div className={styles.actions} role="toolbar" aria-label="This face">
      <ActionButton
        icon={<IconUserCheck size={18} stroke={1.6} aria-hidden />}
        label={settled ? 'Confirmed' : 'Confirm'}
        hint={candidate === undefined ? 'Choose a candidate first (1 … 9)' : `This is ${candidate.name}`}
        keyLabel="⏎"
        primary={confirmable}
        disabled={!confirmable}
        onClick={() => void confirmFace(store)}
      />
      <ActionButton
        icon={<IconUserX size={18} stroke={1.6} aria-hidden />}
        label="Not this person"
        hint={candidate === undefined ? 'Choose a candidate first (1 … 9)' : `This is not ${candidate.name}`}
        keyLabel="X"
        disabled={!canReject(candidate)}
        onClick={() => void rejectFace(store)}
      />
      <Popover
        trapFocus
        returnFocus
        opened={overlay === 'new-person'}
        onChange={(open) => openOverlay(open ? 'new-person' : null)}
        position="top-end"
        width={300}
      >
        <Popover.Target>
          <ActionButton
            icon={<IconUserPlus size={18} stroke={1.6} aria-hidden />}
            label="New person…"
            hint="Make a new person of this face"
            keyLabel="N"
            onClick={() => openOverlay(overlay === 'new-person' ? null : 'new-person')}
          />
        </Popover.Target>
        <Popover.Dropdown aria-label="New person">
          <NewPerson />
        </Popover.Dropdown>
      </Popover>
      <Popover
        trapFocus
        returnFocus
        opened={overlay === 'add-person'}
        onChange={(open) => openOverlay(open ? 'add-person' : null)}
        position="top-end"
        width={320}
      >
        <Popover.Target>
          <ActionButton
            icon={<IconUserSearch size={18} stroke={1.6} aria-hidden />}
            label="Add to person…"
            hint="Give this face to somebody of the gallery"
            keyLabel="A"
            onClick={() => openOverlay(overlay === 'add-person' ? null : 'add-person')}
          />
        </Popover.Target>
        <Popover.Dropdown aria-label="Add to person">
          <AddPerson />
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}

interface ActionButtonProps extends React.ComponentPropsWithRef<'button'> {
  readonly icon: ReactNode
  readonly label: string
  readonly hint: string
  readonly keyLabel: string
  readonly primary?: boolean
}

function ActionButton({ icon, label, hint, keyLabel, primary = false, ...button }: ActionButtonProps) {
  return (
    <UnstyledButton
      {...button}
      className={styles.action}
      aria-label={label}
      aria-keyshortcuts={keyLabel === '⏎' ? 'Enter' : keyLabel}
      title={hint}
      data-primary={primary || undefined}
      // A click leaves the keyboard where it was: Enter must not press again what the mouse pressed.
      onMouseDown={(event) => event.preventDefault()}
    >
      {icon}
      <span className={styles.label}>{label}</span>
      <Key>{keyLabel}</Key>
    </UnstyledButton>
  )
}
