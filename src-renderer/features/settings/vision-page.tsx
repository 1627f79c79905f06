/** The process that finds and compares faces: how it is, what it runs on. Renderer. */
import { Button, NumberInput, Select } from '@mantine/core'
import type { VisionStatus } from '../../../src-shared/status'
import { ErrorNote } from '../../components/error-note'
import { useActions, useVisor } from '../../state/use-visor'
import { counted, milliseconds } from '../../wording'
import { Facts, Section, StateLine } from './page-parts'

const providers = [
  { value: 'auto', label: 'Automatic: the graphics card where it works' },
  { value: 'cpu', label: 'CPU' },
  { value: 'cuda', label: 'CUDA (NVIDIA, Linux)' },
  { value: 'dml', label: 'DirectML (Windows)' },
  { value: 'coreml', label: 'Core ML (macOS)' },
] as const

export function VisionPage() {
  const vision = useVisor((state) => state.status?.vision)
  const msPerPhoto = useVisor((state) => state.progress?.msPerPhoto)
  const { provider, threads } = useVisor((state) => state.settings)
  const { remember } = useActions()
  if (vision === undefined) return <StateLine tone="wait">Visor is starting.</StateLine>
  return (
    <>
      <VisionState vision={vision} />
      {vision.error !== undefined && vision.state !== 'ready' && (
        <Section title="Why">
          <ErrorNote error={vision.error} />
        </Section>
      )}
      <Section title="Where it runs">
        <Select
          label="Provider"
          maw={360}
          allowDeselect={false}
          value={provider}
          data={providers.map(({ value, label }) => ({ value: value as string, label }))}
          onChange={(value) => {
            const chosen = providers.find((candidate) => candidate.value === value)
            if (chosen !== undefined) remember({ provider: chosen.value })
          }}
        />
        <NumberInput
          mt={12}
          label="Threads inside one inference"
          description="0 = one for each core of the processor."
          maw={360}
          min={0}
          max={64}
          clampBehavior="strict"
          value={threads}
          onChange={(value) => {
            if (typeof value === 'number') remember({ threads: value })
          }}
        />
      </Section>
      <Section title="Now">
        <Facts
          facts={[
            ['In use', vision.provider?.toUpperCase() ?? 'nothing yet'],
            ...(vision.providerNote === undefined
              ? []
              : [['Why not the wanted one', vision.providerNote] as const]),
            ['Model', vision.packTitle ?? 'none'],
            ['Time a photo', msPerPhoto === undefined ? 'none measured yet' : milliseconds(msPerPhoto)],
            ['Restarts since the start', String(vision.restarts)],
            ['Process', vision.pid === undefined ? 'not running' : String(vision.pid)],
          ]}
        />
      </Section>
    </>
  )
}

function VisionState({ vision }: { readonly vision: VisionStatus }) {
  const { tryVisionAgain, remember } = useActions()
  switch (vision.state) {
    case 'ready':
      return (
        <StateLine>
          The vision process is ready
          {vision.restarts > 0 ? ` after ${counted(vision.restarts, 'restart')}; no photo was lost.` : '.'}
        </StateLine>
      )
    case 'starting':
      return <StateLine tone="wait">The vision process is starting.</StateLine>
    case 'restarting':
      return (
        <StateLine tone="wait">
          The vision process stopped and is being started again. The queue waits.
        </StateLine>
      )
    case 'no-model':
      return (
        <StateLine
          tone="bad"
          action={<Button onClick={() => remember({ settingsPage: 'models' })}>Get a model</Button>}
        >
          The vision process has no model to work with.
        </StateLine>
      )
    case 'failed':
      return (
        <StateLine tone="bad" action={<Button onClick={() => void tryVisionAgain()}>Try again</Button>}>
          The vision process does not run and was left off after several tries. Photos wait; nothing is lost.
        </StateLine>
      )
    case 'stopped':
      return <StateLine tone="wait">The vision process is stopped.</StateLine>
  }
}
