/** What the enrolment gate has against the face joining somebody, where the actions stood, and how to go on. Renderer. */

import { GateObjection } from '../../components/gate-objection'
import { overrideObjection } from '../../state/acts'
import type { Objection } from '../../state/objection-slice'
import { useActions, useVisorStore } from '../../state/use-visor'

export function JoinObjection({ objection: { reasons } }: { readonly objection: Objection }) {
  const store = useVisorStore()
  const { dropObjection } = useActions()
  return (
    <GateObjection
      reasons={reasons}
      onOverride={(why) => void overrideObjection(store, why)}
      onLeave={dropObjection}
    />
  )
}
