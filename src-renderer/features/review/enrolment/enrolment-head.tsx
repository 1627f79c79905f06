/** What of the waiting enrolments is shown: of one domain, for one reason; with the amounts. Renderer. */
import { Button, Select } from '@mantine/core'
import { kindTitles } from '../../../../src-shared/gate-sentences'
import { focusNamed } from '../../../commands/focus'
import { undoLast } from '../../../state/acts'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { count } from '../../../wording'
import styles from './enrolment-head.module.css'

const everything = ''

/** The keys go back to the decision. */
const leaveField = () => requestAnimationFrame(() => focusNamed('review-queue'))

export function EnrolmentHead() {
  const byDomain = useVisor((state) => state.enrolments?.byDomain)
  const byKind = useVisor((state) => state.enrolments?.byKind)
  const { domain, kind } = useVisor((state) => state.enrolmentFilter)
  const { filterEnrolments } = useActions()
  return (
    <>
      <Select
        aria-label="Domain"
        size="xs"
        w={180}
        allowDeselect={false}
        onDropdownClose={leaveField}
        value={domain ?? everything}
        data={[
          { value: everything, label: 'All domains' },
          ...(byDomain ?? []).map((one) => ({
            value: one.domain,
            label: `${one.domain} (${count(one.count)})`,
          })),
        ]}
        onChange={(value) =>
          filterEnrolments({ domain: byDomain?.find((one) => one.domain === value)?.domain ?? null })
        }
      />
      <Select
        aria-label="Reason"
        size="xs"
        w={240}
        allowDeselect={false}
        onDropdownClose={leaveField}
        value={kind ?? everything}
        data={[
          { value: everything, label: 'Any reason' },
          ...(byKind ?? []).map((one) => ({
            value: one.kind,
            label: `${kindTitles[one.kind]} (${count(one.count)})`,
          })),
        ]}
        onChange={(value) =>
          filterEnrolments({ kind: byKind?.find((one) => one.kind === value)?.kind ?? null })
        }
      />
      <LastAct />
    </>
  )
}

function LastAct() {
  const store = useVisorStore()
  const act = useVisor((state) => state.lastEnrolmentAct)
  if (act === null) return null
  return (
    <div className={styles.last}>
      <span className={styles.summary} title={act.summary}>
        {act.summary}
      </span>
      <Button size="compact-xs" variant="light" flex="none" onClick={() => void undoLast(store)}>
        Undo
      </Button>
    </div>
  )
}
