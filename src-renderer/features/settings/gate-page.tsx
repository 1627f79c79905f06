/** What a domain does about what speaks against a face joining a person. Renderer. */
import { Button, SegmentedControl, Select, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { type GateAction, type GateKind, type GatePolicy, gateKinds } from '../../../src-shared/gate'
import { kindTitles } from '../../../src-shared/gate-sentences'
import type { Domain } from '../../../src-shared/ids'
import { request } from '../../api'
import { domainsOfClient } from '../../state/galleries-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './gate-page.module.css'
import { Section, StateLine } from './page-parts'

/** What each kind means, one sentence. */
const meanings: Record<GateKind, string> = {
  'ruled-out': 'Somebody said before that this face is not this person.',
  'same-photo':
    'The face is somebody else’s already. That the person is in the photo already, as another face, always blocks, but in mirrors and collages.',
  'near-another': 'A search would name somebody else, or offer them before this person.',
  'far-from-own': 'The face is far from all of the person’s own photos; said from two photos on.',
  'print-or-screen': 'The face may be a photo of a photo. Only where that model was fetched (Models).',
  'several-faces': 'The photo has further faces. Whose is meant is asked wherever it cannot be told.',
  quality: 'The face is small, blurred, turned away, too dark or too bright.',
  'near-duplicate': 'A copy of a photo of the person, saved anew, scaled or cropped: it adds nothing.',
}

const choices = [
  { value: 'block', label: 'Block' },
  { value: 'warn', label: 'Warn' },
  { value: 'ignore', label: 'Ignore' },
]

export function GatePage() {
  const domains = useVisor(domainsOfClient)
  const searched = useVisor((state) => state.settings.search.domain)
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { attempt, remember } = useActions()
  const [wanted, setWanted] = useState<Domain | null>(searched)
  const domain = domains.find((one) => one.domain === wanted)?.domain ?? domains[0]?.domain
  const [shown, setShown] = useState<{ readonly domain: Domain; readonly policy: GatePolicy }>()
  useEffect(() => {
    if (domain === undefined) return
    let current = true
    void attempt(async () => {
      const policy = await request('gate.policy', { clientId, domain })
      if (current) setShown({ domain, policy })
    })
    return () => {
      current = false
    }
  }, [attempt, clientId, domain])

  if (domain === undefined) {
    return (
      <StateLine
        tone="wait"
        action={<Button onClick={() => remember({ screen: 'galleries' })}>Make a domain</Button>}
      >
        There is no domain yet, so nobody is enrolled.
      </StateLine>
    )
  }
  const policy = shown?.domain === domain ? shown.policy : undefined
  const choose = (kind: GateKind, action: GateAction) =>
    attempt(async () =>
      setShown({ domain, policy: await request('gate.setAction', { clientId, domain, kind, action }) }),
    )
  return (
    <>
      <StateLine>{policy === undefined ? 'Reading the policy …' : stateOf(domain, policy)}</StateLine>
      <Section title="Before a face joins a person">
        <p>
          <strong>Block</strong>: it does not join. <strong>Warn</strong>: it joins once somebody says why; in
          an enrolment of many it waits in Review. <strong>Ignore</strong>: nothing is said.
        </p>
        <Select
          label="Domain"
          className={styles.domain}
          allowDeselect={false}
          data={domains.map((one) => one.domain as string)}
          value={domain}
          onChange={(value) => setWanted(domains.find((one) => one.domain === value)?.domain ?? null)}
        />
        {policy !== undefined && (
          <div className={styles.kinds}>
            {gateKinds.map((kind) => (
              <div key={kind} className={styles.kind}>
                <div>
                  <Text fw={600}>{kindTitles[kind]}</Text>
                  <Text size="sm" c="dimmed">
                    {meanings[kind]}
                  </Text>
                </div>
                <SegmentedControl
                  aria-label={kindTitles[kind]}
                  data={choices}
                  value={policy[kind]}
                  onChange={(value) => void choose(kind, value as GateAction)}
                />
              </div>
            ))}
          </div>
        )}
      </Section>
    </>
  )
}

function stateOf(domain: Domain, policy: GatePolicy): string {
  const of = (action: GateAction) => gateKinds.filter((kind) => policy[kind] === action).length
  return `In ${domain} ${counted(of('block'), 'reason blocks', 'reasons block')}, ${counted(of('warn'), 'warns', 'warn')}, ${counted(of('ignore'), 'is ignored', 'are ignored')}.`
}
