/**
 * DBSCAN as it was published (Ester, Kriegel, Sander & Xu, KDD 1996), over all pairs and without constraints: what the
 * program's own clustering is compared with. Benchmarks and tests, any process.
 */
import { distanceOf } from './labelled-faces'

/** The cluster of each vector by number; `undefined` = noise. O(n²) distances. */
export function plainDbscan(
  vectors: readonly Float32Array[],
  maxDistance: number,
  minPoints: number,
): (number | undefined)[] {
  const neighbours: number[][] = vectors.map(() => [])
  for (let a = 0; a < vectors.length; a++) {
    for (let b = a + 1; b < vectors.length; b++) {
      if (distanceOf(vectors[a]!, vectors[b]!) > maxDistance) continue
      neighbours[a]!.push(b)
      neighbours[b]!.push(a)
    }
  }
  const isCore = (at: number) => neighbours[at]!.length >= minPoints - 1
  const clusters: (number | undefined)[] = vectors.map(() => undefined)
  let next = 0
  for (let seed = 0; seed < vectors.length; seed++) {
    if (clusters[seed] !== undefined || !isCore(seed)) continue
    const cluster = next++
    clusters[seed] = cluster
    for (const open = [seed]; open.length > 0; ) {
      for (const at of neighbours[open.pop()!]!) {
        if (clusters[at] !== undefined) continue
        clusters[at] = cluster
        if (isCore(at)) open.push(at)
      }
    }
  }
  return clusters
}
