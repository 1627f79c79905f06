/** The line at the bottom: what the parts of the program are doing, and the work that runs. Renderer. */
import { Button, Tooltip } from '@mantine/core'
import type { VisionStatus } from '../../src-shared/status'
import { sampleDomain } from '../state/galleries-slice'
import { useActions, useVisor } from '../state/use-visor'
import { counted, milliseconds } from '../wording'
import { JobsButton } from './jobs-popover'
import styles from './status-bar.module.css'
import { Light } from './status-light'
import { StorePart } from './store-part'

export function StatusBar() {
  const status = useVisor((state) => state.status)
  return (
    <footer className={styles.bar}>
      {status === undefined ? (
        <span>Starting…</span>
      ) : (
        <>
          <Vision vision={status.vision} />
          <StorePart store={status.store} />
          <Model vision={status.vision} />
        </>
      )}
      <Samples />
      <span className={styles.space} />
      <JobsButton />
    </footer>
  )
}

const visionWords: Record<VisionStatus['state'], string> = {
  'no-model': 'no model yet',
  starting: 'starting',
  ready: 'ready',
  restarting: 'restarting',
  failed: 'stopped working',
  stopped: 'stopped',
}

function Vision({ vision }: { readonly vision: VisionStatus }) {
  const msPerPhoto = useVisor((state) => state.progress?.msPerPhoto)
  const { tryVisionAgain, remember } = useActions()
  const parts = [
    `Vision ${visionWords[vision.state]}`,
    vision.state === 'ready' && msPerPhoto !== undefined ? `${milliseconds(msPerPhoto)} a photo` : '',
    vision.state === 'ready' && vision.provider !== undefined ? vision.provider.toUpperCase() : '',
  ]
  return (
    <Tooltip
      label={vision.error?.message ?? vision.providerNote ?? restartsSentence(vision.restarts)}
      position="top-start"
    >
      <span className={styles.part} data-testid="status-vision">
        <Light state={vision.state === 'ready' ? 'good' : vision.state === 'failed' ? 'bad' : 'wait'} />
        {parts.filter((part) => part !== '').join(' · ')}
        {vision.state === 'failed' && (
          <Button size="compact-xs" variant="filled" onClick={() => void tryVisionAgain()}>
            Try again
          </Button>
        )}
        {vision.state === 'no-model' && (
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => remember({ screen: 'settings', settingsPage: 'models' })}
          >
            Get a model
          </Button>
        )}
      </span>
    </Tooltip>
  )
}

function restartsSentence(restarts: number): string {
  return restarts === 0 ? 'Running since the start.' : `Restarted ${counted(restarts, 'time')}.`
}

function Model({ vision }: { readonly vision: VisionStatus }) {
  if (vision.packTitle === undefined) return null
  return (
    <span className={`${styles.part} ${styles.model}`} data-testid="status-model" title={vision.packTitle}>
      Model {vision.packTitle}
    </span>
  )
}

function Samples() {
  const installed = useVisor((state) => sampleDomain(state) !== undefined)
  const { removeSamples } = useActions()
  if (!installed) return null
  return (
    <span className={styles.part}>
      Sample gallery
      <Button
        size="compact-xs"
        variant="subtle"
        aria-label="Remove the sample gallery"
        onClick={() => void removeSamples()}
      >
        Remove
      </Button>
    </span>
  )
}
