/** The gate on the page Validation: its verdict, its goals to change, and who changed them. Renderer. */
import { Button, Group, NumberInput, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import type { GateCriteria, GateVerdict, Moved } from '../../../../src-shared/dual'
import { request } from '../../../api'
import { WithRight } from '../../../components/without-right'
import { useActions } from '../../../state/use-visor'
import { moment } from '../../../wording'
import { Section } from '../page-parts'
import lists from '../server/server-lists.module.css'
import { GateChecks } from './gate-checks'
import styles from './gate-section.module.css'
import { stepText } from './moving-words'

interface GateSectionProps {
  readonly verdict: GateVerdict
  readonly criteria: GateCriteria
  readonly changes: readonly Moved[]
  readonly onChanged: () => void
}

export function GateSection({ verdict, criteria, changes, onChanged }: GateSectionProps) {
  const [editing, setEditing] = useState(false)
  const { attempt } = useActions()
  const save = (wanted: GateCriteria) =>
    attempt(async () => {
      await request('dual.setCriteria', wanted)
      setEditing(false)
      onChanged()
    })
  return (
    <Section title="The gate">
      <GateChecks verdict={verdict} />
      {editing ? (
        <Goals criteria={criteria} onSave={save} onClose={() => setEditing(false)} />
      ) : (
        <WithRight right="administer">
          <Group gap={8}>
            <Button variant="default" onClick={() => setEditing(true)}>
              Change the goals…
            </Button>
            <Button
              variant="default"
              title="Something was mended: what was compared before does not count any more."
              onClick={() => void save({ ...criteria, countFrom: Date.now() })}
            >
              Count from now on
            </Button>
          </Group>
        </WithRight>
      )}
      {changes.length > 0 && (
        <details className={styles.changes}>
          <summary>
            Changed {moment(changes[0]!.at)} by {changes[0]!.actor}
          </summary>
          <ul className={lists.list}>
            {changes.map(({ ledgerId, at, actor, move }) => (
              <li key={ledgerId} className={lists.row}>
                <span className={lists.name}>{stepText(move)}</span>
                <span className={lists.dim}>
                  {actor}, {moment(at)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  )
}

interface GoalsProps {
  readonly criteria: GateCriteria
  readonly onSave: (criteria: GateCriteria) => Promise<void>
  readonly onClose: () => void
}

function Goals({ criteria, onSave, onClose }: GoalsProps) {
  const [wanted, setWanted] = useState(criteria)
  const [saving, setSaving] = useState(false)
  const change = (part: Partial<GateCriteria>) => setWanted({ ...wanted, ...part })
  const percent = (part: number) => Math.round(part * 10_000) / 100
  return (
    <form
      className={styles.goals}
      aria-label="Goals of the gate"
      onSubmit={(event) => {
        event.preventDefault()
        setSaving(true)
        void onSave(wanted).finally(() => setSaving(false))
      }}
    >
      <div className={styles.fields}>
        <Goal
          label="Same first person, at least"
          suffix=" %"
          value={percent(wanted.sameFirst)}
          maximum={100}
          onChange={(value) => change({ sameFirst: value / 100 })}
        />
        <Goal
          label="Same first five, at least"
          suffix=" %"
          value={percent(wanted.overlap)}
          maximum={100}
          onChange={(value) => change({ overlap: value / 100 })}
        />
        <Goal
          label="Without an answer, at most"
          value={wanted.errors}
          maximum={1_000_000}
          whole
          onChange={(errors) => change({ errors })}
        />
        <Goal
          label="95 of 100 searches under"
          suffix=" ms"
          value={wanted.serverP95Ms}
          minimum={1}
          maximum={60_000}
          onChange={(serverP95Ms) => change({ serverP95Ms })}
        />
        <Goal
          label="Faces compared, at least"
          value={wanted.probes}
          minimum={1}
          maximum={10_000_000}
          whole
          onChange={(probes) => change({ probes })}
        />
        <Goal
          label="Days that are judged"
          value={wanted.days}
          minimum={1}
          maximum={365}
          whole
          onChange={(days) => change({ days })}
        />
      </div>
      <Switch
        label="Every client copied, and found equal"
        checked={wanted.validated}
        onChange={(event) => change({ validated: event.currentTarget.checked })}
      />
      <Text size="xs" c="dimmed">
        What you change is in the ledger, with your name.
      </Text>
      <Group gap={8}>
        <Button type="submit" loading={saving}>
          Keep these goals
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </form>
  )
}

interface GoalProps {
  readonly label: string
  readonly suffix?: string
  readonly value: number
  readonly minimum?: number
  readonly maximum: number
  readonly whole?: boolean
  readonly onChange: (value: number) => void
}

function Goal({ label, suffix = '', value, minimum = 0, maximum, whole = false, onChange }: GoalProps) {
  return (
    <NumberInput
      label={label}
      suffix={suffix}
      min={minimum}
      max={maximum}
      allowDecimal={!whole}
      decimalScale={2}
      clampBehavior="blur"
      value={value}
      onChange={(next) => {
        if (typeof next === 'number' && next >= minimum && next <= maximum) onChange(next)
      }}
    />
  )
}
