/**
 * How well the shipped thresholds tell people apart. Options: `--pairs FILE`, a CSV of `file_x,file_y,Decision` (Yes = the same
 * person) whose photos lie beside it. Without it the sample photos alone are compared. Electron's Node.
 */
import { parseArgs } from 'node:util'
import { identifyDistance } from '../../src-main/services/thresholds'
import { printFigure } from './figure'
import { dot, type LabelledFace, type Pairs, readPairs, sampledTwice, sampleFaces } from './labelled-photos'
import { defaultPack, startVision } from './vision'

const benchmark = 'accuracy'

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { pairs: { type: 'string' }, flip: { type: 'boolean', default: false } },
  })
  const host = await startVision()
  try {
    const samples = await sampleFaces(host, values.flip)
    const pairs = values.pairs === undefined ? undefined : await readPairs(host, values.pairs, values.flip)
    if (pairs !== undefined) reportPairs(pairs)
    reportImpostors(samples, pairs)
    reportSamples(samples)
  } finally {
    await host.stop()
  }
}

function reportPairs({ comparisons, faces }: Pairs): void {
  const { thresholds } = defaultPack().pack
  const right = comparisons.filter(({ same, similarity }) => same === 1 - similarity <= thresholds.verify)
  printFigure({
    benchmark,
    figure: 'pairs told right at the verify threshold',
    value: right.length / comparisons.length,
    goal: '>= 0.995',
    details: {
      pairs: comparisons.length,
      verifyDistance: thresholds.verify,
      lowestSame: Math.min(...comparisons.filter((pair) => pair.same).map((pair) => pair.similarity)),
      highestDifferent: Math.max(...comparisons.filter((pair) => !pair.same).map((pair) => pair.similarity)),
    },
  })
  const others = faces.length - 1
  const match = identifyDistance(thresholds, thresholds.identify.matchFpir, others)
  const possible = identifyDistance(thresholds, thresholds.identify.possibleFpir, others)
  let [wrong, found, wrongPossible, findable] = [0, 0, 0, 0]
  for (const probe of faces) {
    const ranked = faces
      .filter((face) => face !== probe)
      .map((face) => ({ face, distance: 1 - dot(face.embedding, probe.embedding) }))
      .sort((a, b) => a.distance - b.distance)
    const best = ranked[0]!
    const isRight = best.face.person === probe.person
    if (ranked.some(({ face }) => face.person === probe.person)) findable++
    if (best.distance <= match && isRight) found++
    if (best.distance <= match && !isRight) wrong++
    wrongPossible += ranked.filter((c) => c.distance <= possible && c.face.person !== probe.person).length
  }
  printFigure({
    benchmark,
    figure: 'wrong names at the match level, each photo searched among the others',
    value: wrong,
    goal: '0',
    details: {
      searches: faces.length,
      findable,
      found,
      matchDistance: match,
      possibleDistance: possible,
      wrongPossible,
    },
  })
}

function reportImpostors(samples: readonly LabelledFace[], pairs: Pairs | undefined): void {
  const faces = [...samples, ...(pairs?.faces ?? [])]
  const similarities = faces.flatMap((a, index) =>
    faces
      .slice(index + 1)
      .filter((b) => b.person !== a.person)
      .map((b) => dot(a.embedding, b.embedding)),
  )
  const mean = similarities.reduce((sum, value) => sum + value, 0) / similarities.length
  const variance =
    similarities.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (similarities.length - 1)
  const shipped = defaultPack().pack.thresholds.impostor
  printFigure({
    benchmark,
    figure: 'similarity of different people, standard deviation measured ÷ shipped',
    value: Math.sqrt(variance) / shipped.standardDeviation,
    // The samples alone are too few to judge by.
    ...(pairs === undefined ? {} : { goal: '<= 1' }),
    details: {
      comparisons: similarities.length,
      mean,
      standardDeviation: Math.sqrt(variance),
      highest: Math.max(...similarities),
      shippedMean: shipped.meanSimilarity,
      shippedStandardDeviation: shipped.standardDeviation,
    },
  })
}

function reportSamples(samples: readonly LabelledFace[]): void {
  const { thresholds } = defaultPack().pack
  const both = samples.filter((face) => sampledTwice.has(face.name))
  const [one, other] = both
  if (one === undefined || other === undefined)
    throw new Error('The woman of the samples was not found in both.')
  const comparisons = 12
  printFigure({
    benchmark,
    figure: 'distance between the two samples of one woman ÷ match distance among a dozen',
    value:
      (1 - dot(one.embedding, other.embedding)) /
      identifyDistance(thresholds, thresholds.identify.matchFpir, comparisons),
    goal: '<= 1',
    details: { similarity: dot(one.embedding, other.embedding), comparisons },
  })
}
