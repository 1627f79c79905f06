/** The compiled kernel, bound to a memory. Store worker thread and scan threads. */
import { kernelBase64 } from './kernel.generated'
import {
  allowedAt,
  type IndexKind,
  probeScalesAt,
  probesAt,
  rowsPerSegment,
  segmentAt,
  segmentLayouts,
} from './layout'

/** Scores a segment's rows against the first `probeCount` probes of the memory's header. */
export type SegmentScan = (segment: number, probeCount: number) => void

/** The functions that `kernel/index.ts` exports; addresses and counts are unsigned 32-bit numbers. */
interface KernelExports {
  scanFloat32(...addressesAndCounts: number[]): void
  scanInt8(...addressesAndCounts: number[]): void
}

const compiled = new WebAssembly.Module(Buffer.from(kernelBase64, 'base64'))

/** The scan of `kind` over `memory`. */
export function bindKernel(memory: WebAssembly.Memory, kind: IndexKind): SegmentScan {
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  const kernel = instance.exports as KernelExports
  const layout = segmentLayouts[kind]
  if (kind === 'float32') {
    return (segment, probeCount) => {
      const at = segmentAt(kind, segment)
      const { vectors, domains, scores, maxima } = layout
      kernel.scanFloat32(
        at + vectors,
        at + domains,
        allowedAt,
        probesAt,
        probeCount,
        at + scores,
        at + maxima,
        rowsPerSegment,
      )
    }
  }
  return (segment, probeCount) => {
    const at = segmentAt(kind, segment)
    kernel.scanInt8(
      at + layout.vectors,
      at + layout.scales,
      at + layout.offsets,
      at + layout.errors,
      at + layout.domains,
      allowedAt,
      probesAt,
      probeScalesAt,
      probeCount,
      at + layout.scores,
      at + layout.maxima,
      rowsPerSegment,
    )
  }
}
