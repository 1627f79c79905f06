/** Why a pickle is not read on. Import worker thread. */
import { VisorError } from '../../../src-shared/errors'

const place = (offset: number) => `byte ${offset.toLocaleString('en-GB')}`

/**
 * `source-unfit`, said of one opcode: its name, where it stands, and what is wrong with it. `why` goes on from there:
 * “which …”.
 */
export function refusedAt(opcode: string, offset: number, why: string): VisorError {
  return new VisorError('source-unfit', `The pickle has ${opcode} at ${place(offset)}, ${why}.`, {
    consequence: 'It is not read on: DeepFace’s files have no such thing. Nothing in it was executed.',
    remedy: 'Make sure that it is the file that DeepFace wrote, unchanged.',
  })
}
