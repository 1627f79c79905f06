/** The commands of the queue of findings: every fix by its key, and the way through the queue. Renderer. */
import { request } from '../api'
import { findingFixes, runFix } from '../features/review/health/fixes'
import { findingInView } from '../state/health-slice'
import type { State, Store } from '../state/store'
import type { Command } from './registry'

const onHealthQueue = ({ settings, queueOnScreen, overlay }: State) =>
  settings.screen === 'review' && queueOnScreen === 'health' && overlay === null

export function healthCommands(store: Store): readonly Command[] {
  const { stepFinding, remember, attempt } = store.getState()
  const withFinding = (state: State) => onHealthQueue(state) && findingInView(state) !== undefined
  return [
    {
      id: 'show-health',
      title: 'Gallery health',
      group: 'Review',
      keys: [],
      keywords: 'findings outliers duplicates',
      run: () => remember({ screen: 'review', reviewQueue: 'health' }),
    },
    {
      id: 'health-anew',
      title: 'Look at everybody’s health anew',
      group: 'Review',
      keys: [],
      right: 'curate',
      keywords: 'findings again',
      run: () => void attempt(() => request('health.lookAnew')),
    },
    {
      id: 'next-finding',
      title: 'Next finding',
      group: 'Review',
      keys: ['ArrowRight', 'ArrowDown'],
      keyOnly: true,
      enabled: withFinding,
      run: () => stepFinding(1),
    },
    {
      id: 'previous-finding',
      title: 'Previous finding',
      group: 'Review',
      keys: ['ArrowLeft', 'ArrowUp'],
      keyOnly: true,
      enabled: withFinding,
      run: () => stepFinding(-1),
    },
    ...findingFixes.map(
      (fix): Command => ({
        id: `finding-${fix.id}`,
        title: fix.hint,
        group: 'Review',
        keys: [fix.keyName],
        ...(fix.right === undefined ? {} : { right: fix.right }),
        keyOnly: true,
        unlisted: true,
        enabled: (state) => {
          const finding = findingInView(state)
          return onHealthQueue(state) && finding !== undefined && fix.applies(finding)
        },
        run: () => runFix(store, fix),
      }),
    ),
  ]
}
