/** The settings: a list of pages at the left, one of them at the right. Renderer. */
import type { ComponentType } from 'react'
import { SideGroup, SideLink, SideList } from '../../components/side-list'
import { useActions, useVisor } from '../../state/use-visor'
import { AboutPage } from './about-page'
import { AppearancePage } from './appearance-page'
import { DiagnosticsPage } from './diagnostics-page'
import { GatePage } from './gate-page'
import { ImportPage } from './import/import-page'
import { ModelsPage } from './models-page'
import { CutOverPage } from './moving/cut-over-page'
import { ValidationPage } from './moving/validation-page'
import { type SettingsPageId, settingsGroups, settingsPages } from './pages'
import { CachePage } from './server/cache-page'
import { ConnectionPage } from './server/connection-page'
import { IndexPage } from './server/index-page'
import { SchemaPage } from './server/schema-page'
import { StatisticsPage } from './server/statistics-page'
import styles from './settings-screen.module.css'
import { ThresholdsPage } from './thresholds-page'
import { UnknownPage } from './unknown-page'
import { VisionPage } from './vision-page'

const components: Record<SettingsPageId, ComponentType> = {
  models: ModelsPage,
  thresholds: ThresholdsPage,
  gate: GatePage,
  unknown: UnknownPage,
  vision: VisionPage,
  connection: ConnectionPage,
  schema: SchemaPage,
  index: IndexPage,
  cache: CachePage,
  statistics: StatisticsPage,
  import: ImportPage,
  validation: ValidationPage,
  'cut-over': CutOverPage,
  appearance: AppearancePage,
  diagnostics: DiagnosticsPage,
  about: AboutPage,
}

export function SettingsScreen() {
  const wanted = useVisor((state) => state.settings.settingsPage)
  const { remember } = useActions()
  const current = settingsPages.find((page) => page.id === wanted) ?? settingsGroups[0].pages[0]
  const Page = components[current.id]
  return (
    <main className={styles.screen} aria-label="Settings">
      <SideList label="Settings pages" pane="settings-list">
        {settingsGroups.map((group) => (
          <SideGroup key={group.title} title={group.title}>
            {group.pages.map((page) => (
              <SideLink
                key={page.id}
                title={page.title}
                isCurrent={page.id === current.id}
                onOpen={() => remember({ settingsPage: page.id })}
              />
            ))}
          </SideGroup>
        ))}
      </SideList>
      <section
        className={styles.page}
        aria-labelledby="settings-title"
        data-pane="settings-page"
        data-pane-focus
        tabIndex={-1}
      >
        <h1 id="settings-title" className={styles.title}>
          {current.title}
        </h1>
        <Page />
      </section>
    </main>
  )
}
