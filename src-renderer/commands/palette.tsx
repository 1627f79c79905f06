/** The command palette: every command that can be done now, every domain, every page of the settings. Renderer. */

import { createSpotlight, Spotlight, type SpotlightActionGroupData, useSpotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Key } from '../components/key'
import { settingsPages } from '../features/settings/pages'
import { domainsOfClient } from '../state/galleries-slice'
import { useVisor, useVisorStore } from '../state/use-visor'
import { keyLabel } from './keys'
import styles from './palette.module.css'
import { isMac } from './platform'
import { type Command, commandGroups, isEnabled } from './registry'

const [paletteStore, palette] = createSpotlight()

export const openPalette = (): void => palette.open()

export function CommandPalette({ commands }: { readonly commands: readonly Command[] }) {
  const store = useVisorStore()
  const { opened } = useSpotlight(paletteStore)
  // While it is closed nothing of the state matters to it.
  const state = useVisor((current) => (opened ? current : null))
  const actions = useMemo((): SpotlightActionGroupData[] => {
    if (state === null) return []
    const shown = commands.filter((command) => command.keyOnly !== true && isEnabled(command, state))
    const { remember, changeSearch } = store.getState()
    return [
      ...commandGroups.map((group) => ({
        group,
        actions: shown
          .filter((command) => command.group === group)
          .map((command) => ({
            id: command.id,
            label: command.title,
            keywords: command.keywords ?? '',
            onClick: command.run,
            rightSection:
              command.keys[0] === undefined ? null : <Key>{keyLabel(command.keys[0], isMac)}</Key>,
          })),
      })),
      {
        group: 'Search in',
        actions: domainsOfClient(state).map(({ domain }) => ({
          id: `domain-${domain}`,
          label: `Search in ${domain}`,
          onClick: () => void changeSearch({ domain, allDomains: false }),
        })),
      },
      {
        group: 'Settings',
        actions: settingsPages.map((page) => ({
          id: `settings-${page.id}`,
          label: `Settings: ${page.title}`,
          onClick: () => remember({ screen: 'settings', settingsPage: page.id }),
        })),
      },
    ].filter((group) => group.actions.length > 0)
  }, [commands, state, store])

  return (
    <Spotlight
      store={paletteStore}
      actions={actions}
      shortcut={null}
      title="Commands"
      classNames={{ header: styles.header }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="Nothing by that name."
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: 'Search a command, a domain, a setting',
        'aria-label': 'Command',
      }}
    />
  )
}
