/** The rail at the left edge: the screens, the keys. Renderer. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconFaceId, IconKeyboard, IconListCheck, IconSettings, IconUsersGroup } from '@tabler/icons-react'
import type { Screen } from '../../src-shared/settings'
import { keyLabel } from '../commands/keys'
import { isMac } from '../commands/platform'
import { reviewQueues } from '../features/review/queues'
import { useActions, useVisor } from '../state/use-visor'
import styles from './rail.module.css'

const screens: readonly { id: Screen; title: string; key: string; Icon: typeof IconFaceId }[] = [
  { id: 'identify', title: 'Identify', key: 'Mod+1', Icon: IconFaceId },
  { id: 'galleries', title: 'Galleries', key: 'Mod+2', Icon: IconUsersGroup },
  ...(reviewQueues.length === 0
    ? []
    : [{ id: 'review', title: 'Review', key: 'Mod+3', Icon: IconListCheck } as const]),
  { id: 'settings', title: 'Settings', key: 'Mod+,', Icon: IconSettings },
]

export function Rail() {
  const current = useVisor((state) => state.settings.screen)
  const { remember, openOverlay } = useActions()
  return (
    <nav className={styles.rail} aria-label="Screens">
      {screens.map(({ id, title, key, Icon }) => (
        <Tooltip key={id} label={`${title}  ${keyLabel(key, isMac)}`} position="right">
          <UnstyledButton
            className={styles.item}
            aria-label={title}
            aria-current={current === id ? 'page' : undefined}
            onClick={() => remember({ screen: id })}
          >
            <Icon size={22} stroke={1.6} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      ))}
      <Tooltip label="Keys  ?" position="right">
        <UnstyledButton
          className={`${styles.item} ${styles.last}`}
          aria-label="Keys"
          onClick={() => openOverlay('help')}
        >
          <IconKeyboard size={22} stroke={1.6} aria-hidden />
        </UnstyledButton>
      </Tooltip>
    </nav>
  )
}
