/** How large the photo in the loupe is shown, and the two sizes that are wanted most. Renderer. */
import { Button, Tooltip } from '@mantine/core'
import { loupeView } from '../../state/loupe-slice'
import { useActions, useVisor } from '../../state/use-visor'
import type { Size } from './viewport'
import styles from './zoom-buttons.module.css'

export function ZoomButtons({ photo }: { readonly photo: Size }) {
  const zoom = useVisor((state) => state.zoom)
  const percent = useVisor((state) => Math.round(100 * loupeView(state, photo).scale))
  const { setZoom } = useActions()
  const button = (to: 'fit' | 'actual') =>
    ({
      size: 'compact-xs',
      flex: 'none',
      variant: zoom === to ? 'light' : 'subtle',
      color: zoom === to ? 'blue' : 'gray',
      'aria-pressed': zoom === to,
      onClick: () => setZoom(to),
    }) as const
  return (
    <>
      <span className={styles.percent} data-testid="zoom">
        {percent} %
      </span>
      <Tooltip label="The whole photo  0">
        <Button {...button('fit')}>Fit</Button>
      </Tooltip>
      <Tooltip label="One pixel of the photo on one of the screen  Space">
        <Button {...button('actual')}>100 %</Button>
      </Tooltip>
    </>
  )
}
