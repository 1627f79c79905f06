/** The rail at the left edge: the screens, the keys. Renderer. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconFaceId, IconKeyboard, IconListCheck, IconSettings, IconUsersGroup } from '@tabler/icons-react'
import type { Screen } from '../../src-shared/settings'
import { keyLabel } from '../commands/keys'
import { isMac } from '../commands/platform'
import { reviewQueues } from '../features/review/queues'
import { waitingEnrolments } from '../state/enrolment-slice'
import { useActions, useVisor } from '../state/use-visor'
import { count } from '../wording'
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
  const waiting = useVisor(waitingEnrolments)
  const { remember, openOverlay } = useActions()
  return (
    <nav className={styles.rail} aria-label="Screens">
      {screens.map(({ id, title, key, Icon }) => {
        const what = id === 'review' && waiting > 0 ? `${count(waiting)} to look at` : undefined
        return (
          <Tooltip
            key={id}
            label={`${title}${what === undefined ? '' : `: ${what}`}  ${keyLabel(key, isMac)}`}
            position="right"
          >
            <UnstyledButton
              className={styles.item}
              aria-label={title}
              aria-description={what}
              aria-current={current === id ? 'page' : undefined}
              onClick={() => remember({ screen: id })}
            >
              <Icon size={22} stroke={1.6} aria-hidden />
              {what !== undefined && (
                <span className={styles.count} aria-hidden>
                  {waiting > 99 ? '99+' : waiting}
                </span>
              )}
            </UnstyledButton>
          </Tooltip>
        )
      })}
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
