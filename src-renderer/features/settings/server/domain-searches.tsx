/** How a search of each domain goes today, one row a domain; only the rows in view are elements. Renderer. */
import { ScrollArea } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { DomainSearch } from '../../../../src-shared/search-index'
import { count } from '../../../wording'
import styles from './domain-searches.module.css'

const rowPx = 32
/** With the head; more scroll. */
const mostInView = 11

export function DomainSearches({ searches }: { readonly searches: readonly DomainSearch[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: searches.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 6,
  })
  const severalClients = new Set(searches.map(({ clientId }) => clientId)).size > 1
  const severalModels = new Set(searches.map(({ modelId }) => modelId)).size > 1
  const rows = virtualizer.getVirtualItems()
  const above = rows[0]?.start ?? 0
  const below = virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0)
  return (
    <ScrollArea.Autosize
      className={styles.rows}
      mah={mostInView * rowPx}
      viewportRef={scroller}
      viewportProps={{ tabIndex: 0 }}
    >
      <table className={styles.table} aria-label="Searches by domain" aria-rowcount={searches.length + 1}>
        <thead>
          <tr>
            <th scope="col">Domain</th>
            <th scope="col" className={styles.number}>
              Faces
            </th>
            <th scope="col">Searched</th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden style={{ height: above }} />}
          {rows.map(({ key, index }) => {
            const search = searches[index]
            if (search === undefined) return null
            const { clientId, domain, modelId, embeddings, by, why } = search
            const place = [severalClients && clientId, domain, severalModels && modelId]
              .filter((part) => part !== false)
              .join(' · ')
            return (
              <tr key={key} aria-rowindex={index + 2} style={{ height: rowPx }}>
                <th scope="row" title={place}>
                  {place}
                </th>
                <td className={styles.number}>{count(embeddings)}</td>
                <td title={ways[by]}>{ways[by]}</td>
                <td title={reasons[why]}>{reasons[why]}</td>
              </tr>
            )
          })}
          {below > 0 && <tr aria-hidden style={{ height: below }} />}
        </tbody>
      </table>
    </ScrollArea.Autosize>
  )
}

const ways: Readonly<Record<DomainSearch['by'], string>> = {
  memory: 'Here, in memory',
  scan: 'On the server, face by face',
  index: 'On the server, by the index',
}

const reasons: Readonly<Record<DomainSearch['why'], string>> = {
  small: 'few faces: exact',
  'no-index': 'no index is built',
  large: 'many faces',
  'kept-here': 'kept here and up to date',
  forced: 'chosen under Cache',
}
