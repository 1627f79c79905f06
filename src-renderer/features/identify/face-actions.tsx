/** What people can say about a face: this person, not this person, somebody new, somebody else. Renderer. */

import { Popover } from '@mantine/core'
import { IconUserCheck, IconUserPlus, IconUserQuestion, IconUserSearch, IconUserX } from '@tabler/icons-react'
import type { Candidate, RecognisedFace } from '../../../src-shared/recognition'
import { ActionBar, ActionButton } from '../../components/action-button'
import { WithoutRight } from '../../components/without-right'
import { confirmFace, rejectFace, withdrawReject } from '../../state/acts'
import { canConfirm, canReject } from '../../state/selection-slice'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { AddPerson } from './add-person'
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
  const curates = useMayDo('curate')
  const confirmable = canConfirm(face, candidate)
  const settled = candidate !== undefined && !confirmable
  if (!curates) return <WithoutRight may="recognise photos" />
  return (
    <ActionBar label="This face">
      <ActionButton
        icon={<IconUserCheck size={18} stroke={1.6} aria-hidden />}
        label={settled ? 'Confirmed' : 'Confirm'}
        hint={candidate === undefined ? 'Choose a candidate first (1 … 9)' : `This is ${candidate.name}`}
        keyName="Enter"
        primary={confirmable}
        disabled={!confirmable}
        onClick={() => void confirmFace(store)}
      />
      {candidate?.rejected === true ? (
        <ActionButton
          icon={<IconUserQuestion size={18} stroke={1.6} aria-hidden />}
          label="Maybe after all"
          hint={`Takes back that this is not ${candidate.name}`}
          keyName="X"
          onClick={() => void withdrawReject(store)}
        />
      ) : (
        <ActionButton
          icon={<IconUserX size={18} stroke={1.6} aria-hidden />}
          label="Not this person"
          hint={
            candidate === undefined ? 'Choose a candidate first (1 … 9)' : `This is not ${candidate.name}`
          }
          keyName="X"
          disabled={!canReject(candidate)}
          onClick={() => void rejectFace(store)}
        />
      )}
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
            keyName="N"
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
            keyName="A"
            onClick={() => openOverlay(overlay === 'add-person' ? null : 'add-person')}
          />
        </Popover.Target>
        <Popover.Dropdown aria-label="Add to person">
          <AddPerson />
        </Popover.Dropdown>
      </Popover>
    </ActionBar>
  )
}
