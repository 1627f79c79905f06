/** The PostgreSQL database that an import is to come from, as the page Connection asks for a server. Renderer. */
import { Button, Group, PasswordInput, SegmentedControl, Text } from '@mantine/core'
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
  const [isVisor, setIsVisor] = useState(false)
  const { connection, password } = form
  const named = connection.hosts.length > 0 || connection.service !== null || connection.database !== null
  return (
    <form
      aria-label="The database to import from"
      onSubmit={(event) => {
        event.preventDefault()
        if (named && isSound(form))
          setSource({ at: 'server', connection }, { password, kind: isVisor ? 'visor' : null })
      }}
    >
      <Section title="The database">
        <SegmentedControl
          aria-label="Whose database it is"
          mb={8}
          data={[
            { value: 'legacy', label: 'Of a legacy system' },
            { value: 'visor', label: 'Of another Visor' },
          ]}
          value={isVisor ? 'visor' : 'legacy'}
          onChange={(value) => setIsVisor(value === 'visor')}
        />
        <Text size="sm">
          {isVisor
            ? 'It is only read. People, photos, faces and decisions of the client that is worked on here are copied with their ids.'
            : 'It is only read, in one transaction that sees one state. Its tables are found by looking: persons with face_embeddings or face_encodings.'}
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
