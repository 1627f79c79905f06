/** Edits that were made while the server was gone: those that wait their turn, and those that somebody has to decide about. Renderer. */
import { Button, Group, Text } from '@mantine/core'
import type { WaitingEdit } from '../../../../src-shared/requests/server-side'
import { request } from '../../../api'
import { useActions } from '../../../state/use-visor'
import { counted, moment } from '../../../wording'
import { Section } from '../page-parts'
import styles from './server-lists.module.css'
import { useServerSide } from './use-server-side'

const askEdits = () => request('outbox.entries')

/** Nothing where none waits. */
export function WaitingEdits() {
  const { answer: edits, again } = useServerSide(askEdits)
  const { attempt } = useActions()
  if (edits === undefined || edits.length === 0) return null
  const decide = (act: () => Promise<unknown>) =>
    attempt(async () => {
      try {
        await act()
      } finally {
        again()
      }
    })
  return (
    <Section title={`Edits that wait for the server (${edits.length})`}>
      <ul className={styles.list}>
        {edits.map((edit) => (
          <li key={edit.id} className={styles.edit} data-held={edit.held !== null}>
            <Text size="sm" fw={600}>
              {edit.summary}
            </Text>
            <Text size="sm" c="dimmed">
              {edit.actor}, {moment(edit.madeAt)}, {counted(edit.people, 'person', 'people')} ·{' '}
              {edit.held === null ? 'waits its turn' : 'waits for a decision'}
            </Text>
            {edit.held !== null && <Decision edit={edit} why={edit.held} decide={decide} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface DecisionProps {
  readonly edit: WaitingEdit
  readonly why: NonNullable<WaitingEdit['held']>
  readonly decide: (act: () => Promise<unknown>) => Promise<void>
}

function Decision({ edit: { id }, why, decide }: DecisionProps) {
  return (
    <>
      <Text size="sm">{[why.message, why.consequence].filter((part) => part !== undefined).join(' ')}</Text>
      <Group gap={8} mt={4}>
        <Button
          size="compact-xs"
          onClick={() => void decide(() => request('outbox.retry', { id, anyway: true }))}
        >
          Do it all the same
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => void decide(() => request('outbox.drop', { id }))}
        >
          Let it go, keep what the server has
        </Button>
      </Group>
    </>
  )
}
