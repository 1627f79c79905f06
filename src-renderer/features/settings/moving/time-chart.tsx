/** Figures of both sides over time: lines, a goal, and the figures of the moment that is pointed at. Renderer. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import chart from '../../../components/chart.module.css'
import { moment } from '../../../wording'
import styles from './time-chart.module.css'
import {
  chartSize,
  linePath,
  marks,
  nearestPoint,
  type Point,
  plot,
  type Range,
  xOf,
  yOf,
} from './time-chart-shapes'

/** One line; the two of a chart differ in colour and in stroke. */
export interface Series {
  readonly name: string
  readonly look: 'first' | 'second'
  readonly points: readonly Point[]
}

interface TimeChartProps {
  /** What is shown, for the screen reader too. */
  readonly title: string
  readonly series: readonly Series[]
  readonly time: Range
  readonly range: Range
  /** The length of what one point stands for, milliseconds. */
  readonly bucketMs: number
  /** Where the gate draws the line, and in words. */
  readonly goals: readonly { readonly value: number; readonly text: string }[]
  readonly valueText: (value: number) => string
  /** A value at the axis; without it as anywhere else. */
  readonly markText?: (value: number, range: Range) => string
}

export function TimeChart({
  title,
  series,
  time,
  range,
  bucketMs,
  goals,
  valueText,
  markText = valueText,
}: TimeChartProps) {
  const svg = useRef<SVGSVGElement>(null)
  const [shownAt, setShownAt] = useState<number>()
  const moments = series[0]?.points ?? []
  const shown = moments.find(({ at }) => at === shownAt) ?? moments.at(-1)
  const point = (event: PointerEvent) => {
    const box = svg.current!.getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * chartSize.width
    setShownAt(nearestPoint(moments, x, time)?.at)
  }
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -moments.length, End: moments.length }[event.key]
    if (by === undefined || shown === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const place = Math.min(moments.length - 1, Math.max(0, moments.indexOf(shown) + by))
    setShownAt(moments[place]?.at)
  }
  const readout =
    shown === undefined
      ? ''
      : series
          .map(({ name, points }) => {
            const value = points.find(({ at }) => at === shown.at)?.value ?? null
            return `${name} ${value === null ? '–' : valueText(value)}`
          })
          .join(' · ')
  return (
    <figure className={chart.figure}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, moments.length - 1)}
        aria-valuenow={shown === undefined ? 0 : moments.indexOf(shown)}
        aria-valuetext={shown === undefined ? 'nothing' : `${whenText(shown.at)}: ${readout}`}
        onPointerMove={point}
        onPointerLeave={() => setShownAt(undefined)}
        onKeyDown={step}
      >
        <svg
          ref={svg}
          className={chart.chart}
          viewBox={`0 0 ${chartSize.width} ${chartSize.height}`}
          aria-hidden
        >
          {marks(range).map((mark) => (
            <g key={mark}>
              <line
                className={styles.grid}
                x1={plot.left}
                x2={plot.right}
                y1={yOf(mark, range)}
                y2={yOf(mark, range)}
              />
              <text className={styles.value} x={plot.left - 8} y={yOf(mark, range) + 4}>
                {markText(mark, range)}
              </text>
            </g>
          ))}
          {marks(time, 2).map((at, index) => (
            <text key={at} className={styles.time} data-place={index} x={xOf(at, time)} y={plot.bottom + 22}>
              {index === 2 ? 'now' : whenText(at)}
            </text>
          ))}
          {goals
            .filter(({ value }) => value > range.from && value < range.to)
            .map(({ value, text }) => (
              <g key={text}>
                <line
                  className={styles.goal}
                  x1={plot.left}
                  x2={plot.right}
                  y1={yOf(value, range)}
                  y2={yOf(value, range)}
                />
                <text className={styles.goalText} x={plot.left + 6} y={yOf(value, range) - 5}>
                  {text}
                </text>
              </g>
            ))}
          {shown !== undefined && (
            <line
              className={styles.shown}
              x1={xOf(shown.at, time)}
              x2={xOf(shown.at, time)}
              y1={plot.top}
              y2={plot.bottom}
            />
          )}
          {series.map(({ name, look, points }) => (
            <g key={name} className={styles.series} data-look={look}>
              <path d={linePath(points, time, range, bucketMs * 1.5)} />
              {points.map(({ at, value }) =>
                value === null ? null : (
                  <circle
                    key={at}
                    cx={xOf(at, time)}
                    cy={yOf(value, range)}
                    r={look === 'first' ? 3.5 : 2.5}
                  />
                ),
              )}
            </g>
          ))}
        </svg>
      </div>
      <figcaption className={`${chart.legend} ${styles.legend}`}>
        {series.map(({ name, look }) => (
          <span key={name} data-look={look}>
            {name}
          </span>
        ))}
        {shown !== undefined && (
          <span className={styles.readout}>
            {whenText(shown.at)}: {readout}
          </span>
        )}
      </figcaption>
    </figure>
  )
}

const whenText = (at: number): string => moment(new Date(at).toISOString())
