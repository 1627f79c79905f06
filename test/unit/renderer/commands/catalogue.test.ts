/** The commands: no two claim a key, the native menu finds all it names, and what cannot be done is not offered. */
import { expect, test, vi } from 'vitest'
import { commandsOf } from '../../../../src-renderer/commands/catalogue'
import { type CommandGroup, commandFor, isEnabled } from '../../../../src-renderer/commands/registry'
import { createStore } from '../../../../src-renderer/state/store'
import { domainSchema } from '../../../../src-shared/ids'
import { events } from '../../../../src-shared/ipc'
import { defaultSettings } from '../../../../src-shared/settings'
import type { Status } from '../../../../src-shared/status'
import { choiceOf, galleriesWith } from '../people'
import { items, progress } from '../queue-items'

function setUp(count: number) {
  const store = createStore(defaultSettings)
  store.getState().takeSnapshot({ items: items(count), progress: progress({ total: count }) })
  return { store, commands: commandsOf(store) }
}

test('every command has a name and an id of its own', () => {
  const { commands } = setUp(0)
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
  expect(new Set(commands.map(({ title }) => title)).size).toBe(commands.length)
})

test('a key means one thing on each screen', () => {
  const { commands } = setUp(0)
  const everywhere: readonly CommandGroup[] = ['Galleries', 'Window']
  const screens: readonly (readonly CommandGroup[])[] = [
    ['Photos', 'Face', 'View', 'Boxes'],
    ['People'],
    ['Photo of a person', 'View', 'Boxes'],
    ['While a box is drawn'],
  ]
  for (const own of screens) {
    const groups = new Set([...everywhere, ...own])
    const keys = commands.filter(({ group }) => groups.has(group)).flatMap((command) => command.keys)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  }
})

test('the keys of one screen do nothing on the other', () => {
  const { store, commands } = setUp(2)
  const own = (groups: readonly CommandGroup[]) =>
    commands
      .filter(({ group, keys }) => groups.includes(group) && keys.length > 0)
      .filter((command) => isEnabled(command, store.getState()))
      .map(({ id }) => id)
  expect(own(['People'])).toEqual([])
  store.setState(galleriesWith(3))
  expect(own(['People'])).toContain('choose-everybody')
  expect(own(['Face', 'View'])).toEqual([])
  expect(commandFor(commands, 'ArrowDown', store.getState())?.id).toBe('person-below')
})

test('the keys that people were promised are there', () => {
  const keys = new Set(setUp(0).commands.flatMap((command) => command.keys))
  const promised = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Enter', 'X', 'N', 'A', 'Space', '/']
  for (const key of [...promised, 'Mod+K', '?', 'Mod+Z', 'F6', 'Delete', 'P', ...'123456789']) {
    expect([key, keys.has(key)]).toEqual([key, true])
  }
})

test('the native menu names commands that there are', () => {
  const ids = setUp(0).commands.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(events.command.options))
})

test('an empty queue offers nothing to do to photos, and a face is confirmed only where there is one', () => {
  const empty = setUp(0)
  const offered = empty.commands.filter((command) => isEnabled(command, empty.store.getState()))
  const ids = offered.map(({ id }) => id)
  for (const id of ['remove', 'export-json', 'confirm', 'photo-next']) expect(ids).not.toContain(id)
  const full = setUp(2)
  expect(commandFor(full.commands, 'Delete', full.store.getState())?.id).toBe('remove')
  expect(commandFor(full.commands, 'Enter', full.store.getState())).toBeUndefined()
})

test('people are acted on only where some are chosen, and merged only where there are two', () => {
  const { store, commands } = setUp(0)
  const offered = (key: string) => commandFor(commands, key, store.getState())?.id
  store.setState(galleriesWith(3))
  for (const key of ['M', 'V', 'T', 'Delete', 'Escape']) expect([key, offered(key)]).toEqual([key, undefined])
  store.setState({ chosenPeople: choiceOf(1) })
  expect(['V', 'T', 'Delete', 'Escape'].map(offered)).toEqual([
    'move-people',
    'tag-people',
    'delete-people',
    'choose-nobody',
  ])
  expect(offered('M')).toBeUndefined()
  store.setState({ chosenPeople: choiceOf(2) })
  expect(offered('M')).toBe('merge-people')
  // What lies over the window is closed first.
  store.setState({ overlay: 'merge-people' })
  expect(offered('Escape')).toBeUndefined()
  store.setState({ overlay: null, galleriesView: 'history' })
  expect(offered('Delete')).toBeUndefined()
})

