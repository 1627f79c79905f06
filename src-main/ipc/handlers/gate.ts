/** Requests about the enrolment gate: what a domain does about each kind of finding. Runs in main. */
import { policyOf, withAction } from '../../services/gate/policy'
import type { Handlers } from '../register'
import type { Services } from './services'

export function gateHandlers({ settings }: Services) {
  return {
    'gate.policy': ({ clientId, domain }) => policyOf(settings.current.gatePolicies, clientId, domain),
    'gate.setAction': ({ clientId, domain, kind, action }) => {
      const gatePolicies = withAction(settings.current.gatePolicies, clientId, domain, kind, action)
      settings.update({ gatePolicies })
      return policyOf(gatePolicies, clientId, domain)
    },
  } satisfies Partial<Handlers>
}
