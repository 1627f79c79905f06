/** Faces of real photos with known people: the samples, and pairs that somebody labelled. Benchmarks, Electron's Node. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { VisionHost } from '../../src-main/host/vision-host'
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import { facesOnly, samplePaths } from './vision'

/** Two photos that somebody said are of one person, or of two. */
export interface Comparison {
  readonly names: string
  readonly same: boolean
  readonly similarity: number
}

/** A face of a photo. */
export interface LabelledFace {
  readonly name: string
  /** Faces of one person have the same; of different people, different ones. */
  readonly person: string
  readonly embedding: UnitEmbedding
}

/** The one person who is in two sample photos; everybody else in them is there once. Faces are counted from the left. */
export const sampledTwice = new Set(['sample1.jpg#3', 'sample3.jpg#2'])

/** The faces of the sample photos. */
export async function sampleFaces(host: VisionHost, flip: boolean): Promise<LabelledFace[]> {
  const faces: LabelledFace[] = []
  for (const path of samplePaths) {
    const answer = await host.request('analyse', { ...facesOnly(path), flip })
    answer.faces
      .toSorted((a, b) => a.box.x - b.box.x)
      .forEach((face, index) => {
        const name = `${path.slice(path.lastIndexOf('sample'))}#${index + 1}`
        faces.push({
          name,
          person: sampledTwice.has(name) ? 'in two samples' : name,
          embedding: face.embedding,
        })
      })
  }
  return faces
}

/** What a file of pairs tells. */
export interface Pairs {
  readonly comparisons: readonly Comparison[]
  readonly faces: readonly LabelledFace[]
}

/** Pairs of a CSV of `file_x,file_y,Decision` (Yes = the same person), whose photos lie beside it: the largest face of each. */
export async function readPairs(host: VisionHost, file: string, flip: boolean): Promise<Pairs> {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  const rows = lines.map((line) => {
    const [x, y, decision] = line.split(',')
    if (x === undefined || y === undefined || (decision !== 'Yes' && decision !== 'No')) {
      throw new Error(`Not a pair: ${line}`)
    }
    return { x, y, same: decision === 'Yes' }
  })
  const largest = new Map<string, EmbeddedFace>()
  for (const name of new Set(rows.flatMap((row) => [row.x, row.y]))) {
    const answer = await host.request('analyse', { ...facesOnly(join(dirname(file), name)), flip })
    const face = answer.faces[0]
    if (face === undefined) throw new Error(`No face was found in ${name}.`)
    largest.set(name, face)
  }
  const person = new Map([...largest.keys()].map((name) => [name, name]))
  const comparisons = rows.map(({ x, y, same }) => {
    if (same) {
      const [from, to] = [person.get(y), person.get(x)!]
      for (const [name, value] of person) if (value === from) person.set(name, to)
    }
    return { names: `${x} ${y}`, same, similarity: dot(largest.get(x)!.embedding, largest.get(y)!.embedding) }
  })
  const faces = [...largest].map(([name, face]) => ({
    name,
    person: person.get(name)!,
    embedding: face.embedding,
  }))
  return { comparisons, faces }
}

/** Similarity of two unit embeddings. */
export function dot(a: UnitEmbedding, b: UnitEmbedding): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}
