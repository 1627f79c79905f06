/** The fields of a connection: where the server is, how the way to it is secured, how Visor logs in. Renderer. */
import { ActionIcon, Button, Group, PasswordInput, Select, Text, TextInput, Tooltip } from '@mantine/core'
import { IconFolder } from '@tabler/icons-react'
import type { ServerSetup } from '../../../../src-shared/requests/server'
import {
  type PasswordIn,
  passwordInSchema,
  type ServerConnection,
  type SslMode,
  sslModes,
} from '../../../../src-shared/server'
import { request } from '../../../api'
import { useActions } from '../../../state/use-visor'
import styles from './connection-page.module.css'
import { type ServerForm, withFields, withHosts, withUrl } from './server-form'

interface FieldsProps {
  readonly form: ServerForm
  readonly change: (form: ServerForm) => void
}

export function PlaceFields({ form, change }: FieldsProps) {
  const { connection, text, problem, note } = form
  return (
    <div className={styles.fields}>
      <TextInput
        className={styles.wide}
        label="URL"
        description={note ?? 'The fields below say the same; either can be typed.'}
        placeholder="postgresql://ana@db.example:5432/visor?sslmode=verify-full"
        classNames={{ input: styles.fixed ?? '' }}
        spellCheck={false}
        value={text.url}
        error={problem.url}
        onChange={(event) => change(withUrl(form, event.currentTarget.value))}
      />
      <TextInput
        label="Host"
        description="Several by commas: the first that answers."
        placeholder="as psql: this machine"
        spellCheck={false}
        value={text.host}
        error={problem.host}
        onChange={(event) => change(withHosts(form, 'host', event.currentTarget.value))}
      />
      <TextInput
        label="Port"
        description="One, or one a host."
        placeholder="5432"
        value={text.port}
        error={problem.port}
        onChange={(event) => change(withHosts(form, 'port', event.currentTarget.value))}
      />
      <OptionalText
        form={form}
        change={change}
        field="database"
        label="Database"
        placeholder="named as the user"
      />
      <OptionalText form={form} change={change} field="user" label="User" placeholder="as in this system" />
      {connection.service !== null && (
        <Text size="xs" c="dimmed" className={styles.wide}>
          What is not said here is taken from the service “{connection.service}”.
        </Text>
      )}
    </div>
  )
}

type TextFieldName = {
  [K in keyof ServerConnection]: ServerConnection[K] extends string | null
    ? string extends NonNullable<ServerConnection[K]>
      ? K
      : never
    : never
}[keyof ServerConnection]

interface OptionalTextProps extends FieldsProps {
  readonly field: TextFieldName
  readonly label: string
  readonly placeholder: string
}

/** A text that may be left out: then it is found as psql finds it. */
export function OptionalText({ form, change, field, label, placeholder }: OptionalTextProps) {
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      spellCheck={false}
      maxLength={63}
      value={form.connection[field] ?? ''}
      onChange={({ currentTarget: { value } }) =>
        change(withFields(form, { [field]: value === '' ? null : value }))
      }
    />
  )
}

/** What each mode protects from, in words. */
const sslMeanings: Record<SslMode, string> = {
  disable: 'Never encrypted. Names, photos and faces travel in clear: for this machine or a tunnel.',
  allow: 'Encrypted only where the server insists.',
  prefer:
    'Encrypted where the server offers it. Nobody checks who answers: no protection from somebody in between.',
  require: 'Always encrypted. Who answers is checked only where a root certificate is there.',
  'verify-ca': 'Always encrypted, and the server’s certificate must be signed by one that is trusted here.',
  'verify-full':
    'Always encrypted, the certificate signed, and for this very host name. What to use over a network.',
}

