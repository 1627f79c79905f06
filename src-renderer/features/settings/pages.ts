/** The pages of the settings, in the order of the list. Renderer. */
export const settingsPages = [
  { id: 'models', title: 'Models' },
  { id: 'thresholds', title: 'Thresholds' },
  { id: 'gate', title: 'Enrolment gate' },
  { id: 'unknown', title: 'Unknown faces' },
  { id: 'vision', title: 'Vision' },
  { id: 'appearance', title: 'Appearance' },
  { id: 'diagnostics', title: 'Diagnostics' },
  { id: 'about', title: 'About' },
] as const

export type SettingsPageId = (typeof settingsPages)[number]['id']
