/** The distances a search uses: what is in force, where it comes from, and how to set another. Renderer. */
import { Button, NumberInput, Popover, Slider, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import type { Decision, ThresholdsInForce } from '../../../src-shared/recognition'
import { DecisionMark } from '../../components/decision-mark'
import type { State } from '../../state/store'
import { useActions, useVisor } from '../../state/use-visor'
import { counted, distanceText } from '../../wording'
import styles from './distances.module.css'

type Level = Exclude<Decision, 'unknown'>

/** The distance in force at a level: what was set, else what the gallery's size asks for. */
export function distanceInForce(state: Pick<State, 'settings' | 'sizeThresholds'>, level: Level) {
  const { search } = state.settings
  const override = level === 'match' ? search.matchDistance : search.possibleDistance
  return override ?? state.sizeThresholds?.[level]
}

export function DistancesButton() {
  const match = useVisor((state) => distanceInForce(state, 'match'))
  const possible = useVisor((state) => distanceInForce(state, 'possible'))
  const overridden = useVisor(
    ({ settings: { search } }) => search.matchDistance !== null || search.possibleDistance !== null,
  )
  return (
    <Popover trapFocus returnFocus width={360} position="bottom-start">
      <Popover.Target>
        <Button
          variant="default"
          size="compact-sm"
          className={styles.button}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={`Distances: match ${text(match)}, possible ${text(possible)}`}
        >
          <span className={styles.levels}>
            <span>match ≤ {text(match)}</span>
            <span className={styles.second}>possible ≤ {text(possible)}</span>
            {overridden && <span className={styles.set}>set</span>}
          </span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Distances">
        <DistancesPanel />
      </Popover.Dropdown>
    </Popover>
  )
}

function text(distance: number | undefined): string {
  return distance === undefined ? '–' : distanceText(distance)
}

function DistancesPanel() {
  const size = useVisor((state) => state.sizeThresholds)
  if (size === undefined) {
    return <Text size="sm">Choose a domain first: its size says how near two faces have to be.</Text>
  }
  return (
    <div className={styles.panel}>
      <Text size="sm" c="dimmed">
        Smaller is stricter. The more faces a gallery has, the nearer a face must be before it is given a
        name: this one has {counted(size.comparisons, 'face')}.
      </Text>
      <LevelSetting level="match" title="Match: names the person" size={size} />
      <LevelSetting level="possible" title="Possible: asks somebody" size={size} />
    </div>
  )
}

interface LevelSettingProps {
  readonly level: Level
  readonly title: string
  readonly size: ThresholdsInForce
}

const slider = { min: 0.1, max: 1, step: 0.01 } as const

function LevelSetting({ level, title, size }: LevelSettingProps) {
  const key = level === 'match' ? 'matchDistance' : 'possibleDistance'
  const override = useVisor((state) => state.settings.search[key])
  const { changeSearch } = useActions()
  const [dragged, setDragged] = useState<number | null>(null)
  const bySize = size[level]
  const value = dragged ?? override ?? bySize

  function set(distance: number | null) {
    setDragged(null)
    void changeSearch({ [key]: distance })
  }

  return (
    <section className={styles.level} aria-label={title}>
      <div className={styles.head}>
        <DecisionMark decision={level} named={false} />
        <Text size="sm" fw={600}>
          {title}
        </Text>
      </div>
      <div className={styles.inputs}>
        <Slider
          {...slider}
          size="sm"
          value={value}
          label={null}
          thumbLabel={`${title}, distance`}
          marks={[{ value: bySize }]}
          onChange={setDragged}
          onChangeEnd={set}
        />
        <NumberInput
          aria-label={`${title}, distance`}
          value={value}
          min={0}
          max={2}
          step={0.01}
          decimalScale={2}
          fixedDecimalScale
          hideControls
          onChange={(entered) => {
            if (typeof entered === 'number') setDragged(entered)
          }}
          onBlur={() => {
            if (dragged !== null) set(dragged)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && dragged !== null) set(dragged)
          }}
        />
      </div>
      <div className={styles.source}>
        <Text size="xs" c="dimmed">
          {override === null ? sourceSentence(size, level) : `Set here. Without it: ${distanceText(bySize)}.`}
        </Text>
        {override !== null && (
          <Button size="compact-xs" variant="light" onClick={() => set(null)}>
            Reset to {distanceText(bySize)}
          </Button>
        )}
      </div>
    </section>
  )
}

/** Where a distance comes from, one sentence. */
function sourceSentence(size: ThresholdsInForce, level: Level): string {
  const source = level === 'match' ? size.matchSource : size.possibleSource
  if (source === 'verify')
    return 'What one comparison of two faces needs; so small a gallery asks for no more.'
  if (source === 'domain') return 'Chosen for this domain in the settings.'
  if (source === 'override') return 'Set in the settings.'
  return `What a gallery of ${counted(size.comparisons, 'face')} asks for.`
}
