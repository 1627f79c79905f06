/** Verify and identify, in plain words, and the distances in force. Renderer. */
import { Button, Text } from '@mantine/core'
import type { ThresholdsInForce } from '../../../src-shared/recognition'
import { DecisionMark } from '../../components/decision-mark'
import { useActions, useVisor } from '../../state/use-visor'
import { counted, distanceText } from '../../wording'
import { distanceInForce } from '../identify/distances'
import { CalibrationSection } from './calibration-section'
import { Facts, Section, StateLine } from './page-parts'
import styles from './thresholds-page.module.css'

export function ThresholdsPage() {
  const size = useVisor((state) => state.sizeThresholds)
  return (
    <>
      <ThresholdsState size={size} />
      <CalibrationSection />
      <Section title="Two different questions">
        <p>
          <strong>Verify</strong> asks: are these two faces the same person? One comparison, one chance to be
          wrong.
        </p>
        <p>
          <strong>Identify</strong> asks: who of all these people is it? Every enrolled face is one more
          chance to be wrong, so the larger the gallery, the nearer a face must be before it is given a name.
          Visor works the distances out from the number of enrolled faces, so that wrong names stay as rare in
          a large gallery as in a small one.
        </p>
      </Section>
      <Section title="What an answer means">
        <ul className={styles.meanings}>
          <li>
            <DecisionMark decision="match" />{' '}
            <span>
              A <strong>match</strong> names the person.
            </span>
          </li>
          <li>
            <DecisionMark decision="possible" />
            <span>
              A <strong>possible</strong> is worth a look; somebody has to say.
            </span>
          </li>
          <li>
            <DecisionMark decision="unknown" />
            <span>
              An <strong>unknown</strong> names nobody. The nearest people are listed, not as answers.
            </span>
          </li>
        </ul>
      </Section>
      {size !== undefined && <InForce size={size} />}
    </>
  )
}

function ThresholdsState({ size }: { readonly size: ThresholdsInForce | undefined }) {
  const match = useVisor((state) => distanceInForce(state, 'match'))
  const possible = useVisor((state) => distanceInForce(state, 'possible'))
  const set = useVisor(
    ({ settings: { search } }) => search.matchDistance !== null || search.possibleDistance !== null,
  )
  const { changeSearch, remember } = useActions()
  if (size === undefined || match === undefined || possible === undefined) {
    return (
      <StateLine
        tone="wait"
        action={<Button onClick={() => remember({ screen: 'identify' })}>Choose a domain</Button>}
      >
        No domain is chosen, so no distance is in force yet.
      </StateLine>
    )
  }
  return (
    <StateLine
      tone={set ? 'wait' : 'good'}
      action={
        set && (
          <Button
            variant="default"
            onClick={() => void changeSearch({ matchDistance: null, possibleDistance: null })}
          >
            Undo what is set by hand
          </Button>
        )
      }
    >
      A match is within {distanceText(match)}, a possible within {distanceText(possible)}
      {set
        ? '; set by hand.'
        : size.matchSource === 'domain' || size.possibleSource === 'domain'
          ? '; chosen for this domain.'
          : `: what ${counted(size.comparisons, 'face')} ask for.`}
    </StateLine>
  )
}

function InForce({ size }: { readonly size: ThresholdsInForce }) {
  const search = useVisor((state) => state.settings.search)
  const row = (override: number | null, without: number, source: ThresholdsInForce['matchSource']) => {
    const from = source === 'domain' ? 'chosen for this domain' : 'from the gallery’s size'
    return override === null ? (
      <span title={String(without)}>
        {distanceText(without)}, {from}
      </span>
    ) : (
      <span title={String(override)}>
        {distanceText(override)}, set by hand (without it {distanceText(without)}, {from})
      </span>
    )
  }
  return (
    <Section title="In force">
      <Facts
        facts={[
          ['Searched', search.allDomains ? 'All domains' : (search.domain ?? 'None')],
          ['Faces searched', counted(size.comparisons, 'face')],
          ['Match within', row(search.matchDistance, size.match, size.matchSource)],
          ['Possible within', row(search.possibleDistance, size.possible, size.possibleSource)],
        ]}
      />
      <Text size="xs" c="dimmed" mt={8}>
        Distances are cosine distances between embeddings: 0 … 2, smaller is more alike. Those of single
        searches are set in the toolbar of Identify.
      </Text>
    </Section>
  )
}
