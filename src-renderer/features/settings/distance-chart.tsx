/** A gallery's distances and its thresholds among them: areas, and lines that are dragged or moved by keys. Renderer. */
import { type KeyboardEvent, type PointerEvent, useId, useRef } from 'react'
import type { Calibration, ThresholdLevel } from '../../../src-shared/calibration'
import chart from '../../components/chart.module.css'
import { distanceText } from '../../wording'
import {
  chartSize,
  clampedDistance,
  distanceOfX,
  histogramPath,
  plot,
  rangeEnd,
  ticks,
  xOf,
} from './chart-shapes'
import styles from './distance-chart.module.css'

const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -0.01,
  ArrowDown: -0.01,
  ArrowRight: 0.01,
  ArrowUp: 0.01,
  PageDown: -0.05,
  PageUp: 0.05,
}

interface DistanceChartProps {
  readonly calibration: Calibration
  readonly distances: { readonly [L in ThresholdLevel]: number }
  /** What a level's distance means, for the screen reader. */
  readonly meaning: (level: ThresholdLevel) => string
  readonly onMove: (level: ThresholdLevel, distance: number) => void
}

export function DistanceChart({ calibration, distances, meaning, onMove }: DistanceChartProps) {
  const titleId = useId()
  const svg = useRef<SVGSVGElement>(null)
  const { within, between, nearestOther } = calibration
  const end = rangeEnd([within, between, nearestOther], distances.possible)
  const distanceAt = (event: PointerEvent) => {
    const box = svg.current!.getBoundingClientRect()
    return distanceOfX(((event.clientX - box.left) / box.width) * chartSize.width, end)
  }
  return (
    <figure className={chart.figure}>
      <svg
        ref={svg}
        className={chart.chart}
        viewBox={`0 0 ${chartSize.width} ${chartSize.height}`}
        aria-labelledby={titleId}
      >
        <title id={titleId}>{`Distances between faces in ${calibration.domain}, and the thresholds`}</title>
        <path className={styles.between} d={histogramPath(between, end)} />
        <path className={styles.within} d={histogramPath(within, end)} />
        <path className={styles.nearest} d={histogramPath(nearestOther, end)} />
        <line className={styles.axis} x1={plot.left} x2={plot.right} y1={plot.bottom} y2={plot.bottom} />
        {ticks(end).map((tick) => (
          <text key={tick} className={styles.tick} x={xOf(tick, end)} y={plot.bottom + 18}>
            {tick.toFixed(1)}
          </text>
        ))}
        <text className={styles.ends} x={plot.left} y={chartSize.height - 6}>
          more alike
        </text>
        <text className={styles.ends} data-end x={plot.right} y={chartSize.height - 6}>
          less alike
        </text>
        {(['possible', 'match'] as const).map((level) => (
          <ThresholdLine
            key={level}
            level={level}
            distance={distances[level]}
            end={end}
            meaning={meaning(level)}
            distanceAt={distanceAt}
            onMove={(distance) => onMove(level, distance)}
          />
        ))}
      </svg>
      <figcaption className={`${chart.legend} ${styles.legend}`}>
        <span data-of="within">photos of one person</span>
        <span data-of="between">different people</span>
        <span data-of="nearest">nearest wrong person of each search</span>
      </figcaption>
    </figure>
  )
}

interface ThresholdLineProps {
  readonly level: ThresholdLevel
  readonly distance: number
  readonly end: number
  readonly meaning: string
  readonly distanceAt: (event: PointerEvent) => number
  readonly onMove: (distance: number) => void
}

function ThresholdLine({ level, distance, end, meaning, distanceAt, onMove }: ThresholdLineProps) {
  /** How far from the line it was taken: by its label, where two lines lie on each other. */
  const grabbedAt = useRef(0)
  const x = xOf(distance, end)
  // The two labels stand on either side of their lines, so that near lines do not hide each other's.
  const labelLeft = level === 'match' ? x > 110 : x > plot.right - 110
  const onKey = (event: KeyboardEvent) => {
    const step = keySteps[event.key]
    const target =
      step === undefined ? { Home: 0, End: end }[event.key] : clampedDistance(distance + step, end)
    if (target === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onMove(target)
  }
  return (
    <g
      className={styles.line}
      data-level={level}
      role="slider"
      tabIndex={0}
      aria-label={level === 'match' ? 'Match within' : 'Possible within'}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={end}
      aria-valuenow={Number(distance.toFixed(3))}
      aria-valuetext={`${distanceText(distance)}. ${meaning}`}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        grabbedAt.current = distanceAt(event) - distance
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        onMove(clampedDistance(distanceAt(event) - grabbedAt.current, end))
      }}
    >
      <rect
        className={styles.grip}
        x={x - 9}
        y={plot.top - 24}
        width={18}
        height={plot.bottom - plot.top + 24}
      />
      <line x1={x} x2={x} y1={plot.top - 20} y2={plot.bottom} />
      <text x={labelLeft ? x - 6 : x + 6} y={plot.top - 12} data-left={labelLeft ? true : undefined}>
        {`${level === 'match' ? '✓ match' : '? possible'} ≤ ${distanceText(distance)}`}
      </text>
    </g>
  )
}
