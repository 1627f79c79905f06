/** The overlay that lists every key. Renderer. */

import { Modal } from '@mantine/core'
import { Key } from '../components/key'
import { useActions, useVisor } from '../state/use-visor'
import styles from './help-overlay.module.css'
import { keyLabel } from './keys'
import { isMac } from './platform'
import { type Command, type CommandGroup, commandGroups } from './registry'

export function HelpOverlay({ commands }: { readonly commands: readonly Command[] }) {
  const opened = useVisor((state) => state.overlay === 'help')
  const { openOverlay } = useActions()
  return (
    <Modal opened={opened} onClose={() => openOverlay(null)} title="Keys" size={860} lockScroll={false}>
      <div className={styles.groups}>
        {commandGroups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className={styles.heading}>{group}</h3>
            <dl className={styles.list}>
              {rows(commands, group).map(({ id, title, keys }) => (
                <div key={id} className={styles.row}>
                  <dt>{title}</dt>
                  <dd className={styles.keys}>
                    {keys.map((key) => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}

interface Row {
  readonly id: string
  readonly title: string
  readonly keys: readonly string[]
}

/** The commands of a group that have keys; those of one kind, 1 … 9 for instance, are one row. */
function rows(commands: readonly Command[], group: CommandGroup): Row[] {
  return commands
    .filter((command) => command.group === group && command.keys.length > 0 && command.unlisted !== true)
    .map(({ id, title, keys, listedAs = { title, keys } }) => ({
      id,
      title: listedAs.title,
      keys: listedAs.keys.map((key) => keyLabel(key, isMac)),
    }))
}
