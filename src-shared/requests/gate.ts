/** Requests about the enrolment gate: what a domain does about each kind of finding. The contract. */
import { gateActionSchema, gateKindSchema, gatePolicySchema } from '../gate'
import { domainRef, request } from './request'

export const gateRequests = {
  'gate.policy': request(domainRef, gatePolicySchema),
  'gate.setAction': request(
    domainRef.extend({ kind: gateKindSchema, action: gateActionSchema }),
    gatePolicySchema,
  ),
} as const
