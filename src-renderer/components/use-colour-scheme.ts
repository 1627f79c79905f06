/** The colours in force: what is set, or what the system has. Renderer. */
import { useSyncExternalStore } from 'react'
import { useVisor } from '../state/use-visor'

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  systemDark.addEventListener('change', listener)
  return () => systemDark.removeEventListener('change', listener)
}

export function useColourScheme(): 'dark' | 'light' {
  const theme = useVisor((state) => state.settings.theme)
  const dark = useSyncExternalStore(subscribe, () => systemDark.matches)
  if (theme !== 'system') return theme
  return dark ? 'dark' : 'light'
}
