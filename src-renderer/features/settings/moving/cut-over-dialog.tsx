/** What a cut-over means, and, where the gate is not passed, why it is to be done all the same. Renderer. */
import { Button, Group, Modal, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { GateVerdict, MoveReport } from '../../../../src-shared/dual'
import type { VisorError } from '../../../../src-shared/errors'
import { asVisorError, request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { counted } from '../../../wording'
import { shortfall } from './moving-words'

interface CutOverDialogProps {
  readonly opened: boolean
  readonly place: string
  readonly verdict: GateVerdict
  readonly onClose: () => void
  readonly onDone: (report: MoveReport) => void
}

export function CutOverDialog({ opened, place, verdict, onClose, onDone }: CutOverDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Cut over to the server" size={520}>
      <Confirmation place={place} verdict={verdict} onClose={onClose} onDone={onDone} />
    </Modal>
  )
}

function Confirmation({ place, verdict, onClose, onDone }: Omit<CutOverDialogProps, 'opened'>) {
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<VisorError>()
  const open = verdict.checks.filter(({ passed }) => !passed)
  const reason = why.trim()

  async function cutOver() {
    setBusy(true)
    setProblem(undefined)
    try {
      onDone(await request('dual.go', { mode: 'server', ...(reason === '' ? {} : { why: reason }) }))
      onClose()
    } catch (error) {
      setProblem(asVisorError(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (verdict.passed || reason !== '') void cutOver()
      }}
    >
      <Text size="sm" mb={12}>
        From then on <strong>{place}</strong> answers this console, and edits are made there. This machine
        follows it, and answers when it is gone. No work is interrupted; the way back is one click.
      </Text>
      {!verdict.passed && (
        <>
          <Text size="sm" mb={8}>
            The gate is not passed: {open.map(shortfall).join('; ')}.
          </Text>
          <Textarea
            label="Why all the same?"
            description="The ledger keeps it, with your name."
            required
            data-autofocus
            autosize
            minRows={2}
            maxLength={500}
            mb={12}
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
        </>
      )}
      {problem !== undefined && <ErrorNote error={problem} />}
      <Group justify="end" gap={8} mt={12}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {verdict.passed ? (
          <Button type="submit" data-autofocus loading={busy}>
            Cut over to the server
          </Button>
        ) : (
          <Button type="submit" color="red" disabled={reason === ''} loading={busy}>
            Cut over with {counted(open.length, 'criterion', 'criteria')} not passed
          </Button>
        )}
      </Group>
    </form>
  )
}
