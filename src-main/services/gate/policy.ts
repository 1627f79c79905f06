/** What a domain does about the gate's findings: found, set, renamed, applied. Pure, any process. */
import {
  type DomainGatePolicy,
  defaultGatePolicy,
  type GateAction,
  type GateFinding,
  type GateKind,
  type GatePolicy,
  type GateReason,
} from '../../../src-shared/gate'
import type { ClientId, Domain } from '../../../src-shared/ids'

/** What holds in a domain. */
export function policyOf(all: readonly DomainGatePolicy[], clientId: ClientId, domain: Domain): GatePolicy {
  return all.find((one) => one.clientId === clientId && one.domain === domain)?.policy ?? defaultGatePolicy
}

/** `all` with what one domain does about one kind of finding; what is all as by default is not kept. */
export function withAction(
  all: readonly DomainGatePolicy[],
  clientId: ClientId,
  domain: Domain,
  kind: GateKind,
  action: GateAction,
): DomainGatePolicy[] {
  const policy = { ...policyOf(all, clientId, domain), [kind]: action }
  const rest = all.filter((one) => one.clientId !== clientId || one.domain !== domain)
  const isDefault = Object.entries(policy).every(
    ([one, chosen]) => defaultGatePolicy[one as GateKind] === chosen,
  )
  return isDefault ? rest : [...rest, { clientId, domain, policy }]
}

/** `all` with what a domain chose chosen for its new name, too; the old name's stays, for the renaming may be undone. */
export function withRenamedPolicy(
  all: readonly DomainGatePolicy[],
  clientId: ClientId,
  from: Domain,
  to: Domain,
): DomainGatePolicy[] {
  const isOf = (domain: Domain) => (one: DomainGatePolicy) =>
    one.clientId === clientId && one.domain === domain
  const renamed = all.filter(isOf(from)).map((one) => ({ ...one, domain: to }))
  return [...all.filter((one) => !isOf(to)(one)), ...renamed]
}

/**
 * The findings that are not ignored, blocks first. Two things no policy loosens: where it cannot be told which face is meant,
 * somebody has to say; and a person who is in the photo already as another face is not in it again, [Note: Twice in a
 * photo].
 */
export function reasonsUnder(policy: GatePolicy, findings: readonly GateFinding[]): GateReason[] {
  const reasons = findings.flatMap((finding): GateReason[] => {
    const isTwice = finding.kind === 'same-photo' && finding.whose === 'own'
    const action = isTwice ? 'block' : policy[finding.kind]
    if (action !== 'ignore') return [{ action, finding }]
    const isOpen = finding.kind === 'several-faces' && finding.choice === 'unclear'
    return isOpen ? [{ action: 'warn', finding }] : []
  })
  return reasons.sort((a, b) => Number(b.action === 'block') - Number(a.action === 'block'))
}

/** Where a face goes: straight to the person, to somebody who looks at it, or nowhere. */
export type Pile = 'fine' | 'look' | 'refused'

/**
 * The pile of a face that nobody looked at yet. A face that was ruled out for the person is never offered for them
 * again by a machine: what asks the one who points at it refuses it here.
 */
export function pileOf(reasons: readonly GateReason[]): Pile {
  if (reasons.some(({ action, finding }) => action === 'block' || finding.kind === 'ruled-out'))
    return 'refused'
  return reasons.length === 0 ? 'fine' : 'look'
}
