/** The line above the panes: where to search, how strictly, and what to do with the answers. Renderer. */

import { ActionIcon, Button, Menu, Select, Tooltip } from '@mantine/core'
import { IconDownload, IconFolderOpen, IconPhotoPlus } from '@tabler/icons-react'
import { keyLabel } from '../../commands/keys'
import { openPalette } from '../../commands/palette'
import { isMac } from '../../commands/platform'
import { Key } from '../../components/key'
import { domainsOfClient } from '../../state/galleries-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { counted } from '../../wording'
import { DistancesButton } from './distances'
import { RecognitionOptions } from './recognition-options'
import styles from './toolbar.module.css'

export function Toolbar() {
  return (
    <header className={styles.toolbar} data-pane="toolbar">
      <DomainPicker />
      <ClientPicker />
      <DistancesButton />
      <RecognitionOptions />
      <DualMark />
      <span className={styles.space} />
      <PhotoButtons />
      <Button
        variant="default"
        size="compact-sm"
        rightSection={<Key>{keyLabel('Mod+K', isMac)}</Key>}
        onClick={openPalette}
        className={styles.commands}
      >
        Commands
      </Button>
    </header>
  )
}

/** Stands for every domain of the client; a domain's own name has no control characters. */
const everyDomain = '\u0000every'

function DomainPicker() {
  const domains = useVisor(domainsOfClient)
  const { domain, allDomains } = useVisor((state) => state.settings.search)
  const { changeSearch } = useActions()
  const missing = domain === null && !allDomains
  const names: string[] = domains.map((summary) => summary.domain)
  // While the server is gone, only what is kept here is told of.
  const away = domain !== null && !names.includes(domain)
  const data = [
    ...(away ? [{ value: domain as string, label: `${domain} (not kept here)` }] : []),
    ...names.map((name) => ({ value: name, label: name })),
  ]
  return (
    <Select
      className={styles.domain}
      aria-label="Domain"
      title={domain ?? ''}
      leftSection={<span className={styles.label}>Domain</span>}
      leftSectionWidth={62}
      leftSectionPointerEvents="none"
      data-pane-focus
      data-focus-name="domain"
      placeholder="Choose a domain"
      error={missing}
      required
      searchable={data.length > 8}
      allowDeselect={false}
      value={allDomains ? everyDomain : domain}
      data={data.length > 1 ? [...data, { value: everyDomain, label: 'All domains' }] : data}
      nothingFoundMessage="No domain yet: make one under Galleries."
      renderOption={({ option }) => {
        const summary = domains.find((candidate) => candidate.domain === option.value)
        return (
          <span className={styles.option}>
            <span className={styles.optionName} title={option.label}>
              {option.label}
            </span>
            {summary !== undefined && (
              <span className={styles.optionNote}>
                {summary.sample ? 'sample · ' : ''}
                {counted(summary.persons, 'person', 'people')}
              </span>
            )}
          </span>
        )
      }}
      onChange={(value) => {
        const chosen = domains.find((summary) => summary.domain === value)
        if (value === everyDomain) void changeSearch({ allDomains: true })
        else if (chosen !== undefined) void changeSearch({ domain: chosen.domain, allDomains: false })
      }}
    />
  )
}

function ClientPicker() {
  const clients = useVisor((state) => state.clients)
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { changeSearch } = useActions()
  const ids = new Set<string>([clientId, ...(clients ?? []).map((client) => client.clientId)])
  return (
    <Tooltip label="Client: whose galleries are searched. They are never mixed.">
      <Select
        className={styles.client}
        aria-label="Client"
        leftSection={<span className={styles.label}>Client</span>}
        leftSectionWidth={52}
        leftSectionPointerEvents="none"
        allowDeselect={false}
        value={clientId}
        data={[...ids]}
        onChange={(value) => {
          const chosen = clients?.find((client) => client.clientId === value)
          if (chosen === undefined || chosen.clientId === clientId) return
          void changeSearch({ clientId: chosen.clientId, domain: null, allDomains: false })
        }}
      />
    </Tooltip>
  )
}

/** Says that each search is compared with a server on trial. */
function DualMark() {
  const server = useVisor(({ status }) => (status?.store.mode === 'dual' ? status.store.server : null))
  const { remember } = useActions()
  if (server === null) return null
  const what =
    server.state === 'up'
      ? `Each search is compared with ${server.place}.`
      : `${server.place} does not answer, so nothing is compared.`
  return (
    <Tooltip label={`This machine answers. ${what}`}>
      <Button
        size="compact-sm"
        variant="light"
        className={styles.dual}
        data-testid="dual-mark"
        onClick={() => remember({ screen: 'settings', settingsPage: 'validation' })}
      >
        dual
      </Button>
    </Tooltip>
  )
}

function PhotoButtons() {
  const { openPhotos, exportShown } = useActions()
  const empty = useVisor((state) => state.queue.order.length === 0)
  return (
    <>
      <Tooltip label={`Open photos…  ${keyLabel('Mod+O', isMac)}`}>
        <ActionIcon aria-label="Open photos…" onClick={() => void openPhotos('files')}>
          <IconPhotoPlus size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`Open a folder…  ${keyLabel('Mod+Shift+O', isMac)}`}>
        <ActionIcon aria-label="Open a folder…" onClick={() => void openPhotos('folder')}>
          <IconFolderOpen size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target>
          <Tooltip label="Export what is shown">
            <ActionIcon aria-label="Export" disabled={empty}>
              <IconDownload size={18} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>What the filter shows</Menu.Label>
          <Menu.Item
            rightSection={<Key>{keyLabel('Mod+E', isMac)}</Key>}
            onClick={() => void exportShown('json')}
          >
            JSON, one object a photo…
          </Menu.Item>
          <Menu.Item
            rightSection={<Key>{keyLabel('Mod+Shift+E', isMac)}</Key>}
            onClick={() => void exportShown('csv')}
          >
            CSV, one row a face…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
