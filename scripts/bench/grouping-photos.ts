/**
 * How well groups fit real photos, over the parameters of grouping: pairwise precision, recall and F-score for distances from
 * strict to loose and for two, three and four faces that make a core. Option: `--pairs FILE`, as for `accuracy`; without it
 * there are the sample photos alone, in which one woman is twice. Electron's Node.
 */
import { parseArgs } from 'node:util'
import { FaceClusters } from '../../src-main/services/clustering/face-clusters'
import { clusterParametersOf } from '../../src-main/services/clustering/parameters'
import { printFigure } from './figure'
import { distanceOf, pairwiseScore } from './labelled-faces'
import { type LabelledFace, readPairs, sampleFaces } from './labelled-photos'
import { defaultPack, startVision } from './vision'

const distances = [0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.54, 0.58, 0.62]
const cores = [2, 3, 4]

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { pairs: { type: 'string' } } })
  const host = await startVision()
  try {
    const samples = await sampleFaces(host, false)
    const labelled = values.pairs === undefined ? [] : (await readPairs(host, values.pairs, false)).faces
    measure([...samples, ...labelled], labelled.length > 0)
  } finally {
    await host.stop()
  }
}

function measure(faces: readonly LabelledFace[], isLabelled: boolean): void {
  const shipped = clusterParametersOf(defaultPack().pack.thresholds)
  const people = [...new Set(faces.map(({ person }) => person))]
  const labels = faces.map(({ person }) => people.indexOf(person))
  for (const minPoints of cores) {
    for (const maxDistance of [...distances, shipped.maxDistance].sort((a, b) => a - b)) {
      const score = pairwiseScore(labels, groupsOf(faces, maxDistance, minPoints))
      const isShipped = maxDistance === shipped.maxDistance && minPoints === shipped.minPoints
      printFigure({
        benchmark: 'grouping-photos',
        figure: 'pairwise F-score',
        value: score.f,
        // Of the samples alone one woman is in two photos, which is no group of three.
        ...(isShipped && isLabelled ? { goal: '>= 0.5' } : {}),
        details: {
          maxDistance,
          minPoints,
          shipped: isShipped ? 'yes' : 'no',
          precision: score.precision,
          recall: score.recall,
          faces: faces.length,
          people: people.length,
        },
      })
    }
  }
}

/** The groups as the program makes them, each face with all its neighbours. */
function groupsOf(
  faces: readonly LabelledFace[],
  maxDistance: number,
  minPoints: number,
): (number | undefined)[] {
  const clusters = new FaceClusters({ maxDistance, minPoints })
  clusters.add(
    faces.map((face, id) => ({
      id,
      photo: face.name.split('#')[0]!,
      neighbours: faces
        .map((other, otherId) => ({ id: otherId, distance: distanceOf(face.embedding, other.embedding) }))
        .filter((other) => other.id !== id && other.distance <= maxDistance),
    })),
  )
  for (const settling = clusters.settle(); !settling.next().done; );
  return faces.map((_, id) => clusters.groupOf(id))
}
