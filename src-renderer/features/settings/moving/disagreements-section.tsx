/** The searches that both sides answered differently: a list by cause, and both answers to the chosen one. Renderer. */
import { Select, Skeleton, Text } from '@mantine/core'
import { IconEqual } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import {
  type Disagreement,
  type DisagreementCause,
  type DualFigures,
  disagreementCauseSchema,
} from '../../../../src-shared/dual'
import { request } from '../../../api'
import { EmptyState } from '../../../components/empty-state'
import { ListOption } from '../../../components/list-option'
import { count, counted, distanceText, moment } from '../../../wording'
import { Section } from '../page-parts'
import { askedOf, keyOf, type Looked } from './comparison-query'
import { DisagreementDetail } from './disagreement-detail'
import styles from './disagreements-section.module.css'
import { causeTitle } from './moving-words'
import { useDisagreements } from './use-disagreements'
import { useMovingAnswer } from './use-moving'

const rowPx = 34

export function DisagreementsSection({ looked }: { readonly looked: Looked }) {
  const [cause, setCause] = useState<DisagreementCause | null>(null)
  const { answer: figures } = useMovingAnswer(keyOf(looked), () =>
    request('dual.figures', askedOf(looked).query),
  )
  const all = figures?.causes.reduce((sum, one) => sum + one.count, 0) ?? 0
  const { listed, loadMore } = useDisagreements(looked, cause, all)
  return (
    <Section title={all === 0 ? 'Disagreements' : `Disagreements (${count(all)})`}>
      {(all > 0 || cause !== null) && (
        <Causes causes={figures?.causes ?? []} cause={cause} onChoose={setCause} />
      )}
      {listed === undefined || figures === undefined ? (
        <Skeleton height={160} />
      ) : listed.total === 0 ? (
        <div className={styles.none}>
          <EmptyState
            picture={<IconEqual size={36} stroke={1.4} />}
            title={figures.probes === 0 ? 'Nothing was compared yet' : 'Both sides agree'}
            text={
              figures.probes === 0
                ? 'A search that both sides answer differently is listed here, with both answers.'
                : `In this time both answered ${counted(figures.probes - figures.errors, 'search', 'searches')} alike.`
            }
          />
        </div>
      ) : (
        <List
          key={`${keyOf(looked)} ${cause ?? ''}`}
          total={listed.total}
          some={listed.some}
          loadMore={loadMore}
        />
      )}
    </Section>
  )
}

interface CausesProps {
  readonly causes: DualFigures['causes']
  readonly cause: DisagreementCause | null
  readonly onChoose: (cause: DisagreementCause | null) => void
}

function Causes({ causes, cause, onChoose }: CausesProps) {
  const amountOf = (one: DisagreementCause) => causes.find((counted) => counted.cause === one)?.count ?? 0
  return (
    <Select
      className={styles.causes}
      aria-label="Cause"
      placeholder="Every cause"
      clearable
      clearButtonProps={{ 'aria-label': 'Every cause' }}
      data={disagreementCauseSchema.options
        .filter((one) => amountOf(one) > 0 || one === cause)
        .map((one) => ({ value: one, label: `${causeTitle[one]} (${count(amountOf(one))})` }))}
      value={cause}
      onChange={(value) => onChoose(value === null ? null : disagreementCauseSchema.parse(value))}
    />
  )
}

interface ListProps {
  readonly total: number
  readonly some: readonly Disagreement[]
  readonly loadMore: () => void
}

function List({ total, some, loadMore }: ListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<number>()
  const found = some.findIndex(({ runId }) => runId === chosen)
  const place = found === -1 ? 0 : found
  const virtualizer = useVirtualizer({
    count: some.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 6,
  })
  const rows = virtualizer.getVirtualItems()
  const nearEnd = (rows.at(-1)?.index ?? 0) >= some.length - 10
  const askMore = useEffectEvent(loadMore)
  useEffect(() => {
    if (nearEnd && some.length > 0) askMore()
  }, [nearEnd, some.length])
  const choose = (wanted: number) => {
    const next = Math.min(some.length - 1, Math.max(0, wanted))
    setChosen(some[next]?.runId)
    virtualizer.scrollToIndex(next)
  }
  const onKey = (event: KeyboardEvent) => {
    const to = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + 6,
      PageUp: place - 6,
      Home: 0,
      End: some.length - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    choose(to)
  }
  const shown = some[place]
  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        aria-label="Disagreements"
        aria-activedescendant={shown === undefined ? undefined : `disagreement-${shown.runId}`}
        onKeyDown={onKey}
      >
        <div role="presentation" className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, start }) => {
            const one = some[index]
            if (one === undefined) return null
            return (
              <ListOption
                key={one.runId}
                id={`disagreement-${one.runId}`}
                className={styles.row}
                style={{ transform: `translateY(${start}px)`, height: rowPx }}
                aria-setsize={total}
                aria-posinset={index + 1}
                selected={index === place}
                onChoose={() => choose(index)}
              >
                <span className={styles.when}>{moment(one.at)}</span>
                <span className={styles.cause}>{causeTitle[one.cause]}</span>
                <span className={styles.answer} title={nearest(one.local)}>
                  {nearest(one.local)}
                </span>
                <span aria-hidden className={styles.against}>
                  ↔
                </span>
                <span className={styles.answer} title={nearest(one.server)}>
                  {nearest(one.server)}
                </span>
              </ListOption>
            )
          })}
        </div>
      </div>
      <Text size="xs" c="dimmed" className={styles.place}>
        {count(place + 1)} of {count(total)}; ↑ ↓ for the next
      </Text>
      {shown !== undefined && <DisagreementDetail disagreement={shown} />}
    </>
  )
}

const nearest = ([first]: Disagreement['local']): string =>
  first === undefined ? 'nobody' : `${first.name} ${distanceText(first.distance)}`
