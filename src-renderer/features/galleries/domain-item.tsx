/** One domain: opens on a click, is renamed in place, takes people that are dropped on it. Renderer. */
import { ActionIcon, Badge, Button, Popover, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconDots, IconHeartbeat } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { DomainSummary } from '../../../src-shared/gallery'
import { type ClientId, type Domain, domainSchema } from '../../../src-shared/ids'
import { deleteDomain, dropPeople, renameDomain } from '../../state/curation'
import { openFindings } from '../../state/health-slice'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { count, counted } from '../../wording'
import styles from './domain-list.module.css'

interface DomainItemProps {
  readonly clientId: ClientId
  readonly summary: DomainSummary
}

export function DomainItem({ clientId, summary }: DomainItemProps) {
  const store = useVisorStore()
  const { domain } = summary
  const curates = useMayDo('curate')
  const open = useVisor(
    ({ browsed, galleriesView }) =>
      galleriesView === 'people' && browsed?.clientId === clientId && browsed.domain === domain,
  )
  const droppable = useVisor(
    ({ draggedPeople, browsed }) =>
      browsed?.clientId === clientId && draggedPeople !== null && browsed.domain !== domain,
  )
  const { browse } = useActions()
  const [renaming, setRenaming] = useState(false)
  const amounts = [
    counted(summary.persons, 'person', 'people'),
    counted(summary.photos, 'photo'),
    counted(summary.faces, 'face'),
  ].join(', ')

  if (renaming) return <Rename clientId={clientId} summary={summary} onEnd={() => setRenaming(false)} />
  return (
    <div className={styles.item} data-open={open || undefined} data-droppable={droppable || undefined}>
      <UnstyledButton
        className={styles.open}
        aria-current={open ? 'true' : undefined}
        {...(open ? { 'data-pane-focus': true } : {})}
        title={`${domain}: ${amounts}${summary.sample ? ', there to be tried' : ''}`}
        onClick={() => browse({ clientId, domain })}
        onMouseUp={() => {
          if (droppable) void dropPeople(store, domain)
        }}
        onDoubleClick={() => setRenaming(curates)}
        onKeyDown={(event) => {
          if (event.key !== 'F2' || !curates) return
          event.preventDefault()
          setRenaming(true)
        }}
      >
        <span className={styles.name}>{domain}</span>
        {summary.sample && (
          <Badge className={styles.badge} size="xs" variant="light" tt="none" flex="none">
            sample
          </Badge>
        )}
        <span className={styles.amount}>{count(summary.persons)}</span>
      </UnstyledButton>
      <Health clientId={clientId} domain={domain} />
      {curates && <DomainMenu clientId={clientId} summary={summary} onRename={() => setRenaming(true)} />}
    </div>
  )
}

/** How many findings are open in the domain, and the way to them. */
function Health({ clientId, domain }: { readonly clientId: ClientId; readonly domain: Domain }) {
  const open = useVisor((state) => openFindings(state, clientId, { domain }))
  const { changeSearch, filterFindings, remember } = useActions()
  if (open === undefined || open === 0) return null
  const words = `${counted(open, 'finding')} in ${domain}: look at them`
  return (
    <UnstyledButton
      className={styles.health}
      aria-label={words}
      title={words}
      onClick={() => {
        void changeSearch({ clientId })
        filterFindings({ domain, kind: null, dismissed: false })
        remember({ screen: 'review', reviewQueue: 'health' })
      }}
    >
      <IconHeartbeat size={13} stroke={1.8} aria-hidden />
      {count(open)}
    </UnstyledButton>
  )
}

function Rename({ clientId, summary, onEnd }: DomainItemProps & { readonly onEnd: () => void }) {
  const store = useVisorStore()
  const [name, setName] = useState<string>(summary.domain)
  const [problem, setProblem] = useState<string | null>(null)

  function save() {
    if (name.trim() === summary.domain) return onEnd()
    const domain = domainSchema.safeParse(name)
    if (!domain.success) return setProblem(domain.error.issues[0]?.message ?? 'This cannot be a name.')
    void renameDomain(store, clientId, summary.domain, domain.data).then(onEnd)
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') save()
    if (event.key === 'Escape') onEnd()
  }
  return (
    <TextInput
      className={styles.rename}
      aria-label={`New name of ${summary.domain}`}
      autoFocus
      maxLength={200}
      value={name}
      error={problem}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={save}
      onKeyDown={onKeyDown}
      onChange={(event) => {
        setName(event.currentTarget.value)
        setProblem(null)
      }}
    />
  )
}

function DomainMenu({ clientId, summary, onRename }: DomainItemProps & { readonly onRename: () => void }) {
  const store = useVisorStore()
  const [opened, setOpened] = useState(false)
  const { domain, persons, photos, faces } = summary
  return (
    <Popover trapFocus returnFocus opened={opened} onChange={setOpened} width={280} position="bottom-start">
      <Popover.Target>
        <ActionIcon
          className={styles.menu}
          size={22}
          aria-label={`Rename or delete ${domain}`}
          onClick={() => setOpened(!opened)}
        >
          <IconDots size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.form}>
        <Text size="sm">
          {domain} has {counted(persons, 'person', 'people')} with {counted(faces, 'face')} of{' '}
          {counted(photos, 'photo')}. Deleted, it waits in the bin; the photo files stay where they are.
        </Text>
        <Button
          variant="default"
          onClick={() => {
            setOpened(false)
            onRename()
          }}
        >
          Rename
        </Button>
        <Button
          color="red"
          onClick={() => {
            setOpened(false)
            void deleteDomain(store, clientId, domain)
          }}
        >
          Delete {persons === 0 ? 'the empty domain' : counted(persons, 'person', 'people')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
