/** The PostgreSQL database of a legacy system, as the page Connection asks for a server. Renderer. */
import { Button, Group, PasswordInput, Text } from '@mantine/core'
import { useState } from 'react'
import { defaultServerConnection } from '../../../../src-shared/server'
import { useActions } from '../../../state/use-visor'
import { Section } from '../page-parts'
import { PlaceFields, TlsFields } from '../server/server-fields'
import { formOf, isSound, type ServerForm } from '../server/server-form'

const empty: ServerForm = formOf({ ...defaultServerConnection, passwordIn: 'ask-each-time' })

export function DatabaseSource({ onClose }: { readonly onClose: () => void }) {
  const { setSource } = useActions()
  const [form, setForm] = useState(empty)
  const { connection, password } = form
  const named = connection.hosts.length > 0 || connection.service !== null || connection.database !== null
  return (
    <form
      aria-label="The database of a legacy system"
      onSubmit={(event) => {
        event.preventDefault()
        if (named && isSound(form)) setSource({ at: 'server', connection }, password)
      }}
    >
      <Section title="The database">
        <Text size="sm">
          It is only read, in one transaction that sees one state. Its tables are found by looking: persons
          with face_embeddings or face_encodings.
        </Text>
        <PlaceFields form={form} change={setForm} />
      </Section>
      <Section title="The way to it">
        <TlsFields form={form} change={setForm} />
      </Section>
      <Section title="The password">
        <PasswordInput
          label="Password"
          description="Held until Visor is closed, and never in a file. Left empty: PGPASSWORD, .pgpass or a service file, as psql finds it."
          size="xs"
          maw={420}
          autoComplete="off"
          maxLength={1024}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          value={password}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
        />
      </Section>
      <Group gap={8} mb={24}>
        <Button type="submit" disabled={!named || !isSound(form)}>
          Take this database
        </Button>
        <Button variant="default" onClick={onClose}>
          Back
        </Button>
      </Group>
    </form>
  )
}
