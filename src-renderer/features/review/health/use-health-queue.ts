/** Asks for the queue of findings when it is shown, and anew where another client is searched. Renderer. */
import { useEffect } from 'react'
import { useActions, useVisor } from '../../../state/use-visor'

export function useHealthQueue(): void {
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { loadFindings, loadHealth } = useActions()
  useEffect(() => {
    void loadHealth()
    void loadFindings(clientId)
  }, [clientId, loadFindings, loadHealth])
}

/** Open findings of the client that is searched. */
export function useOpenFindings(): number | undefined {
  return useVisor((state) =>
    state.findingCounts
      ?.filter((one) => one.clientId === state.settings.search.clientId)
      .reduce((sum, { open }) => sum + open, 0),
  )
}
