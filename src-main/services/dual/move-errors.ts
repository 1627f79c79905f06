/** Why a step of the move to a server was not made. Main, command line. */
import type { CacheDifference } from '../../../src-shared/cache'
import type { GateVerdict } from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { Stopwatch } from './stopwatch'

export function gateNotPassed({ checks }: GateVerdict): VisorError {
  const failed = checks.filter(({ passed }) => !passed)
  return new VisorError('conflict', 'The gate is not passed.', {
    consequence: 'The mode stays as it is.',
    remedy: 'Look at what differs, and mend it; or say why it is to be done all the same.',
    detail: failed
      .map(({ criterion, figure, wanted }) => `${criterion}: ${figure ?? 'nothing'}, wanted ${wanted}`)
      .join('\n'),
  })
}

export function notEqual(clientId: ClientId, differences: readonly CacheDifference[]): VisorError {
  return new VisorError('conflict', `The gallery of ${clientId} is not the same on the server.`, {
    consequence: 'It was not paired.',
    remedy: 'Copy it again, then compare again.',
    detail: differences
      .map(
        ({ domain, table, inCache, onServer, differing }) =>
          `${domain}, ${table}: ${inCache} rows here, ${onServer} there, ${differing} owners differ`,
      )
      .join('\n'),
  })
}

export function anotherServer(): VisorError {
  return new VisorError('conflict', 'Another gallery answers at that place than the one that was paired.', {
    consequence: 'Nothing was rehearsed.',
    remedy: 'Ask who looks after the server.',
  })
}

/** `what`: “cut-over”, “roll-back”. */
export function notInTime(what: string, { parts, doing }: Stopwatch): VisorError {
  const lines = [...parts, { ...doing, what: `${doing.what}: not through yet` }]
  return new VisorError('deadline-exceeded', `The ${what} could not be decided within a second.`, {
    consequence: `Nothing was changed. It waited for this: ${doing.what}.`,
    remedy: 'Try again: what it waits for is made ready meanwhile.',
    detail: lines.map((part) => `${part.what}: ${part.ms.toFixed(0)} ms`).join('\n'),
  })
}
