/** What is told when the vision process fails. Main process and command line. */
import { toWireError, VisorError } from '../../src-shared/errors'
import type { VisionMethod } from '../../src-shared/vision-protocol'
import type { ProcessExit } from './process-handle'

const crashConsequence = 'What it was working on is not finished; it is started again.'

/** `vision-crashed`: it ended without being asked to. The detail has its exit code and its last words. */
export function crashed(exit: ProcessExit): VisorError {
  const how = exit.signal === undefined ? `exit code ${exit.code}` : `signal ${exit.signal}`
  if (exit.startError !== undefined) {
    return new VisorError('vision-crashed', 'The vision process could not be started.', {
      cause: exit.startError,
      consequence: 'Photos wait until it runs.',
      detail: exit.startError.message,
    })
  }
  return new VisorError('vision-crashed', 'The vision process ended unexpectedly.', {
    consequence: crashConsequence,
    detail: exit.lastWords === '' ? how : `${how}\n${exit.lastWords}`,
  })
}

/** `vision-crashed`: it was killed because it no longer answered, or never did. */
export function hung(what: string): VisorError {
  return new VisorError('vision-crashed', 'The vision process stopped answering and was ended.', {
    consequence: crashConsequence,
    detail: what,
  })
}

/** `vision-crashed`: it said what the protocol does not know, so nothing it says can be relied on. */
export function spokeNonsense(what: string): VisorError {
  return new VisorError('vision-crashed', 'The vision process sent a message Visor does not know.', {
    consequence: crashConsequence,
    remedy: 'If this happens again, Visor was not installed completely: install it again.',
    detail: what,
  })
}

/** `internal`: one reply does not have the shape that its method promises. */
export function malformedReply(method: VisionMethod, where: string): VisorError {
  return new VisorError('internal', `The vision process gave an answer to “${method}” that does not fit.`, {
    consequence: 'This answer was dropped; nothing else was changed.',
    detail: where,
  })
}

/** `vision-unavailable`: too many restarts, or an error that another start would only repeat. */
export function gaveUp(cause: unknown, restarts: number): VisorError {
  const told = toWireError(cause)
  const message =
    restarts > 0
      ? `The vision process ended again, restarts are used up (${restarts}), and it is not started any more.`
      : 'The vision process could not be made ready.'
  return new VisorError('vision-unavailable', message, {
    cause,
    consequence: 'No photo can be analysed; what waits keeps waiting.',
    remedy: 'Choose “Try again”. If it fails again, the log says why.',
    detail: [told.message, told.detail].filter((part) => part !== undefined).join('\n'),
  })
}

/** `vision-unavailable`: it was asked to stop, or never asked to start. */
export function notRunning(): VisorError {
  return new VisorError('vision-unavailable', 'The vision process is not running.', {
    consequence: 'No photo can be analysed.',
    remedy: 'Start Visor again.',
  })
}

/** `vision-unavailable`: the model pack's files are missing or damaged; `cause` says which. */
export function withoutModel(cause: VisorError): VisorError {
  return new VisorError('vision-unavailable', 'No model pack is loaded.', {
    cause,
    consequence: 'No photo can be analysed.',
    remedy: cause.remedy ?? 'Fetch the model pack, in Settings under Models or with “visor models fetch”.',
    detail: cause.message,
  })
}

/** `cancelled`: nobody waits for this answer any more. */
export function cancelled(cause?: unknown): VisorError {
  return new VisorError('cancelled', 'Cancelled.', cause === undefined ? {} : { cause })
}
