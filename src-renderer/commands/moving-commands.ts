/** The commands of a move to a server: begin and end the trial, cut over, roll back. Renderer. */
import { request } from '../api'
import type { State, Store } from '../state/store'
import type { Command } from './registry'

const inMode =
  (mode: 'local' | 'dual' | 'server') =>
  ({ status }: State): boolean =>
    status?.store.mode === mode

export function movingCommands(store: Store): readonly Command[] {
  const { remember, openOverlay, attempt } = store.getState()
  const openPage = (settingsPage: 'validation' | 'cut-over') => remember({ screen: 'settings', settingsPage })
  return [
    {
      id: 'begin-comparing',
      title: 'Begin to compare with the server',
      group: 'Moving over',
      keys: [],
      keywords: 'dual mode trial',
      right: 'administer',
      enabled: inMode('local'),
      run: () => {
        openPage('validation')
        void attempt(() => request('dual.go', { mode: 'dual' }))
      },
    },
    {
      id: 'compare-folder',
      title: 'Compare both sides on a folder of photos…',
      group: 'Moving over',
      keys: [],
      keywords: 'dual replay',
      right: 'administer',
      enabled: inMode('dual'),
      run: () => {
        openPage('validation')
        void attempt(() => request('dual.replay', { what: 'folder' }))
      },
    },
    {
      id: 'stop-comparing',
      title: 'Stop comparing with the server',
      group: 'Moving over',
      keys: [],
      keywords: 'dual mode local',
      right: 'administer',
      enabled: inMode('dual'),
      run: () => void attempt(() => request('dual.go', { mode: 'local' })),
    },
    {
      id: 'cut-over',
      title: 'Cut over to the server…',
      group: 'Moving over',
      keys: [],
      keywords: 'server mode gate',
      right: 'administer',
      enabled: inMode('dual'),
      run: () => {
        openPage('cut-over')
        openOverlay('cut-over')
      },
    },
    {
      id: 'roll-back',
      title: 'See what a roll-back brings…',
      group: 'Moving over',
      keys: [],
      keywords: 'local mode back',
      right: 'administer',
      enabled: inMode('server'),
      run: () => openPage('cut-over'),
    },
  ]
}
