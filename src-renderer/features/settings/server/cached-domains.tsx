/** The server's domains, and which of them are kept here, how far and as of when. Renderer. */
import { Checkbox, Progress } from '@mantine/core'
import type { CachedDomain, CacheState } from '../../../../src-shared/cache'
import type { ClientId, Domain } from '../../../../src-shared/ids'
import { request } from '../../../api'
import { useActions, useVisor } from '../../../state/use-visor'
import { asOf, counted, wholePercent } from '../../../wording'
import styles from './server-lists.module.css'

interface CachedDomainsProps {
  readonly cache: CacheState
  readonly onChange: () => void
}

export function CachedDomains({ cache, onChange }: CachedDomainsProps) {
  const clients = useVisor((state) => state.clients)
  const { attempt } = useActions()
  const choose = (clientId: ClientId, domain: Domain, chosen: boolean) =>
    attempt(async () => {
      await request('cache.choose', { clientId, domain, chosen })
      onChange()
    })
  const rows = (clients ?? []).flatMap(({ clientId, domains }) =>
    domains.map(({ domain, persons }) => ({
      clientId,
      domain,
      persons,
      kept: cache.domains.find((one) => one.clientId === clientId && one.domain === domain),
    })),
  )
  if (rows.length === 0) return <p>There is no domain on the server yet.</p>
  return (
    <ul className={styles.list}>
      {rows.map(({ clientId, domain, persons, kept }) => (
        <li key={`${clientId} ${domain}`} className={styles.row}>
          <Checkbox
            label={
              <span className={styles.name}>
                {(clients?.length ?? 0) > 1 ? `${clientId} · ` : ''}
                {domain}
              </span>
            }
            checked={kept !== undefined && kept.state !== 'leaving'}
            onChange={(event) => void choose(clientId, domain, event.currentTarget.checked)}
          />
          <span className={styles.dim}>
            {kept === undefined ? counted(persons, 'person', 'people') : stateOf(kept)}
          </span>
          {kept?.state === 'filling' && (
            <Progress className={styles.wide} value={100 * kept.filled} aria-label={`Filling in ${domain}`} />
          )}
        </li>
      ))}
    </ul>
  )
}

function stateOf({ state, filled, rows, asOf: at }: CachedDomain): string {
  switch (state) {
    case 'filling':
      return `${wholePercent(filled)} filled in`
    case 'leaving':
      return 'goes with the next synchronisation'
    case 'whole': {
      const held = `${counted(rows.persons, 'person', 'people')}, ${counted(rows.faces, 'face')}`
      return at === null ? held : `${held}, as of ${asOf(at)}`
    }
  }
}
