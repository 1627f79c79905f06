/** One level of a domain's thresholds: what it means, and its distance by number or by wrong-name rate. Renderer. */
import { Button, NumberInput, Text } from '@mantine/core'
import { useState } from 'react'
import type { ChosenDistance, ThresholdLevel } from '../../../src-shared/calibration'
import type { DomainCalibration } from '../../../src-shared/ipc'
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
  const name = level === 'match' ? 'Match' : 'Possible'
  const bySize = known.bySize[level]
  const searches = searchesPerWrongName(known, distance)
  const lowest = known.calibration === undefined ? undefined : Math.round(1 / known.calibration.lowestRate)
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
          onEnter={(entered) => {
            onChoose({ distance: Math.min(2, Math.max(0, entered)) })
            return undefined
          }}
        />
        <span>or 1 wrong name in</span>
        <TypedNumber
          label={`${name}, searches for one wrong name`}
          value={searches}
          decimals={0}
          placeholder={lowest === undefined ? '' : `> ${count(lowest)}`}
          onEnter={(entered) => {
            const wanted = choiceOf(known, entered)
            if (wanted === undefined) return `These data tell of 1 in 2 to 1 in ${count(lowest ?? 0)}.`
            onChoose(wanted)
            return undefined
          }}
        />
        <span>searches</span>
        {choice === null ? (
          <Text span size="xs" c="dimmed">
            from the gallery’s size
          </Text>
        ) : (
          <Button size="compact-xs" variant="light" onClick={() => onChoose(null)}>
            Reset to {distanceText(bySize)}
          </Button>
        )}
      </div>
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
  /** Takes what was typed, on Enter or when the field is left; gives why it cannot be, where it cannot. */
  readonly onEnter: (value: number) => string | undefined
}

function TypedNumber({ label, value, decimals, prefix = '', placeholder = '', onEnter }: TypedNumberProps) {
  const [typed, setTyped] = useState<number>()
  const [error, setError] = useState<string>()
  function enter(): void {
    if (typed === undefined) return
    setTyped(undefined)
    setError(onEnter(typed))
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
      error={error}
      onChange={(entered) => {
        setError(undefined)
        if (typeof entered === 'number') setTyped(entered)
      }}
      onBlur={enter}
      onKeyDown={(event) => {
        if (event.key === 'Enter') enter()
      }}
    />
  )
}
