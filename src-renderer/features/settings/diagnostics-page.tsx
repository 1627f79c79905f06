/** Versions and places: what to look at, and to send, when something is wrong. Renderer. */
import { Button, CopyButton, Group, Skeleton } from '@mantine/core'
import type { AppInfo } from '../../../src-shared/status'
import { request } from '../../api'
import { ErrorNote } from '../../components/error-note'
import { useActions, useVisor } from '../../state/use-visor'
import { count } from '../../wording'
import { Facts, Section, StateLine } from './page-parts'

export function DiagnosticsPage() {
  const info = useVisor((state) => state.info)
  const status = useVisor((state) => state.status)
  const { attempt } = useActions()
  const errors = [status?.vision.error, status?.store.error].filter((error) => error !== undefined)
  return (
    <>
      <StateLine
        tone={errors.length === 0 ? 'good' : 'bad'}
        action={
          <Button variant="default" onClick={() => void attempt(() => request('app.revealLog'))}>
            Show the log
          </Button>
        }
      >
        {errors.length === 0
          ? 'All parts of Visor work.'
          : 'A part of Visor does not work; the log says more.'}
      </StateLine>
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
