/**
 * DBSCAN as it was published (Ester, Kriegel, Sander & Xu, KDD 1996), over all pairs and without constraints: what the
 * program's own clustering is compared with. Benchmarks and tests, any process.
 */
/** The cluster of each vector by number; `undefined` = noise. O(n²) distances; dimensions that are zero in all are left out. */
export function plainDbscan(
  vectors: readonly Float32Array[],
  maxDistance: number,
  minPoints: number,
): (number | undefined)[] {
  const neighbours: number[][] = vectors.map(() => [])
  const dimensions = vectors.reduce(
    (most, vector) => Math.max(most, vector.findLastIndex((value) => value !== 0) + 1),
    1,
  )
  const rows = Math.ceil(vectors.length / 4) * 4
  const matrix = new Float32Array(rows * dimensions)
  for (const [row, vector] of vectors.entries()) {
    matrix.set(vector.subarray(0, dimensions), row * dimensions)
  }
  const least = 1 - maxDistance
  const note = (a: number, b: number, similarity: number) => {
    if (similarity < least || b <= a || b >= vectors.length) return
    neighbours[a]!.push(b)
    neighbours[b]!.push(a)
  }
  // Four rows at a time: each number of the one is read once for all of them.
  for (let a = 0; a < vectors.length; a++) {
    const one = a * dimensions
    for (let b = a - (a % 4); b < rows; b += 4) {
      const first = b * dimensions
      const [second, third, fourth] = [first + dimensions, first + 2 * dimensions, first + 3 * dimensions]
      let [to0, to1, to2, to3] = [0, 0, 0, 0]
      for (let i = 0; i < dimensions; i++) {
        const value = matrix[one + i]!
        to0 += value * matrix[first + i]!
        to1 += value * matrix[second + i]!
        to2 += value * matrix[third + i]!
        to3 += value * matrix[fourth + i]!
      }
      note(a, b, to0)
      note(a, b + 1, to1)
      note(a, b + 2, to2)
      note(a, b + 3, to3)
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
