/** Edits that were made while the server was gone: those that wait their turn, and those that somebody has to decide about. Renderer. */
import { Button, Group, Text } from '@mantine/core'
import type { WaitingEdit } from '../../../../src-shared/requests/server-side'
import { request } from '../../../api'
import { WithoutRight, WithRight } from '../../../components/without-right'
import { useActions } from '../../../state/use-visor'
import { counted, moment } from '../../../wording'
import { Section } from '../page-parts'
import { changesOf, type SideChange } from './held-changes'
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

function Decision({ edit: { id, summary, actor, madeAt }, why, decide }: DecisionProps) {
  const theirs = changesOf(why.detail)
  return (
    <>
      <Text size="sm">{[why.message, why.consequence].filter((part) => part !== undefined).join(' ')}</Text>
      {theirs.length > 0 && (
        <div className={styles.sides}>
          <Side title="Yours" changes={[{ at: madeAt, actor, summary }]} />
          <Side title="Theirs, on the server" changes={theirs} />
        </div>
      )}
      <WithoutRight may="look at what waits" />
      <WithRight right="curate">
        <Group gap={8} mt={8}>
          <Button
            size="compact-sm"
            title="Yours is done on the server as well, and goes over theirs where both changed the same. Other edits of the same people no longer wait for that."
            onClick={() => void decide(() => request('outbox.retry', { id, anyway: true }))}
          >
            Keep mine
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            title="Yours is forgotten; what the server has stays as it is, and is what this console has of them."
            onClick={() => void decide(() => request('outbox.drop', { id }))}
          >
            Keep theirs
          </Button>
        </Group>
      </WithRight>
    </>
  )
}

function Side({ title, changes }: { readonly title: string; readonly changes: readonly SideChange[] }) {
  return (
    <section aria-label={title}>
      <h3 className={styles.side}>{title}</h3>
      <ul className={styles.list}>
        {changes.map(({ at, actor, summary }) => (
          <li key={`${at} ${summary}`}>
            <span className={styles.name}>{summary}</span>
            <span className={styles.dim}>
              {actor}, {moment(at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
