/** Everything Visor can be told to do, with its keys. Renderer. */
import type { Screen } from '../../src-shared/settings'
import { request } from '../api'
import { reviewQueues } from '../features/review/queues'
import { undoLast } from '../state/acts'
import type { Store } from '../state/store'
import { boxCommands } from './box-commands'
import { enrolmentCommands } from './enrolment-commands'
import { focusPane } from './focus'
import { galleryCommands } from './gallery-commands'
import { healthCommands } from './health-commands'
import { identifyCommands } from './identify-commands'
import { movingCommands } from './moving-commands'
import { openPalette } from './palette'
import type { Command } from './registry'
import { unknownCommands } from './unknown-commands'

/** All commands, bound to a store. */
export function commandsOf(store: Store): readonly Command[] {
  return [
    ...boxCommands(store),
    ...identifyCommands(store),
    ...galleryCommands(store),
    ...enrolmentCommands(store),
    ...unknownCommands(store),
    ...healthCommands(store),
    ...movingCommands(store),
    ...windowCommands(store),
  ]
}

function windowCommands(store: Store): Command[] {
  const { openOverlay, remember, tryVisionAgain, attempt } = store.getState()
  return [
    {
      id: 'show-identify',
      title: 'Identify',
      group: 'Window',
      keys: ['Mod+1'],
      run: () => show(store, 'identify'),
    },
    {
      id: 'show-galleries',
      title: 'Galleries',
      group: 'Window',
      keys: ['Mod+2'],
      run: () => show(store, 'galleries'),
    },
    {
      id: 'show-review',
      title: 'Review',
      group: 'Window',
      keys: ['Mod+3'],
      enabled: () => reviewQueues.length > 0,
      run: () => show(store, 'review'),
    },
    {
      id: 'show-settings',
      title: 'Settings',
      group: 'Window',
      keys: ['Mod+,', 'Mod+4'],
      run: () => show(store, 'settings'),
    },
    {
      id: 'palette',
      title: 'All commands',
      group: 'Window',
      keys: ['Mod+K'],
      keyOnly: true,
      run: openPalette,
    },
    { id: 'help', title: 'Keys', group: 'Window', keys: ['?', 'F1'], run: () => openOverlay('help') },
    { id: 'undo', title: 'Undo', group: 'Window', keys: ['Mod+Z'], run: () => void undoLast(store) },
    {
      id: 'next-pane',
      title: 'Next pane',
      group: 'Window',
      keys: ['F6'],
      keyOnly: true,
      run: () => {
        openOverlay(null)
        focusPane(1)
      },
    },
    {
      id: 'previous-pane',
      title: 'Previous pane',
      group: 'Window',
      keys: ['Shift+F6'],
      keyOnly: true,
      run: () => {
        openOverlay(null)
        focusPane(-1)
      },
    },
    {
      id: 'jobs',
      title: 'Show running and finished work',
      group: 'Window',
      keys: ['J'],
      run: () => openOverlay('jobs'),
    },
    {
      id: 'theme-dark',
      title: 'Dark colours',
      group: 'Window',
      keys: [],
      keywords: 'theme appearance',
      run: () => remember({ theme: 'dark' }),
    },
    {
      id: 'theme-light',
      title: 'Light colours',
      group: 'Window',
      keys: [],
      keywords: 'theme appearance',
      run: () => remember({ theme: 'light' }),
    },
    {
      id: 'theme-system',
      title: 'Colours as the system has them',
      group: 'Window',
      keys: [],
      keywords: 'theme appearance',
      run: () => remember({ theme: 'system' }),
    },
    {
      id: 'vision-again',
      title: 'Start the vision process again',
      group: 'Window',
      keys: [],
      enabled: ({ status }) => status?.vision.state === 'failed',
      run: () => void tryVisionAgain(),
    },
    {
      id: 'reveal-log',
      title: 'Show the log file',
      group: 'Window',
      keys: [],
      run: () => void attempt(() => request('app.revealLog')),
    },
    {
      id: 'reveal-data',
      title: 'Show the data folder',
      group: 'Window',
      keys: [],
      run: () => void attempt(() => request('app.revealDataFolder')),
    },
  ]
}

function show(store: Store, screen: Screen): void {
  store.getState().remember({ screen })
}
