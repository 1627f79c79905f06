/** The queue of what a curator should look at: one finding in the middle, its fixes below, what is shown above. Renderer. */
import { Button, Select, Skeleton, Switch, Text, Tooltip } from '@mantine/core'
import { IconHeartbeat, IconPlayerPause, IconPlayerPlay, IconUserOff } from '@tabler/icons-react'
import { type FindingKind, findingKindSchema } from '../../../../src-shared/health'
import { domainSchema } from '../../../../src-shared/ids'
import { pictureUrl } from '../../../../src-shared/picture-url'
import { request } from '../../../api'
import { EmptyState } from '../../../components/empty-state'
import { FaceRow } from '../../../components/face-pair'
import { WithRight } from '../../../components/without-right'
import { done } from '../../../state/acts'
import { domainsOfClient } from '../../../state/galleries-slice'
import { findingInView, openFindings } from '../../../state/health-slice'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { count, findingWord } from '../../../wording'
import { Decision } from '../decision'
import { useQueueOnScreen } from '../use-queue-on-screen'
import { figuresOf, questionOf, reasonsOf } from './evidence'
import { findingFixes } from './fixes'
import styles from './health-queue.module.css'
import { useHealthQueue } from './use-health-queue'

/** Findings whose pictures are asked for before they are looked at. */
const preloaded = 3

export function HealthQueue() {
  useQueueOnScreen('health')
  useHealthQueue()
  const store = useVisorStore()
  const finding = useVisor(findingInView)
  const place = useVisor((state) => state.findingPlace)
  const total = useVisor((state) => state.findingsTotal)
  const findings = useVisor((state) => state.findings)
  if (findings === undefined) return <Coming />
  if (finding === undefined) return <NothingFound />
  const figures = figuresOf(finding)
  const next = findings.slice(place + 1, place + 1 + preloaded).flatMap(({ faces }) => faces)
  return (
    <Decision
      place={place + 1}
      total={total}
      head={<Head />}
      question={questionOf(finding)}
      reasons={reasonsOf(finding)}
      actions={findingFixes
        .filter(({ applies }) => applies(finding))
        .map(({ Icon, label, hint, keyName, primary, right, run }) => ({
          icon: <Icon size={18} stroke={1.6} aria-hidden />,
          label: label(finding),
          hint,
          keyName,
          ...(primary === undefined ? {} : { primary }),
          ...(right === undefined ? {} : { right }),
          run: () => run(store, finding),
        }))}
      next={[...new Set(next.map(({ faceId }) => pictureUrl.reference(faceId)))]}
    >
      {figures.length === 0 ? (
        <div className={styles.nobody}>
          <IconUserOff size={56} stroke={1.2} aria-hidden />
        </div>
      ) : (
        <FaceRow figures={figures} />
      )}
    </Decision>
  )
}

function Head() {
  return (
    <div className={styles.head}>
      <Kinds />
      <Domains />
      <Fine />
      <span className={styles.space} />
      <WithRight right="curate">
        <All />
      </WithRight>
      <Looking />
    </div>
  )
}

function Kinds() {
  const counts = useVisor((state) => state.findingCounts)
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { kind, domain } = useVisor((state) => state.findingFilter)
  const { filterFindings } = useActions()
  const label = (one: FindingKind) => {
    const open = openFindings({ findingCounts: counts }, clientId, { domain, kind: one }) ?? 0
    return `${findingWord[one]} (${count(open)})`
  }
  return (
    <Select
      className={styles.kinds}
      aria-label="Kind of finding"
      placeholder="Everything"
      clearable
      clearButtonProps={{ 'aria-label': 'Every kind' }}
      data={findingKindSchema.options.map((one) => ({ value: one, label: label(one) }))}
      value={kind}
      onChange={(value) => filterFindings({ kind: value === null ? null : findingKindSchema.parse(value) })}
    />
  )
}

function Domains() {
  const domains = useVisor(domainsOfClient)
  const { domain } = useVisor((state) => state.findingFilter)
  const { filterFindings } = useActions()
  if (domains.length < 2 && domain === null) return null
  return (
    <Select
      className={styles.domains}
      aria-label="Domain"
      placeholder="All domains"
      clearable
      clearButtonProps={{ 'aria-label': 'All domains' }}
      data={domains.map((summary) => summary.domain)}
      value={domain}
      onChange={(value) => filterFindings({ domain: value === null ? null : domainSchema.parse(value) })}
    />
  )
}

/** Those that were said to be fine, to take one up again. */
function Fine() {
  const { dismissed } = useVisor((state) => state.findingFilter)
  const { filterFindings } = useActions()
  return (
    <Switch
      label="Said to be fine"
      checked={dismissed}
      onChange={(event) => filterFindings({ dismissed: event.currentTarget.checked })}
    />
  )
}

/** The same for all of a kind, where that is safe. */
function All() {
  const store = useVisorStore()
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { kind, domain, dismissed } = useVisor((state) => state.findingFilter)
  const { attempt } = useActions()
  if (dismissed) return null
  if (kind === 'near-duplicate') {
    return (
      <Button
        variant="default"
        title="Of copies that one person has, the better one stays."
        onClick={() =>
          void attempt(async () => done(store, await request('health.takeCopies', { clientId, domain })))
        }
      >
        Keep the better of all
      </Button>
    )
  }
  if (kind !== 'older-model') return null
  return (
    <Button
      variant="default"
      onClick={() => void attempt(() => request('health.embedAgain', { clientId, domain }))}
    >
      Read all again
    </Button>
  )
}

/** How far the looking is, and whether it rests. */
function Looking() {
  const health = useVisor((state) => state.health)
  const { attempt } = useActions()
  if (health === undefined) return null
  const { paused, finished, looked, persons } = health
  const words = paused
    ? 'Paused'
    : finished || persons === 0
      ? 'Up to date'
      : `${count(looked)} of ${count(persons)} people`
  return (
    <span className={styles.looking} data-testid="health-progress">
      <Text size="xs" c="dimmed">
        {words}
      </Text>
      <Tooltip label={paused ? 'Go on looking' : 'Rest for now'}>
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={paused ? 'Go on looking' : 'Rest for now'}
          onClick={() => void attempt(() => request('health.pause', { paused: !paused }))}
        >
          {paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        </Button>
      </Tooltip>
    </span>
  )
}

/** Until the first answer: the shape of what comes. */
function Coming() {
  return (
    <div className={styles.coming} aria-hidden>
      <Skeleton height={280} width={280} />
      <Skeleton height={280} width={280} />
    </div>
  )
}

function NothingFound() {
  const { kind, domain, dismissed } = useVisor((state) => state.findingFilter)
  const health = useVisor((state) => state.health)
  const { filterFindings } = useActions()
  const filtered = kind !== null || domain !== null || dismissed
  const looking = health !== undefined && !health.finished && !health.paused && health.persons > 0
  return (
    <>
      <header className={styles.bar}>
        <Head />
      </header>
      <EmptyState
        picture={<IconHeartbeat size={44} stroke={1.3} />}
        title={filtered ? 'Nothing of this kind' : looking ? 'Nothing found so far' : 'Nothing to look at'}
        text="Photos that do not belong, people enrolled twice, copies, one person twice in a photo, faces of an older model: what a search would suffer from is found in the background, and waits here."
      >
        {filtered && (
          <Button
            variant="default"
            onClick={() => filterFindings({ kind: null, domain: null, dismissed: false })}
          >
            Show everything
          </Button>
        )}
      </EmptyState>
    </>
  )
}
