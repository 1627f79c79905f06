/** What a page about the server says in local mode. Renderer. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useActions } from '../../../state/use-visor'
import { StateLine } from '../page-parts'

/** `children`: what there is not, one sentence. */
export function NoServer({ children }: { readonly children: ReactNode }) {
  const { remember } = useActions()
  return (
    <StateLine
      tone="wait"
      action={<Button onClick={() => remember({ settingsPage: 'connection' })}>Open Connection</Button>}
    >
      {children}
    </StateLine>
  )
}
