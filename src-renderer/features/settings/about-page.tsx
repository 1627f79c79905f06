/** What Visor is, and what stands behind it. Renderer. */
import { Key } from '../../components/key'
import { useVisor } from '../../state/use-visor'
import { Section, StateLine } from './page-parts'

export function AboutPage() {
  const version = useVisor((state) => state.info?.version)
  return (
    <>
      <StateLine>
        Visor{version === undefined ? '' : ` ${version}`}: a desktop console for face recognition.
      </StateLine>
      <Section title="Where things stay">
        <p>
          Photos are read where they are and never copied or changed. Everything Visor learns about faces
          stays in its data folder on this computer. Nothing is sent anywhere; a model is downloaded only when
          you ask for it.
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
          <Key>?</Key> lists every key.
        </p>
      </Section>
    </>
  )
}
