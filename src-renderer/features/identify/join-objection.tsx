/** What the enrolment gate has against the face joining somebody, where the actions stood, and how to go on. Renderer. */

import { Button } from '@mantine/core'
import { GateObjection } from '../../components/gate-objection'
import { overrideObjection, repeatAndJoin } from '../../state/acts'
import type { Objection } from '../../state/objection-slice'
import { useActions, useVisorStore } from '../../state/use-visor'
import styles from './repeats-note.module.css'

export function JoinObjection({ objection: { reasons } }: { readonly objection: Objection }) {
  const store = useVisorStore()
  const { dropObjection } = useActions()
  const isTwice = reasons.some(({ finding }) => finding.kind === 'same-photo' && finding.whose === 'own')
  return (
    <>
      <GateObjection
        reasons={reasons}
        onOverride={(why) => void overrideObjection(store, why)}
        onLeave={dropObjection}
      />
      {isTwice && (
        <div className={styles.mirror}>
          <span>Mirror or collage? Then they may be in it twice.</span>
          <Button size="compact-sm" variant="default" onClick={() => void repeatAndJoin(store)}>
            It is one: add the face
          </Button>
        </div>
      )}
    </>
  )
}
