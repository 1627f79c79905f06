/**
 * The kernel that scans vectors: AssemblyScript, compiled by `scripts/build-kernel.mjs` to WebAssembly with SIMD, run in
 * the store's worker thread and its scan threads. It owns no memory: every address is given (see `../layout.ts`).
 */
export { scanFloat32 } from './float32'
export { scanInt8 } from './int8'