export function TlsFields({ form, change }: FieldsProps) {
  const { connection } = form
  const mode = connection.sslMode
  return (
    <div className={styles.fields}>
      <Select
        className={styles.wide}
        label="TLS"
        maw={360}
        allowDeselect={false}
        data={[
          { value: '', label: 'as psql: the environment, else prefer' },
          ...sslModes.map((value) => ({ value, label: value })),
        ]}
        value={mode ?? ''}
        onChange={(value) =>
          change(withFields(form, { sslMode: sslModes.find((one) => one === value) ?? null }))
        }
      />
      <Text size="sm" c="dimmed" className={styles.wide}>
        {sslMeanings[mode ?? 'prefer']}
      </Text>
      {mode !== 'disable' && (
        <>
          <FileField
            {...{ form, change }}
            field="sslRootCertificate"
            what="certificate"
            label="Root certificate"
            placeholder="~/.postgresql/root.crt, where it is there"
          />
          <Button
            className={styles.start}
            variant="default"
            disabled={connection.sslRootCertificate === 'system'}
            onClick={() => change(withFields(form, { sslRootCertificate: 'system', sslMode: 'verify-full' }))}
          >
            Use this system’s list
          </Button>
          <FileField
            {...{ form, change }}
            field="sslCertificate"
            what="certificate"
            label="Your certificate"
            placeholder="only where the server asks for one"
          />
          <FileField
            {...{ form, change }}
            field="sslKey"
            what="key"
            label="Its key"
            placeholder="a file that nobody else may read"
          />
        </>
      )}
    </div>
  )
}

interface FileFieldProps extends FieldsProps {
  readonly field: 'sslRootCertificate' | 'sslCertificate' | 'sslKey' | 'passfile'
  readonly what: 'certificate' | 'key' | 'password'
  readonly label: string
  readonly placeholder: string
}

/** A path that is typed or chosen. */
export function FileField({ form, change, field, what, label, placeholder }: FileFieldProps) {
  const { attempt } = useActions()
  const set = (path: string) => change(withFields(form, { [field]: path === '' ? null : path }))
  const choose = () =>
    attempt(async () => {
      const path = await request('server.chooseFile', { what })
      if (path !== null) set(path)
    })
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      spellCheck={false}
      maxLength={1024}
      value={form.connection[field] ?? ''}
      onChange={(event) => set(event.currentTarget.value)}
      rightSection={
        <Tooltip label="Choose a file">
          <ActionIcon size={22} aria-label={`Choose: ${label}`} onClick={() => void choose()}>
            <IconFolder size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      }
    />
  )
}

const places: Record<PasswordIn, string> = {
  'system-store': 'in this system’s key store',
  'ask-each-time': 'nowhere: asked for each time Visor starts',
  environment: 'outside of Visor: PGPASSWORD, .pgpass, a service file',
}

interface PasswordFieldsProps extends FieldsProps {
  readonly setup: ServerSetup
  readonly onForget: () => void
}

/** The password goes to main and never comes back. */
export function PasswordFields({ form, change, setup, onForget }: PasswordFieldsProps) {
  const { passwordIn } = form.connection
  const kept = setup.password !== null && form.connection.passwordIn === setup.connection.passwordIn
  return (
    <div className={styles.fields}>
      <Select
        className={styles.wide}
        label="It is kept"
        maw={360}
        allowDeselect={false}
        data={passwordInSchema.options.map((value) => ({ value, label: places[value] }))}
        value={passwordIn}
        onChange={(value) =>
          change(withFields(form, { passwordIn: passwordInSchema.safeParse(value).data ?? passwordIn }))
        }
      />
      {passwordIn === 'system-store' && !setup.canKeep && (
        <Text size="sm" className={styles.wide} data-testid="no-key-store">
          This system has no key store that protects anything, so nothing is written: the password is held
          until Visor is closed, and asked for again then. A keyring (GNOME Keyring, KWallet) would keep it.
        </Text>
      )}
      {passwordIn !== 'environment' && (
        <Group className={styles.wide} align="end" gap={8}>
          <PasswordInput
            label="Password"
            size="xs"
            w={360}
            autoComplete="off"
            placeholder={kept ? 'There is one; it is not shown' : 'None yet'}
            maxLength={1024}
            visibilityToggleFocusable
            visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            value={form.password}
            onChange={(event) => change({ ...form, password: event.currentTarget.value })}
          />
          {kept && (
            <Button variant="default" onClick={onForget}>
              Forget it
            </Button>
          )}
        </Group>
      )}
    </div>
  )
}
