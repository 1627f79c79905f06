/** What this console keeps of the server's galleries, who searches, and the edits that wait for the server. Renderer. */
import { Button, Group, Select, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { type CacheCheck, type CacheState, searchSideSchema } from '../../../../src-shared/cache'
import type { ServerState } from '../../../../src-shared/store-mode'
import { request } from '../../../api'
import { useActions, useVisor } from '../../../state/use-visor'
import { asOf, byteSize, count, counted } from '../../../wording'
import { Section, StateLine } from '../page-parts'
import { CachedDomains } from './cached-domains'
import { NoServer } from './no-server'
import { NotLookedAt } from './not-looked-at'
import { useServerSide } from './use-server-side'
import { WaitingEdits } from './waiting-edits'

const askState = () => request('cache.state')

export function CachePage() {
  const mode = useVisor((state) => state.status?.store.mode)
  if (mode === 'local') return <NoServer>Nothing is kept of a server, as none is used.</NoServer>
  return mode === 'dual' ? <OnTrial /> : <Cache />
}

/** While a server is on trial the galleries are here, and only edits go there. */
function OnTrial() {
  const { remember } = useActions()
  const server = useVisor((state) => state.status?.store.server ?? null)
  const { waiting = 0, conflicts = 0 } = server ?? {}
  return (
    <>
      <StateLine
        tone={conflicts > 0 ? 'wait' : 'good'}
        action={
          <Button variant="default" onClick={() => remember({ settingsPage: 'validation' })}>
            Open Validation
          </Button>
        }
      >
        The galleries are on this machine, so nothing has to be kept of the server on trial.{' '}
        {waiting + conflicts === 0
          ? 'Every edit has reached it.'
          : `${counted(waiting, 'edit waits', 'edits wait')} for it, ${counted(conflicts, 'edit')} for a decision.`}
      </StateLine>
      <WaitingEdits />
    </>
  )
}

function Cache() {
  const server = useVisor((state) => state.status?.store.server ?? null)
  const { answer: cache, error, again } = useServerSide(askState)
  if (error !== undefined) return <NotLookedAt what="The cache" error={error} />
  if (cache === undefined || server === null) return <Skeleton height={240} />
  return (
    <>
      <CacheLine cache={cache} server={server} />
      <WaitingEdits />
      <Section title="Domains that are kept here">
        <p>
          Searches in a domain that is kept here go on when the server is gone, marked with the time they are
          as of; so do edits, which are brought to the server when it is back.
        </p>
        <CachedDomains cache={cache} onChange={again} />
      </Section>
      <SearchSideChoice />
      <Checks away={server.state !== 'up'} />
    </>
  )
}

function CacheLine({ cache, server }: { readonly cache: CacheState; readonly server: ServerState }) {
  const { attempt } = useActions()
  const { work } = cache
  const whole = cache.domains.filter(({ state }) => state === 'whole').length
  const kept = `${counted(whole, 'domain is', 'domains are')} kept here, ${byteSize(cache.bytes)}`
  if (server.state === 'gone') {
    return (
      <StateLine
        tone="wait"
        action={<Button onClick={() => void attempt(() => request('mode.connect'))}>Look for it now</Button>}
      >
        The server has not answered{server.since === null ? '' : ` since ${asOf(server.since)}`}. {kept}:
        those are searched.
        {server.waiting > 0 && ` ${counted(server.waiting, 'edit waits', 'edits wait')} for it.`}
      </StateLine>
    )
  }
  if (server.conflicts > 0) {
    return (
      <StateLine tone="wait">
        {counted(server.conflicts, 'edit waits', 'edits wait')} for your decision. {kept}.
      </StateLine>
    )
  }
  if (work !== null) {
    const share = work.total === 0 ? '' : ` ${count(work.done)} of ${count(work.total)} rows`
    return (
      <StateLine tone="wait">
        {work.kind === 'sync' ? 'The cache is brought up to date' : 'The cache is compared with the server'}:
        {share}
      </StateLine>
    )
  }
  if (whole === 0) {
    return (
      <StateLine tone="wait">
        Nothing is kept here yet: when the server is gone, nobody can be searched for. Choose a domain.
      </StateLine>
    )
  }
  return (
    <StateLine tone={cache.following ? 'good' : 'wait'}>
      {kept}.{' '}
      {cache.following
        ? 'What changes on the server is here within a second.'
        : 'Changes are not heard of yet.'}
    </StateLine>
  )
}

const sides = {
  auto: 'Automatic: here where that is proved to be up to date, else the server',
  server: 'Always the server',
  cache: 'Always here, for domains that are kept here',
} as const

function SearchSideChoice() {
  const side = useVisor((state) => state.settings.searchSide)
  const { remember } = useActions()
  return (
    <Section title="Who searches">
      <Select
        aria-label="Who searches"
        maw={480}
        allowDeselect={false}
        data={searchSideSchema.options.map((value) => ({ value, label: sides[value] }))}
        value={side}
        onChange={(value) => {
          const chosen = searchSideSchema.safeParse(value)
          if (chosen.success) remember({ searchSide: chosen.data })
        }}
      />
    </Section>
  )
}

function Checks({ away }: { readonly away: boolean }) {
  const { attempt } = useActions()
  const [busy, setBusy] = useState<'sync' | 'verify'>()
  const [said, setSaid] = useState('')
  const run = (kind: 'sync' | 'verify', work: () => Promise<string>) =>
    attempt(async () => {
      setBusy(kind)
      setSaid('')
      try {
        setSaid(await work())
      } finally {
        setBusy(undefined)
      }
    })
  const sync = async () => {
    const { filled, renewed, removed } = await request('cache.sync')
    return `Up to date: ${count(filled)} filled in, ${count(renewed)} read anew, ${count(removed)} went.`
  }
  const verify = async () => checkSentence(await request('cache.verify'))
  return (
    <Section title="Is it what the server has?">
      <p>
        It follows by itself. A comparison counts and hashes every row on both sides, and mends what differs.
      </p>
      <Group gap={8}>
        <Button
          variant="default"
          loading={busy === 'sync'}
          disabled={away || busy !== undefined}
          onClick={() => void run('sync', sync)}
        >
          Bring up to date now
        </Button>
        <Button
          variant="default"
          loading={busy === 'verify'}
          disabled={away || busy !== undefined}
          onClick={() => void run('verify', verify)}
        >
          Compare with the server
        </Button>
      </Group>
      <Text size="sm" mt={8} role="status">
        {said}
      </Text>
    </Section>
  )
}

function checkSentence({ rows, domains, differences }: CacheCheck): string {
  const all = `${counted(rows, 'row')} in ${counted(domains, 'domain')} compared`
  if (differences.length === 0) return `${all}: all as on the server.`
  const places = differences.map(
    ({ domain, table, differing }) => `${count(differing)} in ${domain} (${table})`,
  )
  return `${all}. These differed and were mended: ${places.join(', ')}.`
}
