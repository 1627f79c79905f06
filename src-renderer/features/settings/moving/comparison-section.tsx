/** Agreement and latency of both sides over time, and by domain. Renderer. */
import { Box, SegmentedControl, Select, Skeleton, Text } from '@mantine/core'
import type { DomainFigures, DualBucket, GateCriteria } from '../../../../src-shared/dual'
import { request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { count, counted, durationText } from '../../../wording'
import { Section } from '../page-parts'
import lists from '../server/server-lists.module.css'
import { askedOf, keyOf, type Looked, type Place, placeKey, type Span, spans } from './comparison-query'
import styles from './comparison-section.module.css'
import { goalText, partText } from './moving-words'
import { TimeChart } from './time-chart'
import { amountRange, type Point, partRange, timeMark } from './time-chart-shapes'
import { useMovingAnswer } from './use-moving'

interface ComparisonSectionProps {
  readonly looked: Looked
  readonly onLook: (looked: Looked) => void
  readonly criteria: GateCriteria
}

export function ComparisonSection({ looked, onLook, criteria }: ComparisonSectionProps) {
  const { answer, error } = useMovingAnswer(keyOf(looked), async () => {
    const { query, bucketMinutes, time } = askedOf(looked)
    const [series, domains] = await Promise.all([
      request('dual.series', { ...query, bucketMinutes }),
      request('dual.byDomain', { since: query.since }),
    ])
    return { series, domains, time, bucketMs: bucketMinutes * 60_000 }
  })
  return (
    <Section title="Agreement and latency">
      <Filters looked={looked} domains={answer?.domains ?? []} onLook={onLook} />
      {error !== undefined && <ErrorNote error={error} />}
      {answer === undefined ? (
        <Skeleton height={380} />
      ) : answer.series.length === 0 ? (
        <Text size="sm" c="dimmed" className={styles.nothing}>
          Nothing was compared {looked.place === null ? '' : `in ${looked.place.domain} `}in this time. What
          analysts search for is compared by itself while dual mode is on.
        </Text>
      ) : (
        <>
          <Charts {...answer} criteria={criteria} />
          <ByDomain domains={answer.domains} />
        </>
      )}
    </Section>
  )
}

interface FiltersProps {
  readonly looked: Looked
  readonly domains: readonly DomainFigures[]
  readonly onLook: (looked: Looked) => void
}

function Filters({ looked, domains, onLook }: FiltersProps) {
  const known = domains.flatMap(({ clientId, domain }): Place[] =>
    domain === null ? [] : [{ clientId, domain }],
  )
  const places =
    looked.place === null || known.some((one) => placeKey(one) === placeKey(looked.place!))
      ? known
      : [looked.place, ...known]
  const several = new Set(places.map(({ clientId }) => clientId)).size > 1
  const options = places.map((place) => ({ value: placeKey(place), label: placeText(place, several) }))
  return (
    <div className={styles.filters}>
      <SegmentedControl
        aria-label="Time"
        data={Object.entries(spans).map(([value, { label }]) => ({ value, label }))}
        value={looked.span}
        onChange={(value) => onLook({ ...looked, span: value as Span })}
      />
      <Select
        aria-label="Domain"
        placeholder="All domains"
        clearable
        clearButtonProps={{ 'aria-label': 'All domains' }}
        searchable={places.length > 8}
        classNames={{ option: styles.option ?? '' }}
        title={looked.place === null ? undefined : placeText(looked.place, several)}
        data={options}
        value={looked.place === null ? null : placeKey(looked.place)}
        onChange={(value) =>
          onLook({ ...looked, place: places.find((place) => placeKey(place) === value) ?? null })
        }
      />
    </div>
  )
}

interface ChartsProps {
  readonly series: readonly DualBucket[]
  readonly time: { readonly from: number; readonly to: number }
  readonly bucketMs: number
  readonly criteria: GateCriteria
}

function Charts({ series, time, bucketMs, criteria }: ChartsProps) {
  // A stretch is drawn at its middle, the first and the last within the chart.
  const at = (bucket: DualBucket) =>
    Math.min(time.to, Math.max(time.from, Date.parse(bucket.from) + bucketMs / 2))
  const points = (value: (bucket: DualBucket) => number | null): Point[] =>
    series.map((bucket) => ({ at: at(bucket), value: value(bucket) }))
  const first = points(({ sameFirst }) => sameFirst)
  const overlap = points((bucket) => bucket.overlap)
  const here = points(({ local }) => local?.p95 ?? null)
  const server = points((bucket) => bucket.server?.p95 ?? null)
  const known = (...some: readonly Point[][]) =>
    some.flat().flatMap(({ value }) => (value === null ? [] : [value]))
  const shared = { time, bucketMs }
  return (
    <>
      <h3 className={styles.name}>Both sides say the same</h3>
      <TimeChart
        {...shared}
        title="Agreement of both sides over time"
        range={partRange(known(first, overlap))}
        goals={[
          {
            value: criteria.sameFirst,
            text: `goal, first: ${partText(criteria.sameFirst)}`,
          },
        ]}
        valueText={partText}
        series={[
          { name: 'Same first person', look: 'first', points: first },
          { name: 'Same first five', look: 'second', points: overlap },
        ]}
      />
      <h3 className={styles.name}>Time of a search, 95 of 100 are quicker</h3>
      <TimeChart
        {...shared}
        title="Latency of both sides over time"
        range={amountRange(known(here, server))}
        goals={[
          {
            value: criteria.serverP95Ms,
            text: `goal, server: ${goalText({ criterion: 'serverP95Ms', wanted: criteria.serverP95Ms })}`,
          },
        ]}
        valueText={durationText}
        markText={timeMark}
        series={[
          { name: 'This machine', look: 'first', points: here },
          { name: 'Server', look: 'second', points: server },
        ]}
      />
    </>
  )
}

function placeText(
  { clientId, domain }: Pick<DomainFigures, 'clientId' | 'domain'>,
  several: boolean,
): string {
  const name = domain ?? 'Several domains at once'
  return several ? `${clientId} · ${name}` : name
}

function ByDomain({ domains }: { readonly domains: readonly DomainFigures[] }) {
  return (
    // What scrolls is reached by the keyboard.
    <Box component="section" className={styles.domains} aria-label="By domain" tabIndex={0}>
      <DomainTable domains={domains} />
    </Box>
  )
}

function DomainTable({ domains }: { readonly domains: readonly DomainFigures[] }) {
  const several = new Set(domains.map(({ clientId }) => clientId)).size > 1
  return (
    <table className={lists.table} aria-label="Figures by domain">
      <thead>
        <tr>
          <th scope="col">Domain</th>
          {['Faces', 'Same first', 'Same five', 'No answer', 'Here', 'Server'].map((title) => (
            <th key={title} scope="col" className={lists.number}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {domains.map(({ clientId, domain, probes, sameFirst, overlap, errors, local, server, lastError }) => (
          <tr key={JSON.stringify([clientId, domain])}>
            <th scope="row" className={styles.domain} title={placeText({ clientId, domain }, several)}>
              {placeText({ clientId, domain }, several)}
            </th>
            <td className={lists.number}>{count(probes)}</td>
            <td className={lists.number} title={sameFirst === null ? undefined : String(sameFirst)}>
              {partText(sameFirst)}
            </td>
            <td className={lists.number} title={overlap === null ? undefined : String(overlap)}>
              {partText(overlap)}
            </td>
            <td className={lists.number} title={lastError?.message}>
              {errors === 0 ? 'none' : counted(errors, 'search', 'searches')}
            </td>
            <td
              className={lists.number}
              title={local === null ? undefined : `median ${durationText(local.median)}`}
            >
              {local === null ? '–' : durationText(local.p95)}
            </td>
            <td
              className={lists.number}
              title={server === null ? undefined : `median ${durationText(server.median)}`}
            >
              {server === null ? '–' : durationText(server.p95)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
