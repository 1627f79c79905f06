/** Tells a screen reader what ended. Renderer. */
import { VisuallyHidden } from '@mantine/core'
import { useVisor } from '../state/use-visor'

export function LiveRegion() {
  const announcement = useVisor((state) => state.announcement)
  return (
    <VisuallyHidden role="status" aria-live="polite" data-testid="announcement">
      {announcement}
    </VisuallyHidden>
  )
}
