/** Model packs: what they are, under which terms, whether they are here, which one is in use. Renderer. */
import { Badge, Button, Checkbox, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import type { Job, PackStatus } from '../../../src-shared/status'
import { JobProgress, progressLine } from '../../components/job-progress'
import { useActions, useVisor } from '../../state/use-visor'
import { byteSize } from '../../wording'
import styles from './models-page.module.css'
import { StateLine } from './page-parts'

export function ModelsPage() {
  const packs = useVisor((state) => state.packs)
  const download = useVisor((state) =>
    [...state.jobs.values()].find((job) => job.kind === 'fetch-models' && job.state === 'running'),
  )
  if (packs === undefined) return <Skeleton height={120} />
  return (
    <>
      <ModelsState packs={packs} download={download} />
      <Text size="sm" c="dimmed" mb={12}>
        A pack finds faces and tells them apart. Faces enrolled with one pack are compared with that pack
        only; after a change to another, Gallery health (Review) reads their photos again.
      </Text>
      {packs.map((pack) => (
        <Pack key={pack.id} pack={pack} busy={download !== undefined} />
      ))}
    </>
  )
}

function ModelsState({ packs, download }: { packs: readonly PackStatus[]; download: Job | undefined }) {
  const { fetchPack, cancelJob } = useActions()
  const used = packs.find((pack) => pack.inUse)
  const free = packs.find((pack) => pack.state !== 'present' && !pack.licence.consentRequired)
  if (download !== undefined) {
    return (
      <StateLine
        tone="wait"
        action={
          <Button variant="default" onClick={() => void cancelJob(download.jobId)}>
            Cancel
          </Button>
        }
      >
        {download.title}: {progressLine(download)}
        <JobProgress job={download} />
      </StateLine>
    )
  }
  if (used !== undefined && used.state === 'present') {
    return <StateLine>{used.title} is in use; its files are complete and verified.</StateLine>
  }
  return (
    <StateLine
      tone="bad"
      action={
        free !== undefined && (
          <Button onClick={() => void fetchPack(free.id, false)}>
            Get {free.title} ({byteSize(free.bytes)})
          </Button>
        )
      }
    >
      No model is in use: Visor cannot find faces until one is.
    </StateLine>
  )
}

const stateLabels: Record<PackStatus['state'], { text: string; colour: string }> = {
  present: { text: 'Here, verified', colour: 'blue' },
  missing: { text: 'Not here', colour: 'gray' },
  corrupt: { text: 'Damaged: not used', colour: 'red' },
}

function Pack({ pack, busy }: { readonly pack: PackStatus; readonly busy: boolean }) {
  const { fetchPack, choosePack } = useActions()
  const [agreed, setAgreed] = useState(pack.consentedAt !== undefined)
  const needsConsent = pack.licence.consentRequired && pack.consentedAt === undefined
  const label =
    pack.inUse && pack.state === 'present' ? { text: 'In use', colour: 'blue' } : stateLabels[pack.state]
  return (
    <section className={styles.pack} aria-label={pack.title}>
      <div className={styles.head}>
        <Text fw={600}>{pack.title}</Text>
        <Badge size="sm" variant="light" color={label.colour} tt="none">
          {label.text}
        </Badge>
      </div>
      <Text size="sm" c="dimmed">
        Finds faces with {pack.detector}, tells them apart with {pack.embedder} · {byteSize(pack.bytes)}
      </Text>
      <Text size="sm">
        <strong>{pack.licence.name}.</strong> {pack.licence.summary}
      </Text>
      {pack.unproven !== undefined && (
        <Text size="sm" c="dimmed">
          {pack.unproven}
        </Text>
      )}
      {needsConsent && pack.state !== 'present' && (
        <Checkbox
          checked={agreed}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
          label={`I have read these terms and will use ${pack.title} within them.`}
        />
      )}
      <div className={styles.actions}>
        {pack.state !== 'present' && (
          <Button
            variant="default"
            disabled={busy || (needsConsent && !agreed)}
            onClick={() => void fetchPack(pack.id, pack.licence.consentRequired && agreed)}
          >
            {pack.state === 'corrupt' ? 'Get it again' : 'Get it'} ({byteSize(pack.bytes)})
          </Button>
        )}
        {pack.state === 'present' && !pack.inUse && (
          <Button variant="default" onClick={() => void choosePack(pack.id)}>
            Use this pack
          </Button>
        )}
      </div>
      {pack.liveness !== undefined && <LivenessPart pack={pack} liveness={pack.liveness} busy={busy} />}
    </section>
  )
}

interface LivenessPartProps {
  readonly pack: PackStatus
  readonly liveness: NonNullable<PackStatus['liveness']>
  readonly busy: boolean
}

/** The optional model: what it does, how far that is proven, whether it is here. */
function LivenessPart({ pack, liveness, busy }: LivenessPartProps) {
  const { fetchOptional } = useActions()
  return (
    <section className={styles.liveness} aria-label="Prints and screens">
      <Text size="sm">
        <strong>Prints and screens</strong> (optional):{' '}
        {liveness.state === 'present'
          ? 'looked for when faces are enrolled.'
          : 'not looked for; the model is not here.'}
      </Text>
      <Text size="sm" c="dimmed">
        {liveness.unproven}
      </Text>
      {liveness.state !== 'present' && (
        <div className={styles.actions}>
          <Button variant="default" disabled={busy} onClick={() => void fetchOptional(pack.id)}>
            {liveness.state === 'corrupt' ? 'Get it again' : 'Get it'} ({byteSize(liveness.bytes)})
          </Button>
        </div>
      )}
    </section>
  )
}
