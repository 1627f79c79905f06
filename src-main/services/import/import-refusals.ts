/** Why a run of an import is not gone on with, compared, looked at or taken back. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import type { ImportRun, ImportState } from '../../../src-shared/import-run'

/** `conflict`. */
export function changed(): VisorError {
  return new VisorError('conflict', 'The source is not what it was when this import began.', {
    consequence: 'Nothing more was imported; what was brought before is still there.',
    remedy: 'Begin a new import: what is there already is not brought twice.',
  })
}

/** `conflict`. */
export function over({ state }: ImportRun): VisorError {
  return new VisorError('conflict', `This import is over: ${state}.`, {
    remedy: 'Begin a new one: what is there already is not brought twice.',
  })
}

/** `conflict`. */
export function notDone({ state }: ImportRun): VisorError {
  return new VisorError('conflict', `This import is ${state}: there is nothing to compare yet.`, {
    remedy: 'Resume it, and compare when it is done.',
  })
}

/** `conflict`. */
export function notLookedAt(state: ImportState): VisorError {
  return new VisorError('conflict', `This import is ${state}: its photos are not looked for.`, {
    remedy: 'Wait until it is done, or run it again.',
  })
}

/** `conflict`. */
export function forgotten(): VisorError {
  return new VisorError(
    'conflict',
    'Where this import came from was forgotten: it named somebody who was erased.',
    {
      remedy: 'Begin a new one.',
    },
  )
}

/** `conflict`. */
export function nothingToUndo(): VisorError {
  return new VisorError('conflict', 'This import changed nothing, so there is nothing to take back.')
}
