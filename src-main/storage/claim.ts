/**
 * Who was first: somebody who no longer waits, or the thread that commits what is waited for. In shared memory, as a thread that is
 * busy cannot be told. Main, store's threads, command line.
 */

/** `[0]`: 0 while it is open, 1 once nobody waits, 2 once it is being committed. */
export type Claim = Int32Array<SharedArrayBuffer>

const [open, givenUp, taken] = [0, 1, 2]

export function newClaim(): Claim {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** Whoever waited waits no longer. Gives whether that came first: then it is never committed; else it is being committed just now. */
export function giveUp(claim: Claim): boolean {
  return Atomics.compareExchange(claim, 0, open, givenUp) !== taken
}

/** Right before the commit: whether somebody still waits for it. From then on nobody can give it up. */
export function take(claim: Claim): boolean {
  return Atomics.compareExchange(claim, 0, open, taken) !== givenUp
}
