/** The commands of the Galleries screen: people, domains, history, bin. Renderer. */

import type { ClientId, Domain } from '../../src-shared/ids'
import { peopleInQuestion } from '../state/browse-slice'
import { deletePersons, eraseChosen, importPeople } from '../state/curation'
import { sampleDomain } from '../state/galleries-slice'
import type { State, Store } from '../state/store'
import { focusNamed } from './focus'
import type { Command } from './registry'

const withPeople = ({ settings, browsed, galleriesView, people }: State) =>
  settings.screen === 'galleries' && browsed !== null && galleriesView === 'people' && (people.total ?? 0) > 0
const withChosen = (least: number) => (state: State) =>
  withPeople(state) && state.chosenPeople.chosen.size >= least

/** The domain that is looked at, else the one that is searched. */
function domainOpen({ settings, browsed }: State): { clientId: ClientId; domain: Domain } | undefined {
  const { clientId, domain } = settings.screen === 'galleries' && browsed !== null ? browsed : settings.search
  return domain === null ? undefined : { clientId, domain }
}

export function galleryCommands(store: Store): readonly Command[] {
  return [
    ...placeCommands(store),
    ...choosingCommands(store),
    ...peopleCommands(store),
    ...domainCommands(store),
  ]
}

/** Moving through the people. */
function placeCommands(store: Store): Command[] {
  const { stepPerson } = store.getState()
  const row = () => store.getState().peopleColumns
  const steps: readonly (readonly [id: string, title: string, key: string, delta: () => number])[] = [
    ['next', 'Next person', 'ArrowRight', () => 1],
    ['previous', 'Previous person', 'ArrowLeft', () => -1],
    ['below', 'Person below', 'ArrowDown', row],
    ['above', 'Person above', 'ArrowUp', () => -row()],
    ['page-down', 'Five rows on', 'PageDown', () => 5 * row()],
    ['page-up', 'Five rows back', 'PageUp', () => -5 * row()],
    ['first', 'First person', 'Home', () => Number.NEGATIVE_INFINITY],
    ['last', 'Last person', 'End', () => Number.POSITIVE_INFINITY],
  ]
  const ways = [
    { id: 'person', modifier: '', prefix: '', how: 'only' },
    { id: 'choose', modifier: 'Shift+', prefix: 'Choose up to: ', how: 'range' },
    { id: 'look', modifier: 'Mod+', prefix: 'Look without choosing: ', how: 'look' },
  ] as const
  return ways.flatMap(({ id, modifier, prefix, how }) =>
    steps.map(
      ([step, title, key, delta], place): Command => ({
        id: `${id}-${step}`,
        title: `${prefix}${prefix === '' ? title : title.toLowerCase()}`,
        group: 'People',
        keys: [`${modifier}${key}`],
        keyOnly: true,
        unlisted: prefix !== '' && place > 0,
        enabled: withPeople,
        run: () => void stepPerson(delta(), how),
      }),
    ),
  )
}

function choosingCommands(store: Store): Command[] {
  const { choosePerson, chooseEverybody, chooseNobody, changePeopleView } = store.getState()
  return [
    {
      id: 'choose-person',
      title: 'Choose the person, or not',
      group: 'People',
      keys: ['Space'],
      keyOnly: true,
      enabled: (state) => withPeople(state) && state.activePlace !== null,
      run: () => {
        const { activePlace } = store.getState()
        if (activePlace !== null) void choosePerson(activePlace, 'toggle')
      },
    },
    {
      id: 'choose-everybody',
      title: 'Choose everybody shown',
      group: 'People',
      keys: ['Mod+A'],
      enabled: withPeople,
      run: () => void chooseEverybody(),
    },
    {
      id: 'choose-nobody',
      title: 'Choose nobody',
      group: 'People',
      keys: ['Escape'],
      // Escape closes what lies over the window first.
      enabled: (state) => withChosen(1)(state) && state.overlay === null,
      run: chooseNobody,
    },
    {
      id: 'search-people',
      title: 'Search people by name',
      group: 'People',
      keys: ['/'],
      enabled: ({ settings, browsed, galleriesView }) =>
        settings.screen === 'galleries' && browsed !== null && galleriesView === 'people',
      run: () => focusNamed('people-search'),
    },
    {
      id: 'people-layout',
      title: 'People as a grid or as a list',
      group: 'People',
      keys: ['G'],
      enabled: withPeople,
      run: () => {
        const { layout } = store.getState().settings.people
        changePeopleView({ layout: layout === 'grid' ? 'list' : 'grid' })
      },
    },
  ]
}

