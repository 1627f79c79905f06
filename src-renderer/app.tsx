/** The window: rail, one screen, status bar, and what may lie over them. Renderer. */
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import styles from './app.module.css'
import { HelpOverlay } from './commands/help-overlay'
import { CommandPalette } from './commands/palette'
import type { Command } from './commands/registry'
import { DropTarget } from './components/drop-target'
import { LiveRegion } from './components/live-region'
import { Rail } from './components/rail'
import { StatusBar } from './components/status-bar'
import { useColourScheme } from './components/use-colour-scheme'
import { EraseDialog } from './features/erasure/erase-dialog'
import { ErasureReportDialog } from './features/erasure/report-dialog'
import { WelcomeScreen } from './features/first-run/welcome-screen'
import { GalleriesScreen } from './features/galleries/galleries-screen'
import { IdentifyScreen } from './features/identify/identify-screen'
import { ReviewScreen } from './features/review/review-screen'
import { SettingsScreen } from './features/settings/settings-screen'
import { onPhoto } from './state/box-acts'
import { isFirstRun } from './state/galleries-slice'
import { useVisor } from './state/use-visor'
import { theme } from './theme'

export function App({ commands }: { readonly commands: readonly Command[] }) {
  const scheme = useColourScheme()
  return (
    // The variables are in `styles/tokens.css`: made at run time they would be a style element, which the page forbids.
    <MantineProvider
      theme={theme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <div className={styles.window}>
        <Rail />
        <CurrentScreen />
        <StatusBar />
      </div>
      <DropTarget />
      <LiveRegion />
      <CommandPalette commands={commands} />
      <HelpOverlay commands={commands} />
      <EraseDialog />
      <ErasureReportDialog />
      <Toasts />
    </MantineProvider>
  )
}

/** Over the photo where one is shown, in Review below the queues, elsewhere in the corner: a message never lies on the buttons it answers. */
function Toasts() {
  const screen = useVisor((state) => state.settings.screen)
  const overPhoto = useVisor(
    (state) => (state.settings.screen === 'identify' && !isFirstRun(state)) || onPhoto(state),
  )
  const beside = screen === 'review' ? 'bottom-left' : 'bottom-right'
  return (
    <Notifications
      className={styles.toasts}
      position={overPhoto ? 'bottom-center' : beside}
      limit={4}
      transitionDuration={120}
      containerWidth={screen === 'review' ? 264 : 440}
    />
  )
}

function CurrentScreen() {
  const screen = useVisor((state) => state.settings.screen)
  const firstRun = useVisor(isFirstRun)
  if (screen === 'galleries') return <GalleriesScreen />
  if (screen === 'review') return <ReviewScreen />
  if (screen === 'settings') return <SettingsScreen />
  return firstRun ? <WelcomeScreen /> : <IdentifyScreen />
}
