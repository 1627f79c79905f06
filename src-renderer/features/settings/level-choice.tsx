/** One level of a domain's thresholds: what it means, and its distance by number or by wrong-name rate. Renderer. */
import { Button, NumberInput, Text } from '@mantine/core'
import { useState } from 'react'
import type { ChosenDistance, ThresholdLevel } from '../../../src-shared/calibration'
import type { DomainCalibration } from '../../../src-shared/requests/thresholds'
import { DecisionMark } from '../../components/decision-mark'
import { count, distanceText } from '../../wording'
import styles from './level-choice.module.css'
import { choiceOf, searchesPerWrongName } from './use-domain-calibration'

interface LevelChoiceProps {
  readonly level: ThresholdLevel
  readonly known: DomainCalibration
  readonly distance: number
  /** What is chosen or tried; `null` = the gallery's size decides. */
  readonly choice: ChosenDistance | null
  readonly sentence: string
  readonly onChoose: (choice: ChosenDistance | null) => void
}

export function LevelChoice({ level, known, distance, choice, sentence, onChoose }: LevelChoiceProps) {
  const [refused, setRefused] = useState(false)
  const name = level === 'match' ? 'Match' : 'Possible'
  const lowest = known.calibration === undefined ? 0 : Math.round(1 / known.calibration.lowestRate)
  const perWrongName = searchesPerWrongName(known, distance)
  const choose = (wanted: ChosenDistance | null | undefined) => {
    setRefused(wanted === undefined)
    if (wanted !== undefined) onChoose(wanted)
  }
  return (
    <section className={styles.level} aria-label={name}>
      <div className={styles.inputs}>
        <span className={styles.name}>
          <DecisionMark decision={level} named={false} /> {name}
        </span>
        <TypedNumber
          label={`${name}, distance`}
          prefix="≤ "
          value={Number(distance.toFixed(2))}
          decimals={2}
          onEnter={(entered) => choose({ distance: Math.min(2, Math.max(0, entered)) })}
        />
        <span>or 1 wrong name in</span>
        <TypedNumber
          label={`${name}, searches for one wrong name`}
          value={'searches' in perWrongName ? perWrongName.searches : undefined}
          decimals={0}
          placeholder={'beyond' in perWrongName ? perWrongName.beyond : ''}
          onEnter={(entered) => choose(choiceOf(known, entered))}
        />
        <span>searches</span>
        {choice === null ? (
          <Text span size="xs" c="dimmed">
            from the gallery’s size
          </Text>
        ) : (
          <Button size="compact-xs" variant="light" onClick={() => choose(null)}>
            Reset to {distanceText(known.bySize[level])}
          </Button>
        )}
      </div>
      {refused && (
        <Text size="sm" c="red" role="alert">
          Nothing was changed: these data tell of rates from 1 in 2 to 1 in {count(lowest)}.
        </Text>
      )}
      <Text size="sm" data-testid={`sentence-${level}`}>
        {sentence}
      </Text>
    </section>
  )
}

interface TypedNumberProps {
  readonly label: string
  readonly value: number | undefined
  readonly decimals: number
  readonly prefix?: string
  readonly placeholder?: string
  /** Takes what was typed, on Enter or when the field is left. */
  readonly onEnter: (value: number) => void
}

function TypedNumber({ label, value, decimals, prefix = '', placeholder = '', onEnter }: TypedNumberProps) {
  const [typed, setTyped] = useState<number>()
  function enter(): void {
    if (typed === undefined) return
    setTyped(undefined)
    onEnter(typed)
  }
  return (
    <NumberInput
      aria-label={label}
      className={styles.number}
      value={typed ?? value ?? ''}
      prefix={prefix}
      placeholder={placeholder}
      decimalScale={decimals}
      fixedDecimalScale={decimals > 0}
      thousandSeparator=","
      allowNegative={false}
      hideControls
      onChange={(entered) => {
        if (typeof entered === 'number') setTyped(entered)
      }}
      onBlur={enter}
      onKeyDown={(event) => {
        if (event.key === 'Enter') enter()
      }}
    />
  )
}