test('people are enrolled where one looks, not where one searches', async () => {
  const { store, commands } = setUp(0)
  const asked: unknown[] = []
  const enrolFolder = async (input: unknown) => {
    asked.push(input)
    return { ok: true, value: null }
  }
  vi.stubGlobal('window', { visor: { request: { 'gallery.enrolFolder': enrolFolder } } })
  const clientId = defaultSettings.search.clientId
  const [searched, open] = [domainSchema.parse('searched'), domainSchema.parse('open')]
  const enrol = commands.find(({ id }) => id === 'enrol-folder')!
  expect(isEnabled(enrol, store.getState())).toBe(false)
  store.setState({
    settings: {
      ...defaultSettings,
      screen: 'galleries',
      search: { ...defaultSettings.search, domain: searched },
    },
    browsed: { clientId, domain: open },
  })
  enrol.run()
  await vi.waitFor(() => expect(asked).toEqual([{ clientId, domain: open }]))
  // Of all domains together none is open.
  store.setState({ browsed: { clientId, domain: null } })
  expect(isEnabled(enrol, store.getState())).toBe(false)
  vi.unstubAllGlobals()
})

test('a key moves the photo in the loupe', () => {
  const { store, commands } = setUp(3)
  const before = store.getState().activeId
  commandFor(commands, 'ArrowDown', store.getState())?.run()
  expect(store.getState().activeId).not.toBe(before)
})

test('while a box is drawn the arrows are its, and Enter and Escape end it', () => {
  const { store, commands } = setUp(2)
  const shown = (key: string) => commandFor(commands, key, store.getState())?.id
  const { activeId } = store.getState()
  const recognition = { width: 400, height: 300, faces: [] }
  store.setState({
    details: new Map([[activeId!, { revision: 0, detail: { recognition } }]]) as never,
    loupeSize: { width: 432, height: 332 },
  })
  expect([shown('B'), shown('ArrowDown'), shown('E')]).toEqual(['draw-box', 'photo-next', undefined])
  commandFor(commands, 'B', store.getState())?.run()
  expect(['ArrowDown', 'Shift+ArrowLeft', 'Mod+ArrowUp', 'Enter', 'Escape'].map(shown)).toEqual([
    'box-move-down-1',
    'box-resize-left-1',
    'box-move-up-10',
    'keep-box',
    'leave-box',
  ])
  const press = (key: string) => commandFor(commands, key, store.getState())?.run()
  press('ArrowDown')
  expect(store.getState().draft?.box).toEqual({ x: 159, y: 109, w: 83, h: 83 })
  press('ArrowDown')
  press('Mod+ArrowRight')
  press('Shift+ArrowRight')
  expect(store.getState().draft?.box).toEqual({ x: 169, y: 110, w: 84, h: 83 })
  press('Escape')
  expect(store.getState().draft).toBeNull()
})

test('who may only search is not offered to change people', () => {
  const { store, commands } = setUp(2)
  const offered = () => commands.filter((command) => isEnabled(command, store.getState())).map(({ id }) => id)
  const curating = ['create-domain', 'enrol-folder', 'import-people']
  const before = offered()
  const searching = { search: true, curate: false, erase: false, administer: false, clients: 'all' } as const
  const status = { vision: {}, store: { rights: searching } } as unknown as Status
  store.setState({ status })
  const after = offered()
  expect(before.filter((id) => curating.includes(id)).length).toBeGreaterThan(0)
  expect(after.filter((id) => curating.includes(id))).toEqual([])
  expect(after).toEqual(expect.arrayContaining(['open-files', 'export-json', 'show-galleries']))
})
