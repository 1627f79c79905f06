/** Clients and their domains, with how many people each holds. Renderer. */
import {
  ActionIcon,
  Badge,
  Button,
  Popover,
  Skeleton,
  Text,
  TextInput,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { DomainSummary } from '../../../src-shared/gallery'
import { type ClientId, domainSchema } from '../../../src-shared/ids'
import { useActions, useVisor } from '../../state/use-visor'
import { count, counted } from '../../wording'
import styles from './domain-list.module.css'

export function DomainList() {
  const clients = useVisor((state) => state.clients)
  return (
    <>
      <header className={styles.head}>
        <Text fw={600}>Domains</Text>
        <NewDomain />
      </header>
      <div className={styles.list}>
        {clients === undefined && <Skeleton height={32} />}
        {clients?.map((client) => (
          <section key={client.clientId} aria-label={`Client ${client.clientId}`}>
            {clients.length > 1 && <h3 className={styles.client}>{client.clientId}</h3>}
            {client.domains.map((domain) => (
              <DomainItem key={domain.domain} clientId={client.clientId} summary={domain} />
            ))}
          </section>
        ))}
        {clients?.every((client) => client.domains.length === 0) && (
          <Text size="sm" c="dimmed" p={12}>
            No domain yet. Make one with +, then enrol a folder of people into it.
          </Text>
        )}
      </div>
    </>
  )
}

function DomainItem({ clientId, summary }: { readonly clientId: ClientId; readonly summary: DomainSummary }) {
  const open = useVisor(({ browsed }) => browsed?.clientId === clientId && browsed.domain === summary.domain)
  const { browse } = useActions()
  return (
    <UnstyledButton
      className={styles.item}
      aria-current={open ? 'true' : undefined}
      {...(open ? { 'data-pane-focus': true } : {})}
      onClick={() => browse({ clientId, domain: summary.domain })}
    >
      <span className={styles.name} title={summary.domain}>
        {summary.domain}
      </span>
      {summary.sample && (
        <Badge size="xs" variant="light" tt="none">
          sample
        </Badge>
      )}
      <Tooltip
        label={`${counted(summary.persons, 'person', 'people')}, ${counted(summary.photos, 'photo')}, ${counted(summary.faces, 'face')}`}
      >
        <span className={styles.amount}>{count(summary.persons)}</span>
      </Tooltip>
    </UnstyledButton>
  )
}

function NewDomain() {
  const opened = useVisor((state) => state.overlay === 'new-domain')
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { openOverlay, createDomain, browse } = useActions()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    const domain = domainSchema.safeParse(name)
    if (!domain.success) return setProblem(domain.error.issues[0]?.message ?? 'This cannot be a name.')
    openOverlay(null)
    setName('')
    void createDomain(clientId, domain.data).then(() => browse({ clientId, domain: domain.data }))
  }

  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? 'new-domain' : null)}
      width={260}
      position="bottom-end"
    >
      <Popover.Target>
        <Tooltip label="New domain">
          <ActionIcon aria-label="New domain" onClick={() => openOverlay(opened ? null : 'new-domain')}>
            <IconPlus size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="New domain">
        <form className={styles.form} onSubmit={submit}>
          <TextInput
            label="Name of the domain"
            data-autofocus
            value={name}
            error={problem}
            onChange={(event) => {
              setName(event.currentTarget.value)
              setProblem(null)
            }}
          />
          <Button type="submit">Make the domain</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
