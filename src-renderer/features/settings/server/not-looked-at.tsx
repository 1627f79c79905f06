/** What a page about the server says where it could not be asked: why, and where that is mended. Renderer. */
import { Button } from '@mantine/core'
import type { VisorError } from '../../../../src-shared/errors'
import { ErrorNote } from '../../../components/error-note'
import { useActions } from '../../../state/use-visor'
import { Section, StateLine } from '../page-parts'

interface NotLookedAtProps {
  /** `The database`, `The index`. */
  readonly what: string
  readonly error: VisorError
}

export function NotLookedAt({ what, error }: NotLookedAtProps) {
  const { remember } = useActions()
  return (
    <>
      <StateLine
        tone="bad"
        action={<Button onClick={() => remember({ settingsPage: 'connection' })}>Open Connection</Button>}
      >
        {what} could not be looked at.
      </StateLine>
      <Section title="Why">
        <ErrorNote error={error} />
      </Section>
    </>
  )
}
