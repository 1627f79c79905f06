/** The pages of the settings, in the order of the list. Renderer. */
export const settingsGroups = [
  {
    title: 'Recognition',
    pages: [
      { id: 'models', title: 'Models' },
      { id: 'thresholds', title: 'Thresholds' },
      { id: 'gate', title: 'Enrolment gate' },
      { id: 'unknown', title: 'Unknown faces' },
      { id: 'vision', title: 'Vision' },
    ],
  },
  {
    title: 'Server',
    pages: [
      { id: 'connection', title: 'Connection' },
      { id: 'schema', title: 'Schema' },
      { id: 'index', title: 'Index' },
      { id: 'cache', title: 'Cache' },
      { id: 'statistics', title: 'Statistics' },
    ],
  },
  {
    title: 'Moving over',
    pages: [
      { id: 'import', title: 'Import' },
      { id: 'validation', title: 'Validation' },
      { id: 'cut-over', title: 'Cut-over' },
    ],
  },
  {
    title: 'Visor',
    pages: [
      { id: 'appearance', title: 'Appearance' },
      { id: 'diagnostics', title: 'Diagnostics' },
      { id: 'about', title: 'About' },
    ],
  },
] as const

export const settingsPages = settingsGroups.flatMap(({ pages }) => [...pages])

export type SettingsPageId = (typeof settingsPages)[number]['id']
