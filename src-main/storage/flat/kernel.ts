/** The compiled kernel, bound to a memory. Store worker thread and scan threads. */
import { kernelBase64 } from './kernel.generated'
import {
  allowedAt,
  columnsAt,
  type IndexKind,
  listAt,
  probeScalesAt,
  probesAt,
  rowsPerSegment,
  segmentAt,
  segmentLayouts,
  vectorBytes,
} from './layout'
import type { Planes } from './quantise'

/** The functions of `kernel/index.ts`; addresses and counts are unsigned 32-bit numbers. */
interface KernelExports {
  scan(...addressesAndCounts: number[]): void
  products(list: number, count: number, probe: number): void
}

export interface Kernel {
  /** Scores a segment's rows against the first `probeCount` probes of the memory's header. */
  scan(segment: number, probeCount: number, planes: Planes): void
  /** Replaces the first `count` addresses of the header's list by the products with one of its probes. */
  products(count: number, probe: number): void
}

const compiled = new WebAssembly.Module(Buffer.from(kernelBase64, 'base64'))

/** The kernel over `memory`, an index of `kind`. */
export function bindKernel(memory: WebAssembly.Memory, kind: IndexKind): Kernel {
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  const kernel = instance.exports as KernelExports
  const { codes, scales, sums, errors, domains, scores, maxima } = segmentLayouts[kind]
  return {
    scan: (segment, probeCount, planes) => {
      const at = segmentAt(kind, segment)
      kernel.scan(
        at + codes,
        at + scales,
        at + sums,
        at + errors,
        at + domains,
        allowedAt,
        columnsAt,
        probeScalesAt,
        probeCount,
        planes,
        at + scores,
        at + maxima,
        rowsPerSegment,
      )
    },
    products: (count, probe) => kernel.products(listAt, count, probesAt + probe * vectorBytes),
  }
}
