/** What hardly anybody has to change about a connection, folded away. Renderer. */
import { NumberInput, Select, Switch } from '@mantine/core'
import { type ServerPool, targetSessionSchema } from '../../../../src-shared/server'
import styles from './connection-page.module.css'
import { FileField, OptionalText } from './server-fields'
import { type ServerForm, withFields } from './server-form'

interface PoolFieldsProps {
  readonly form: ServerForm
  readonly change: (form: ServerForm) => void
}

const targets = {
  any: 'any of them',
  'read-write': 'one that can be written to',
  primary: 'the primary',
} as const

export function PoolFields({ form, change }: PoolFieldsProps) {
  const { pool, targetSession } = form.connection
  const set = (patch: Partial<ServerPool>) => change(withFields(form, { pool: { ...pool, ...patch } }))
  return (
    <details className={styles.more}>
      <summary>Pool, time-outs and more</summary>
      <div className={styles.fields}>
        <Amount
          label="Connections at most"
          value={pool.size}
          minimum={1}
          maximum={64}
          onChange={(size) => set({ size })}
        />
        <Amount
          label="Time-out of connecting"
          unit=" s"
          value={pool.connectTimeoutMs / 1000}
          minimum={0.25}
          maximum={120}
          onChange={(seconds) => set({ connectTimeoutMs: Math.round(seconds * 1000) })}
        />
        <Amount
          label="Time-out of a statement (0: none)"
          unit=" s"
          value={pool.statementTimeoutMs / 1000}
          minimum={0}
          maximum={3600}
          onChange={(seconds) => set({ statementTimeoutMs: Math.round(seconds * 1000) })}
        />
        <Amount
          label="A connection is replaced after (0: never)"
          unit=" s"
          value={pool.recycleAfterSeconds}
          minimum={0}
          maximum={604_800}
          onChange={(recycleAfterSeconds) => set({ recycleAfterSeconds })}
        />
        <Amount
          label="… or after so many uses (0: never)"
          value={pool.recycleAfterUses}
          minimum={0}
          maximum={10_000_000}
          onChange={(recycleAfterUses) => set({ recycleAfterUses })}
        />
        <Amount
          label="Keep-alive after"
          unit=" s"
          value={pool.keepAliveIdleSeconds}
          minimum={5}
          maximum={7200}
          disabled={!pool.keepAlive}
          onChange={(keepAliveIdleSeconds) => set({ keepAliveIdleSeconds })}
        />
        <Switch
          className={styles.wide}
          label="Keep-alive: a connection that died is noticed while it idles"
          checked={pool.keepAlive}
          onChange={(event) => set({ keepAlive: event.currentTarget.checked })}
        />
        <Select
          label="Of several hosts"
          data={[
            { value: '', label: 'as psql: any of them' },
            ...targetSessionSchema.options.map((value) => ({ value, label: targets[value] })),
          ]}
          allowDeselect={false}
          value={targetSession ?? ''}
          onChange={(value) =>
            change(withFields(form, { targetSession: targetSessionSchema.safeParse(value).data ?? null }))
          }
        />
        <OptionalText
          {...{ form, change }}
          field="applicationName"
          label="Name of this console on the server"
          placeholder="visor"
        />
        <OptionalText
          {...{ form, change }}
          field="service"
          label="Service"
          placeholder="of pg_service.conf"
        />
        <FileField
          {...{ form, change }}
          field="passfile"
          what="password"
          label="Password file"
          placeholder="~/.pgpass"
        />
      </div>
    </details>
  )
}

interface AmountProps {
  readonly label: string
  readonly unit?: string
  readonly value: number
  readonly minimum: number
  readonly maximum: number
  readonly disabled?: boolean
  readonly onChange: (value: number) => void
}

function Amount({ label, unit = '', value, minimum, maximum, disabled = false, onChange }: AmountProps) {
  return (
    <NumberInput
      label={label}
      suffix={unit}
      min={minimum}
      max={maximum}
      clampBehavior="blur"
      disabled={disabled}
      value={value}
      onChange={(next) => {
        if (typeof next === 'number' && next >= minimum && next <= maximum) onChange(next)
      }}
    />
  )
}
