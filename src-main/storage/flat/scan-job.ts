/**
 * How threads share one scan: a few shared integers. Store worker thread and scan threads.
 *
 * [Note: Tickets] The job's next segment and the job's number are one integer, the ticket, so that taking a segment (a
 * compare-and-exchange) fails when the job has changed since the ticket was read. The store worker closes the ticket
 * before it writes the next job, and ends a job only when every segment taken is done: a thread that wakes late finds
 * either nothing to take or a job that is all there. Nobody waits for a thread that has not taken anything.
 */
import type { Kernel } from './kernel'
import type { IndexKind } from './layout'
import type { Planes } from './quantise'

const ticket = 0
const completed = 1
const segments = 2
const memoryNumber = 3
const probes = 4
const planes = 5
const wakes = 6
const stopped = 7
const integers = 8

/** Segment numbers take the ticket's lower 13 bits; the greatest means closed. */
const segmentBits = 0x1fff

/** Segments times probes, about 10 µs each, from which on threads are woken. */
const worthWaking = 32

/** Milliseconds without an end after which a scan thread is taken for dead. The longest scan takes a fraction of a second. */
const patienceMs = 30_000

/** What a scan thread is told through its port, before the job that needs it. */
export type ScanThreadMessage =
  | {
      readonly type: 'attach'
      readonly number: number
      readonly memory: WebAssembly.Memory
      readonly kind: IndexKind
    }
  | { readonly type: 'detach'; readonly number: number }

/** What a scan thread starts with. */
export interface ScanThreadData {
  readonly control: SharedArrayBuffer
  readonly port: import('node:worker_threads').MessagePort
}

export interface ScanJob {
  readonly memoryNumber: number
  readonly segments: number
  readonly probes: number
  readonly planes: Planes
}

export function makeControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(integers * Int32Array.BYTES_PER_ELEMENT)
}

/** Announces a job and wakes the threads, where it is worth it. Store worker only. */
export function startJob(control: Int32Array, job: ScanJob): void {
  const closed = Atomics.load(control, ticket) | segmentBits
  Atomics.store(control, ticket, closed)
  Atomics.store(control, completed, 0)
  Atomics.store(control, segments, job.segments)
  Atomics.store(control, memoryNumber, job.memoryNumber)
  Atomics.store(control, probes, job.probes)
  Atomics.store(control, planes, job.planes)
  // The job's number is one up and its first segment 0: the closed ticket plus one.
  Atomics.store(control, ticket, (closed + 1) | 0)
  if (isWorthWaking(job)) wakeThreads(control)
}

/** A short scan is over before another thread is awake. */
export function isWorthWaking({ segments, probes }: ScanJob): boolean {
  return segments * probes >= worthWaking
}

/** Wakes the scan threads, to a job or to their messages. Store worker only. */
export function wakeThreads(control: Int32Array): void {
  Atomics.add(control, wakes, 1)
  Atomics.notify(control, wakes)
}

/** Takes segments of the job until there are none. `kernelOf` gives the kernel over the memory of that number. */
export function work(control: Int32Array, kernelOf: (memoryNumber: number) => Kernel): void {
  for (;;) {
    const taken = Atomics.load(control, ticket)
    const segment = taken & segmentBits
    if (segment >= Atomics.load(control, segments)) return
    if (Atomics.compareExchange(control, ticket, taken, taken + 1) !== taken) continue
    const kernel = kernelOf(Atomics.load(control, memoryNumber))
    kernel.scan(segment, Atomics.load(control, probes), Atomics.load(control, planes) === 2 ? 2 : 1)
    const done = Atomics.add(control, completed, 1) + 1
    if (done === Atomics.load(control, segments)) Atomics.notify(control, completed)
  }
}

/** Waits until every segment is done. `false` where a thread that took one does not finish it. Store worker only. */
export function awaitEnd(control: Int32Array): boolean {
  for (;;) {
    const done = Atomics.load(control, completed)
    if (done >= Atomics.load(control, segments)) return true
    if (Atomics.wait(control, completed, done, patienceMs) === 'timed-out') return false
  }
}

/**
 * Blocks a scan thread until it is woken again; gives the number of the waking, to be handed in next time, or `undefined`
 * where the thread is to end.
 */
export function awaitJob(control: Int32Array, seen: number): number | undefined {
  Atomics.wait(control, wakes, seen)
  return Atomics.load(control, stopped) === 1 ? undefined : Atomics.load(control, wakes)
}

/** Lets the scan threads end. Store worker only. */
export function stopThreads(control: Int32Array): void {
  Atomics.store(control, stopped, 1)
  wakeThreads(control)
}
