/**
 * The kernel that scans and compares vectors: AssemblyScript, compiled by `scripts/build-kernel.mjs` to WebAssembly with
 * SIMD, run in the store's worker thread and its scan threads. It owns no memory: every address is given (see `../layout.ts`).
 */
export { products } from './products'
export { scan } from './scan'
