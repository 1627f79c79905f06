/** What Visor is, and what stands behind it. Renderer. */
import { keyLabel } from '../../commands/keys'
import { isMac } from '../../commands/platform'
import { Key } from '../../components/key'
import { useVisor } from '../../state/use-visor'
import { Section, StateLine } from './page-parts'

export function AboutPage() {
  const version = useVisor((state) => state.info?.version)
  const mode = useVisor((state) => state.status?.store.mode)
  const place = useVisor((state) => state.status?.store.server?.place)
  return (
    <>
      <StateLine>
        Visor{version === undefined ? '' : ` ${version}`}: a desktop console for face recognition.
      </StateLine>
      <Section title="Where things stay">
        <p>
          Photos are read where they are and never copied or changed.{' '}
          {mode === undefined || mode === 'local' || place === undefined
            ? 'Everything Visor learns about faces stays in its data folder on this computer.'
            : `People, and what their faces are compared by, are on the server ${place}${mode === 'dual' ? ' and on this computer' : ''}; the queue, the settings and what is kept for an outage are in the data folder on this computer.`}{' '}
          Nothing is sent anywhere else; a model is downloaded only when you ask for it.
        </p>
      </Section>
      <Section title="What an answer is worth">
        <p>
          Visor compares faces; it does not know people. A match is strong evidence, a possible is a hint, and
          both can be wrong. Where it matters, look at both faces before you confirm.
        </p>
      </Section>
      <Section title="Find your way">
        <p>
          <Key>?</Key> lists every key, <Key>{keyLabel('Mod+K', isMac)}</Key> finds every command.
        </p>
      </Section>
    </>
  )
}
