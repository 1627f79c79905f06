/** Photos of a run that Visor has not seen: how many, where to look for them, what was found, and what was not. Renderer. */
import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useMemo } from 'react'
import type { ImportKind } from '../../../../src-shared/import'
import type { ImportRun, UnseenOfRun } from '../../../../src-shared/import-run'
import type { Job } from '../../../../src-shared/status'
import { request } from '../../../api'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { WithRight } from '../../../components/without-right'
import type { ListedRun } from '../../../state/import-slice'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { count, counted } from '../../../wording'
import { Section } from '../page-parts'
import { unfoundRemedy, unfoundWord } from './import-words'
import { isLook, type MoveView, waitsForPhotos } from './move-steps'
import { PhotoPlaces } from './photo-places'
import { reasonsIn } from './reason-rows'
import { ReasonTable } from './reason-table'
import { SourcePassword } from './source-password'
import { unfoundPage, useRunRows } from './use-run-rows'

interface PhotosStepProps {
  readonly listed: ListedRun
  readonly view: MoveView
}

export function PhotosStep({ listed: { run, jobId }, view: { job, ended, unseen } }: PhotosStepProps) {
  if (job !== undefined && isLook(job)) return <GoesOn job={job} />
  if (unseen === undefined) return <Skeleton height={160} />
  const last = isLook(ended) ? ended : undefined
  return (
    <>
      {last !== undefined && last.error === undefined && <Found job={last} />}
      <Waiting run={run} unseen={unseen} isIdle={jobId === null} />
      {unseen.unfound > 0 && <Unfound key={last?.jobId} run={run} unfound={unseen.unfound} />}
    </>
  )
}

function GoesOn({ job }: { readonly job: Job }) {
  const { cancelJob } = useActions()
  return (
    <Section title="The photos are looked at">
      <JobProgress job={job} />
      <Group gap={12} mt={8}>
        <Text size="sm" className="figures">
          {progressLine(job)}
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => void cancelJob(job.jobId)}>
          Cancel: what was seen stays
        </Button>
      </Group>
    </Section>
  )
}

function Found({ job }: { readonly job: Job }) {
  const { showGalleriesView, remember } = useActions()
  const showHistory = () => {
    showGalleriesView('history')
    remember({ screen: 'galleries' })
  }
  return (
    <Section title="What was found">
      <Text size="sm" role="status">
        {job.state === 'cancelled'
          ? 'The look was cancelled. What it saw before stays; it goes on wherever it is begun again.'
          : `${job.outcome}.`}
      </Text>
      <Text size="sm" c="dimmed">
        Each part of a look is an entry of the history and can be undone there, the newest first; taking the
        import back takes the looks back as well.
      </Text>
      <Button size="compact-sm" variant="default" onClick={showHistory}>
        Show the history
      </Button>
    </Section>
  )
}

const fromDatabase: ReadonlySet<ImportKind> = new Set(['legacy-sqlite', 'legacy-postgres'])

interface WaitingProps {
  readonly run: ImportRun
  readonly unseen: UnseenOfRun
  /** Nothing is done with the run. */
  readonly isIdle: boolean
}

function Waiting({ run, unseen, isIdle }: WaitingProps) {
  const { actOnImport } = useActions()
  const store = useVisorStore()
  const folder = useVisor((state) => state.photoFolder)
  const { photos, faces, domains, unfound, example } = unseen
  if (faces === 0) {
    return (
      <Section title="Photos that were not looked at">
        <Text size="sm">
          {unfound === 0
            ? 'There are none: every face that was imported is measured.'
            : 'There are none, but faces that were not found in theirs.'}
        </Text>
      </Section>
    )
  }
  const look = () => {
    const password = store.getState().importPassword || null
    return actOnImport(run.runId, () => request('import.look', { runId: run.runId, folder, password }))
  }
  const isFirst = waitsForPhotos(unseen)
  return (
    <Section title={isFirst ? 'Photos that were not looked at' : 'Look again'}>
      {isFirst ? (
        <Text size="sm" maw={720}>
          {counted(faces, 'face')} of {counted(photos, 'photo')} in {domains.join(', ')} came as the source
          has them: without a picture, and <em>not measured</em>. Where their photos are at hand, Visor finds
          each face in its photo, measures it, keeps its picture, and embeds it under the model in use, so
          that searches find it. What the source had of it stays.
        </Text>
      ) : (
        <Text size="sm" maw={720}>
          {counted(faces, 'face')} of {counted(photos, 'photo')} in {domains.join(', ')} came as the source
          has them and are still <em>not measured</em>: they were not found, as said below.
        </Text>
      )}
      <WithRight right="curate">
        <PhotoPlaces example={example} inSource={fromDatabase.has(run.kind)} />
        <SourcePassword run={run} />
        <Button disabled={!isIdle} variant={isFirst ? 'filled' : 'default'} onClick={() => void look()}>
          {unfound > 0 ? 'Look again at' : 'Look at'} {counted(photos, 'photo')}
        </Button>
      </WithRight>
    </Section>
  )
}

interface UnfoundProps {
  readonly run: ImportRun
  readonly unfound: number
}

function Unfound({ run, unfound }: UnfoundProps) {
  const rows = useRunRows(run.runId, { total: unfound }, unfoundPage)
  const reasons = useMemo(() => reasonsIn(rows ?? []), [rows])
  return (
    <Section title={`Faces that were not found: ${count(unfound)}`}>
      {rows === undefined ? (
        <Skeleton height={160} />
      ) : (
        <>
          <ul className="figures">
            {reasons.map(({ reason, rows: some }) => (
              <li key={reason}>
                <strong>
                  {unfoundWord[reason]}: {count(some)}.
                </strong>{' '}
                {unfoundRemedy[reason] ?? 'See the row for why.'}
              </li>
            ))}
          </ul>
          <ReasonTable
            rows={rows}
            reasons={reasons}
            total={unfound}
            label="Faces that were not found"
            noun="face"
            words={unfoundWord}
          />
        </>
      )}
    </Section>
  )
}