function peopleCommands(store: Store): Command[] {
  const { openOverlay } = store.getState()
  return [
    {
      id: 'rename-person',
      title: 'Rename the person',
      group: 'People',
      keys: ['F2'],
      right: 'curate',
      enabled: ({ settings, personDetail }) => settings.screen === 'galleries' && personDetail !== undefined,
      run: () => focusNamed('person-name'),
    },
    {
      id: 'add-photos',
      title: 'Add photos of the person…',
      group: 'People',
      keys: ['P'],
      right: 'curate',
      keywords: 'enrol drop files folder',
      enabled: ({ settings, personDetail }) => settings.screen === 'galleries' && personDetail !== undefined,
      run: () => openOverlay('add-photos'),
    },
    {
      id: 'merge-people',
      title: 'Merge the chosen people…',
      group: 'People',
      keys: ['M'],
      right: 'curate',
      enabled: withChosen(2),
      run: () => openOverlay('merge-people'),
    },
    {
      id: 'move-people',
      title: 'Move the chosen people to another domain…',
      group: 'People',
      keys: ['V'],
      right: 'curate',
      enabled: withChosen(1),
      run: () => openOverlay('move-people'),
    },
    {
      id: 'tag-people',
      title: 'Tag the chosen people…',
      group: 'People',
      keys: ['T'],
      right: 'curate',
      keywords: 'label group',
      enabled: withChosen(1),
      run: () => openOverlay('tag-people'),
    },
    {
      id: 'export-people',
      title: 'Export people…',
      group: 'People',
      keys: ['E'],
      keywords: 'xmp folder save',
      enabled: withPeople,
      run: () => openOverlay('export-people'),
    },
    {
      id: 'delete-people',
      title: 'Delete the chosen people',
      group: 'People',
      keys: ['Delete'],
      right: 'curate',
      enabled: withChosen(1),
      run: () => void deletePersons(store, peopleInQuestion(store.getState())),
    },
    {
      id: 'erase-people',
      title: 'Erase the chosen people for good…',
      group: 'People',
      keys: ['Shift+Delete'],
      right: 'erase',
      keywords: 'forget privacy remove',
      enabled: withChosen(1),
      run: () => eraseChosen(store),
    },
  ]
}

function domainCommands(store: Store): Command[] {
  const { installSamples, removeSamples, enrolFolder, openOverlay, showGalleriesView, remember } =
    store.getState()
  const show = () => remember({ screen: 'galleries' })
  return [
    {
      id: 'history',
      title: 'History of the galleries',
      group: 'Galleries',
      keys: ['Mod+H'],
      keywords: 'ledger undo',
      run: () => {
        show()
        showGalleriesView('history')
      },
    },
    {
      id: 'bin',
      title: 'Bin',
      group: 'Galleries',
      keys: ['Mod+B'],
      keywords: 'deleted restore',
      run: () => {
        show()
        showGalleriesView('bin')
      },
    },
    {
      id: 'people',
      title: 'Back to the people',
      group: 'Galleries',
      keys: ['Backspace'],
      enabled: ({ settings, galleriesView }) => settings.screen === 'galleries' && galleriesView !== 'people',
      run: () => showGalleriesView('people'),
    },
    {
      id: 'erase-client',
      title: 'Erase the client that is open for good…',
      group: 'Galleries',
      keys: [],
      right: 'erase',
      keywords: 'forget privacy remove',
      enabled: ({ settings, browsed }) => settings.screen === 'galleries' && browsed !== null,
      run: () => {
        const { browsed, askErasure } = store.getState()
        if (browsed !== null)
          askErasure({ clientId: browsed.clientId, target: { clientId: browsed.clientId } })
      },
    },
    {
      id: 'finish-erasures',
      title: 'Clear what an erasure left behind',
      group: 'Galleries',
      keys: [],
      right: 'erase',
      keywords: 'vacuum scrub',
      run: () => void store.getState().finishErasures(),
    },
    {
      id: 'enrol-folder',
      title: 'Enrol a folder of people…',
      group: 'Galleries',
      keys: [],
      right: 'curate',
      enabled: (state) => domainOpen(state) !== undefined,
      run: () => {
        const open = domainOpen(store.getState())
        if (open !== undefined) void enrolFolder(open.clientId, open.domain)
      },
    },
    {
      id: 'import-people',
      title: 'Import people into the domain…',
      group: 'Galleries',
      keys: [],
      right: 'curate',
      keywords: 'xmp export folder',
      enabled: (state) => domainOpen(state) !== undefined,
      run: () => {
        const open = domainOpen(store.getState())
        if (open === undefined) return
        show()
        void importPeople(store, open.clientId, open.domain)
      },
    },
    {
      id: 'create-domain',
      title: 'New domain…',
      group: 'Galleries',
      keys: [],
      right: 'curate',
      run: () => {
        show()
        openOverlay('new-domain')
      },
    },
    {
      id: 'install-samples',
      title: 'Try the sample gallery',
      group: 'Galleries',
      keys: [],
      right: 'curate',
      enabled: (state) => sampleDomain(state) === undefined,
      run: () => void installSamples(),
    },
    {
      id: 'remove-samples',
      title: 'Remove the sample gallery',
      group: 'Galleries',
      keys: [],
      right: 'curate',
      enabled: (state) => sampleDomain(state) !== undefined,
      run: () => void removeSamples(),
    },
  ]
}
