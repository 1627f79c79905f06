/** The diagnosis of a store, versions and places: what to look at, and to send, when something is wrong. Renderer. */
import { Button, CopyButton, Group, Skeleton } from '@mantine/core'
import type { AppInfo } from '../../../src-shared/status'
import { request } from '../../api'
import { ErrorNote } from '../../components/error-note'
import { useActions, useVisor } from '../../state/use-visor'
import { count } from '../../wording'
import { DiagnosisSection } from './diagnosis/diagnosis-section'
import { Facts, Section } from './page-parts'

export function DiagnosticsPage() {
  const info = useVisor((state) => state.info)
  const status = useVisor((state) => state.status)
  const { attempt } = useActions()
  const errors = [status?.vision.error, status?.store.error].filter((error) => error !== undefined)
  return (
    <>
      <DiagnosisSection />
      {errors.map((error) => (
        <Section key={error.message} title="What is wrong">
          <ErrorNote error={error} />
        </Section>
      ))}
      {info === undefined ? (
        <Skeleton height={200} />
      ) : (
        <>
          <Section title="Versions">
            <Facts facts={versions(info)} />
          </Section>
          <Section title="Places">
            <Facts
              facts={[
                ['Data folder', info.dataFolder],
                ['Log file', info.logFile],
              ]}
            />
            <Group mt={12} gap={8}>
              <Button variant="default" onClick={() => void attempt(() => request('app.revealDataFolder'))}>
                Show the data folder
              </Button>
              <Button variant="default" onClick={() => void attempt(() => request('app.revealLog'))}>
                Show the log
              </Button>
              <CopyButton
                value={versions(info)
                  .map(([name, value]) => `${name}: ${value}`)
                  .join('\n')}
              >
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy the versions'}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Section>
        </>
      )}
      {status !== undefined && (
        <Section title="Store">
          <Facts
            facts={[
              ['Engine', status.store.engine],
              ['Where', status.store.server?.place ?? 'this machine'],
              ['People', count(status.store.persons)],
              ['Faces', count(status.store.faces)],
            ]}
          />
        </Section>
      )}
    </>
  )
}

function versions(info: AppInfo): (readonly [string, string])[] {
  return [
    ['Visor', info.version],
    ['Electron', info.electron],
    ['Chromium', info.chromium],
    ['Node', info.node],
    ['System', info.platform],
    ...(info.runtimeNote === undefined ? [] : [['Runtime', info.runtimeNote] as const]),
  ]
}
