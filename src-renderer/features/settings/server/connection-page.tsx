/** Where the server is and how to log in; its test; whether it is worked on. Renderer. */
import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { placeOf } from '../../../../src-shared/server'
import type { ServerTestReport } from '../../../../src-shared/server-test'
import type { StoreMode } from '../../../../src-shared/store-mode'
import { request } from '../../../api'
import { useVisor } from '../../../state/use-visor'
import { Section } from '../page-parts'
import styles from './connection-page.module.css'
import { ModeLine } from './mode-line'
import { PoolFields } from './pool-fields'
import { PasswordFields, PlaceFields, TlsFields } from './server-fields'
import { isChanged, isSound } from './server-form'
import { TestSteps } from './test-steps'
import { useServerForm } from './use-server-form'
import { useServerSide } from './use-server-side'

/** Somebody can work on it as it is; what is merely worth knowing stands in the way of nothing. */
const isFit = ({ state, steps }: ServerTestReport) =>
  state !== 'fail' && steps.some((step) => step.id === 'schema' && step.state === 'pass')

const askPaired = async () => (await request('dual.state')).pairings.length > 0

export function ConnectionPage() {
  const { setup, form, test, change, save, forgetPassword, runTest, cancelTest } = useServerForm()
  const mode = useVisor((state) => state.status?.store.mode)
  const { answer: paired } = useServerSide(askPaired)
  const [asked, setAsked] = useState<StoreMode>()
  const testRef = useRef<HTMLDivElement>(null)
  const shown = test?.steps.length
  const passed = test?.report !== undefined && isFit(test.report)
  useEffect(() => {
    // In a small window the test is below the fields, and grows; the next step comes last.
    if (shown !== undefined || passed) testRef.current?.scrollIntoView({ block: passed ? 'end' : 'nearest' })
  }, [shown, passed])
  if (setup === undefined || form === undefined) return <Skeleton height={320} />
  const sound = isSound(form)
  const changed = isChanged(form, setup.connection)
  const testing = test !== undefined && test.report === undefined
  return (
    <>
      <ModeLine
        place={placeOf(form.connection)}
        ready={sound}
        paired={paired}
        asked={asked}
        onAsk={setAsked}
        save={save}
      />
      <div className={styles.beside}>
        <div>
          <Section title="Where it is">
            <PlaceFields form={form} change={change} />
          </Section>
          <Section title="The way to it">
            <TlsFields form={form} change={change} />
          </Section>
          <Section title="The password">
            <PasswordFields
              form={form}
              change={change}
              setup={setup}
              onForget={() => void forgetPassword()}
            />
          </Section>
          <PoolFields form={form} change={change} />
        </div>
        <div ref={testRef} className={styles.test}>
          <Section title="Test">
            <Group gap={8} mb={8}>
              <Button
                variant={passed ? 'default' : 'filled'}
                disabled={!sound || testing}
                onClick={() => void runTest()}
              >
                {test === undefined ? 'Test the connection' : 'Test again'}
              </Button>
              <Button variant="default" disabled={!sound || !changed} onClick={() => void save()}>
                Save
              </Button>
              {changed && sound && (
                <Text size="sm" c="dimmed">
                  Not saved yet.
                </Text>
              )}
            </Group>
            {test === undefined ? (
              <Text size="sm" c="dimmed">
                Connects step by step and says of each what was found and, where something is wrong, how to
                mend it. Nothing is changed on the server.
              </Text>
            ) : (
              <>
                <TestSteps test={test} onCancel={() => void cancelTest()} />
                {passed && mode === 'local' && paired === false && (
                  <Button mt={8} onClick={() => setAsked('server')}>
                    Use this server…
                  </Button>
                )}
              </>
            )}
          </Section>
        </div>
      </div>
    </>
  )
}
