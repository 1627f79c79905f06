/** Clients and their domains, history and bin. Renderer. */
import {
  ActionIcon,
  Button,
  Popover,
  Skeleton,
  Text,
  TextInput,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import { IconEraser, IconHistory, IconPlus, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { ClientSummary } from '../../../src-shared/gallery'
import { type ClientId, domainSchema } from '../../../src-shared/ids'
import { keyLabel } from '../../commands/keys'
import { isMac } from '../../commands/platform'
import { Key } from '../../components/key'
import { WithRight } from '../../components/without-right'
import { useActions, useMayDo, useVisor } from '../../state/use-visor'
import { count } from '../../wording'
import { DomainItem } from './domain-item'
import styles from './domain-list.module.css'

export function DomainList() {
  const clients = useVisor((state) => state.clients)
  const curates = useMayDo('curate')
  return (
    <>
      <header className={styles.head}>
        <Text fw={600}>Domains</Text>
        <WithRight right="curate">
          <NewDomain />
        </WithRight>
      </header>
      <div className={styles.list}>
        {clients === undefined && <Skeleton height={32} />}
        {clients?.map((client) => (
          <section key={client.clientId} aria-label={`Client ${client.clientId}`}>
            {clients.length > 1 && <ClientHead clientId={client.clientId} />}
            {client.domains.length > 1 && <AllDomains client={client} />}
            {client.domains.map((domain) => (
              <DomainItem key={domain.domain} clientId={client.clientId} summary={domain} />
            ))}
          </section>
        ))}
        {clients?.every((client) => client.domains.length === 0) && (
          <Text size="sm" c="dimmed" p={12}>
            {curates
              ? 'No domain yet. Make one with +, then enrol a folder of people into it.'
              : 'No domain yet. Those that a curator makes are shown here.'}
          </Text>
        )}
      </div>
      <Places />
    </>
  )
}

/** Where there are several clients, their names; a client is erased from here. */
function ClientHead({ clientId }: { readonly clientId: ClientId }) {
  const { askErasure } = useActions()
  return (
    <header className={styles.clientHead}>
      <h3 className={styles.client}>{clientId}</h3>
      <WithRight right="erase">
        <Tooltip label="Erase this client for good…">
          <ActionIcon
            className={styles.erase}
            size={22}
            aria-label={`Erase the client ${clientId} for good`}
            onClick={() => askErasure({ clientId, target: { clientId } })}
          >
            <IconEraser size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </WithRight>
    </header>
  )
}

/** Everybody of the client: where they are is seen beside each. */
function AllDomains({ client }: { readonly client: ClientSummary }) {
  const { clientId, domains } = client
  const open = useVisor(
    ({ browsed, galleriesView }) =>
      galleriesView === 'people' && browsed?.clientId === clientId && browsed.domain === null,
  )
  const { browse } = useActions()
  return (
    <UnstyledButton
      className={styles.open}
      aria-current={open ? 'true' : undefined}
      onClick={() => browse({ clientId, domain: null })}
    >
      <span className={styles.name}>All domains</span>
      <span className={styles.amount}>{count(domains.reduce((sum, domain) => sum + domain.persons, 0))}</span>
    </UnstyledButton>
  )
}

/** What is not people: what was done, and what was deleted. */
function Places() {
  const view = useVisor((state) => state.galleriesView)
  const { showGalleriesView } = useActions()
  const places = [
    { id: 'history', title: 'History', key: 'Mod+H', Icon: IconHistory },
    { id: 'bin', title: 'Bin', key: 'Mod+B', Icon: IconTrash },
  ] as const
  return (
    <nav className={styles.places} aria-label="History and bin">
      {places.map(({ id, title, key, Icon }) => (
        <UnstyledButton
          key={id}
          className={styles.open}
          aria-current={view === id ? 'page' : undefined}
          onClick={() => showGalleriesView(view === id ? 'people' : id)}
        >
          <Icon size={16} stroke={1.6} aria-hidden />
          <span className={styles.name}>{title}</span>
          <Key>{keyLabel(key, isMac)}</Key>
        </UnstyledButton>
      ))}
    </nav>
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
