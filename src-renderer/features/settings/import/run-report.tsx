/** A run: how far it is, what became of the rows, and what can be done with that. Renderer. */
import { Button, Group, Menu, Modal, Skeleton, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { ImportRun } from '../../../../src-shared/import-run'
import type { Job } from '../../../../src-shared/status'
import { request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { showNotice } from '../../../components/toasts'
import { WithRight } from '../../../components/without-right'
import type { ListedRun } from '../../../state/import-slice'
import { useActions } from '../../../state/use-visor'
import { counted, fileName } from '../../../wording'
import { Section } from '../page-parts'
import { AccountBar } from './account-bar'
import styles from './import-page.module.css'
import { reasonWord } from './import-words'
import { isBrought, isOver } from './move-steps'
import { reasonsIn } from './reason-rows'
import { ReasonTable } from './reason-table'
import { SourcePassword } from './source-password'
import { rejectsPage, useRunRows } from './use-run-rows'

interface RunReportProps {
  readonly listed: ListedRun
  readonly job: Job | undefined
}

export function RunReport({ listed, job }: RunReportProps) {
  const { run, jobId } = listed
  const { actOnImport } = useActions()
  const works = jobId !== null
  const brings = isBrought(listed, job)
  return (
    <>
      {!brings && job !== undefined && (
        <Section title={job.title}>
          <JobProgress job={job} />
          <Text size="sm" mt={8} className="figures">
            {progressLine(job)}
          </Text>
        </Section>
      )}
      {run.error !== undefined && run.state === 'failed' && (
        <div className={styles.problem}>
          <ErrorNote error={run.error} />
        </div>
      )}
      <Section title={isOver(run) ? 'What became of the rows' : 'What became of the rows so far'}>
        {brings && job?.total === 0 && <JobProgress job={job} />}
        <AccountBar account={run} total={run.total} label="What became of the rows" />
        {brings && job !== undefined && (
          <Group gap={12}>
            <Text size="sm" className="figures">
              {progressLine(job)}
            </Text>
            <WithRight right="curate">
              <Button
                size="compact-xs"
                variant="default"
                onClick={() =>
                  void actOnImport(
                    run.runId,
                    async () => void (await request('import.cancel', { runId: run.runId })),
                  )
                }
              >
                Cancel: what was brought stays
              </Button>
            </WithRight>
          </Group>
        )}
        {!works && <SourcePassword run={run} />}
        {!works && <RunActs run={run} />}
      </Section>
      <Rejected key={run.runId} run={run} grows={brings} />
    </>
  )
}

function Rejected({ run, grows }: { readonly run: ImportRun; readonly grows: boolean }) {
  const rows = useRunRows(run.runId, { total: run.rejected, grows }, rejectsPage)
  const reasons = useMemo(() => reasonsIn(rows ?? []), [rows])
  if (run.rejected === 0) return null
  return (
    <Section title="Rejected rows">
      {rows === undefined ? (
        <Skeleton height={160} />
      ) : (
        <ReasonTable
          rows={rows}
          reasons={reasons}
          total={run.rejected}
          label="Rejected rows"
          noun="row"
          words={reasonWord}
        />
      )}
    </Section>
  )
}

const formats = [
  { format: 'html', label: 'A page to read or print (HTML)' },
  { format: 'csv', label: 'The rejected rows as a table (CSV)' },
  { format: 'json', label: 'All of it for programs (JSON)' },
] as const

function RunActs({ run }: { readonly run: ImportRun }) {
  const { attempt, importRejectedAgain } = useActions()
  const [asksUndo, setAsksUndo] = useState(false)
  const { runId, kind, rejected, imported, source, state } = run
  const save = (format: (typeof formats)[number]['format']) =>
    attempt(async () => {
      const path = await request('import.saveReport', { runId, format })
      if (path !== null) showNotice('The report was saved.', fileName(path))
    })
  return (
    <Group gap={8}>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} stroke={1.6} aria-hidden />}>
            Save report
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {formats.map(({ format, label }) => (
            <Menu.Item key={format} onClick={() => void save(format)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <WithRight right="curate">
        {rejected > 0 && source !== null && kind !== 'visor' && isOver(run) && state !== 'undone' && (
          <Button variant="default" onClick={() => importRejectedAgain(runId)}>
            Run the {counted(rejected, 'rejected row')} again
          </Button>
        )}
        {imported > 0 && state !== 'undone' && (
          <Button variant="default" color="red" onClick={() => setAsksUndo(true)}>
            Take this import back…
          </Button>
        )}
      </WithRight>
      <Modal opened={asksUndo} onClose={() => setAsksUndo(false)} title="Take an import back" size={480}>
        <UndoImport run={run} onClose={() => setAsksUndo(false)} />
      </Modal>
    </Group>
  )
}

function UndoImport({ run, onClose }: { readonly run: ImportRun; readonly onClose: () => void }) {
  const { actOnImport } = useActions()
  const undo = () => {
    onClose()
    void actOnImport(run.runId, () => request('import.undo', { runId: run.runId }))
  }
  return (
    <>
      <Text size="sm" mb={8}>
        All that this import brought goes from the galleries: faces, and the people who were made for them.
        What was already there stays. The source is not touched, and can be imported again.
      </Text>
      <Text size="sm" mb={16}>
        Where somebody worked with what was brought since, Visor says so and stops there: nothing of later
        work is lost.
      </Text>
      <Group justify="end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button color="red" data-autofocus onClick={undo}>
          Take back {counted(run.imported, 'row')}
        </Button>
      </Group>
    </>
  )
}
