/** The steps of a test, as they come: each with what was found, a figure, and what to do about it. Renderer. */
import { Button, Loader } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { ServerTestStep, ServerTestStepId } from '../../../../src-shared/server-test'
import { useActions } from '../../../state/use-visor'
import { CopyText } from './copy-text'
import styles from './test-steps.module.css'
import type { ServerTest } from './use-server-form'

const titles: Record<ServerTestStepId, string> = {
  settings: 'Settings',
  address: 'Address',
  reach: 'Reached',
  tls: 'Encryption',
  login: 'Log-in',
  database: 'Database',
  version: 'Version',
  writes: 'Writing',
  extension: 'pgvector',
  schema: 'Schema',
  rights: 'Rights',
}

const marks = {
  pass: { Icon: IconCheck, word: 'passes' },
  warn: { Icon: IconAlertTriangle, word: 'warns' },
  fail: { Icon: IconX, word: 'fails' },
  skipped: { Icon: IconMinus, word: 'not looked at' },
} as const

export function TestSteps({ test, onCancel }: { readonly test: ServerTest; readonly onCancel: () => void }) {
  const running = test.report === undefined
  return (
    <>
      <ol className={styles.steps} aria-live="polite" aria-label="Steps of the test">
        {test.steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
        {running && (
          <li className={styles.step} data-state="running">
            <Loader size={14} aria-hidden />
            <span>Looking on …</span>
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              Cancel
            </Button>
          </li>
        )}
      </ol>
      {test.report?.detail != null && (
        <details className={styles.details}>
          <summary>What the server said</summary>
          <CopyText text={test.report.detail} label="What the server said" />
        </details>
      )}
    </>
  )
}

function Step({ step }: { readonly step: ServerTestStep }) {
  const { remember } = useActions()
  const { Icon, word } = marks[step.state]
  const leadsOn = step.id === 'schema' && step.state !== 'pass' && step.state !== 'skipped'
  return (
    <li className={styles.step} data-state={step.state} data-testid={`step-${step.id}`}>
      <Icon size={15} stroke={2} role="img" aria-label={word} />
      <strong>{titles[step.id]}</strong>
      <span className={styles.figure}>{step.figure}</span>
      <span className={styles.sentence}>{step.sentence}</span>
      {step.next !== null && (
        <div className={styles.next}>
          <span>{step.next.text}</span>
          {step.next.copy !== null && <CopyText text={step.next.copy} label="To copy" />}
          {leadsOn && (
            <Button size="compact-xs" variant="default" onClick={() => remember({ settingsPage: 'schema' })}>
              Open Schema
            </Button>
          )}
        </div>
      )}
    </li>
  )
}
