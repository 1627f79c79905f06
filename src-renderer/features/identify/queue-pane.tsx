/** The queue: every photo with its state and what came of it. Thousands of rows, a screenful of elements. Renderer. */
import { Button, Group } from '@mantine/core'
import { IconPhotoPlus, IconUsersGroup } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, useEffect, useRef } from 'react'
import type { ItemId } from '../../../src-shared/ids'
import { emptyFilter } from '../../../src-shared/queue'
import { focusNamed } from '../../commands/focus'
import { EmptyState } from '../../components/empty-state'
import { domainsOfClient } from '../../state/galleries-slice'
import { shownItems } from '../../state/queue-slice'
import type { State } from '../../state/store'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { QueueFilterBar } from './queue-filter-bar'
import styles from './queue-pane.module.css'
import { QueueProgressBar } from './queue-progress-bar'
import { QueueRow } from './queue-row'

const rowPx = 52

export function QueuePane() {
  const empty = useVisor((state) => state.queue.order.length === 0)
  const loaded = useVisor((state) => state.progress !== undefined)
  const shown = useVisor(shownItems)
  if (!loaded) return <div className={styles.list} aria-busy="true" />
  if (empty) return <EmptyQueue />
  return (
    <>
      <QueueFilterBar />
      {shown.length === 0 ? <NothingShown /> : <QueueList shown={shown} />}
      <QueueProgressBar />
    </>
  )
}

function QueueList({ shown }: { readonly shown: readonly ItemId[] }) {
  const list = useRef<HTMLDivElement>(null)
  const activeId = useVisor((state) => state.activeId)
  const store = useVisorStore()
  const { activate, toggleMark, extendMark } = useActions()
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => list.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => shown[index] ?? index,
    overscan: 8,
  })

  // Follows the photo in the loupe when the keys move it out of view; rows that come or go do not pull the list back.
  useEffect(() => {
    const follow = (state: State) => {
      const index = state.activeId === null ? -1 : shownItems(state).indexOf(state.activeId)
      // Asking a row in view to scroll would cost a layout, and holding ↓ is mostly rows in view.
      const { range } = virtualizer
      const inView = range !== null && index > range.startIndex && index < range.endIndex
      if (index >= 0 && !inView) virtualizer.scrollToIndex(index, { align: 'auto' })
    }
    follow(store.getState())
    return store.subscribe((state, before) => {
      if (state.activeId !== before.activeId) follow(state)
    })
  }, [store, virtualizer])

  function onChoose(event: MouseEvent, itemId: ItemId) {
    if (event.shiftKey) extendMark(itemId)
    else if (event.ctrlKey || event.metaKey) toggleMark(itemId)
    else activate(itemId)
  }

  const rows = virtualizer.getVirtualItems()
  const activeShown = rows.some((row) => shown[row.index] === activeId)
  return (
    <div
      ref={list}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      data-pane-focus
      data-focus-name="queue-list"
      aria-label="Photos"
      aria-multiselectable="true"
      {...(activeShown ? { 'aria-activedescendant': `photo-${activeId}` } : {})}
    >
      <div className={styles.rows} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map((row) => {
          const itemId = shown[row.index]
          if (itemId === undefined) return null
          return (
            <QueueRow
              key={itemId}
              itemId={itemId}
              place={row.index + 1}
              total={shown.length}
              offsetPx={row.start}
              heightPx={rowPx}
              onChoose={onChoose}
            />
          )
        })}
      </div>
    </div>
  )
}

function EmptyQueue() {
  const { openPhotos } = useActions()
  const searching = useVisor(({ settings: { search } }) => search.domain !== null || search.allDomains)
  if (!searching) return <NoDomain />
  return (
    <EmptyState
      picture={<IconPhotoPlus size={40} stroke={1.3} />}
      title="No photos yet"
      text="Drop photos or folders anywhere in this window, or paste a picture."
    >
      <Button data-pane-focus onClick={() => void openPhotos('files')}>
        Open photos…
      </Button>
      <Button variant="default" onClick={() => void openPhotos('folder')}>
        Open a folder…
      </Button>
    </EmptyState>
  )
}

function NoDomain() {
  const { remember } = useActions()
  const none = useVisor((state) => domainsOfClient(state).length === 0)
  return (
    <EmptyState
      picture={<IconUsersGroup size={40} stroke={1.3} />}
      title={none ? 'No domain yet' : 'Choose a domain'}
      text="A domain is the part of a gallery that is searched. Photos are compared with the people in it."
    >
      {none ? (
        <Button onClick={() => remember({ screen: 'galleries' })}>Go to Galleries</Button>
      ) : (
        <Button onClick={() => focusNamed('domain')}>Choose a domain…</Button>
      )}
    </EmptyState>
  )
}

function NothingShown() {
  const { remember } = useActions()
  return (
    <div className={styles.nothing}>
      <p>No photo passes the filter.</p>
      <Group justify="center">
        <Button variant="default" onClick={() => remember({ filter: emptyFilter })}>
          Show all photos
        </Button>
      </Group>
    </div>
  )
}
