/** The signed-off report of an erasure, to be looked at and saved. Renderer. */
import { Button, CopyButton, Modal, Text } from '@mantine/core'
import type { ErasureReport } from '../../../src-shared/erasure'
import { useActions, useVisor } from '../../state/use-visor'
import { byteSize, count, counted, moment } from '../../wording'
import styles from './erasure.module.css'
import { RemovedList } from './removed-list'

export function ErasureReportDialog() {
  const opened = useVisor((state) => state.overlay === 'erasure-report')
  const report = useVisor((state) => state.erasureReport)
  const { openOverlay } = useActions()
  return (
    <Modal
      opened={opened && report !== null}
      onClose={() => openOverlay(null)}
      title="Report of an erasure"
      size={560}
    >
      {report !== null && <Report report={report} />}
    </Modal>
  )
}

function Report({ report }: { readonly report: ErasureReport }) {
  const { openOverlay, saveErasureReport } = useActions()
  const { subject, signedOff, ledger, removed, cleared, notReached } = report
  const people = counted(subject.people, 'person', 'people')
  return (
    <div className={styles.dialog}>
      <Text size="sm">
        <strong>{subject.kind === 'client' ? `A client with ${people}` : people}</strong> erased for good by{' '}
        {signedOff.by}, {moment(signedOff.at)}.
        {signedOff.why === null ? ' The reason went with a later erasure.' : ` “${signedOff.why}”`}
      </Text>
      <RemovedList removed={removed} />
      <p className={styles.cleared}>
        The database file was rewritten without them, {moment(cleared.at)}: {byteSize(cleared.bytesBefore)}{' '}
        before, {byteSize(cleared.bytesAfter)} after.
      </p>
      <section aria-label="Not reached">
        <h3 className={styles.heading}>Not reached, so see to it yourself</h3>
        <ul className={styles.notes}>
          {notReached.map(({ what, count: amount }) => (
            <li key={what}>
              {what}
              {amount === undefined ? '' : `: ${count(amount)}`}
            </li>
          ))}
        </ul>
      </section>
      <p className={styles.ledger}>
        History entry {ledger.sequence} · {ledger.hash.slice(0, 16)}…
      </p>
      <div className={styles.buttons}>
        <CopyButton value={JSON.stringify(report, null, 2)}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={() => void saveErasureReport(ledger.entry)}>
          Save report…
        </Button>
        <Button data-autofocus onClick={() => openOverlay(null)}>
          Close
        </Button>
      </div>
    </div>
  )
}
