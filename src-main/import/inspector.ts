/** Counts what a source holds while it is read. Import worker thread. */
import type { ImportKind, Inspection, PreviewRow, RejectReason } from '../../src-shared/import'
import type { ReaderFacts } from './reader'
import type { SourceRow } from './source'

const previewRows = 50
const mostDuplicateNames = 1000

interface DomainCount {
  readonly persons: Set<string>
  rows: number
}

interface ModelCount {
  readonly modelId: string | null
  readonly dimension: number
  rows: number
  least: number
  greatest: number
  sum: number
}

interface ProblemCount {
  rows: number
  readonly example: { readonly key: string; readonly detail: string }
}

export class Inspector {
  #rows = 0
  readonly #persons = new Set<string>()
  readonly #domains = new Map<string | null, DomainCount>()
  readonly #models = new Map<string, ModelCount>()
  /** Keys of the people by domain and name. */
  readonly #names = new Map<string, Set<string>>()
  readonly #problems = new Map<RejectReason, ProblemCount>()
  readonly #preview: PreviewRow[] = []

  add(row: SourceRow): void {
    this.#rows += 1
    const { key, person, embedding, squared, problem } = row
    const domain = person?.domain ?? null
    const counted = getOrMake(this.#domains, domain, () => ({ persons: new Set<string>(), rows: 0 }))
    counted.rows += 1
    if (person !== null) {
      this.#persons.add(person.key)
      counted.persons.add(person.key)
      const name = JSON.stringify([domain, person.name])
      if (person.name !== '') getOrMake(this.#names, name, () => new Set()).add(person.key)
    }
    if (embedding !== null && problem === null) {
      this.#addVector(row.modelId, embedding.length, Math.sqrt(squared))
    }
    if (problem !== null) {
      const example = { key, detail: problem.detail }
      getOrMake(this.#problems, problem.reason, () => ({ rows: 0, example })).rows += 1
    }
    if (this.#preview.length < previewRows) {
      // Whole, as a rule for people is tried on it.
      this.#preview.push({ key, photo: row.photoPath, person: person?.name ?? null, domain, problem })
    }
  }

  result(kind: ImportKind, { notes, ...facts }: ReaderFacts): Inspection {
    return {
      kind,
      ...facts,
      rows: this.#rows,
      persons: this.#persons.size,
      domains: [...this.#domains].map(([domain, { persons, rows }]) => ({
        domain,
        persons: persons.size,
        rows,
      })),
      models: [...this.#models.values()].map(({ modelId, dimension, rows, least, greatest, sum }) => ({
        modelId,
        dimension,
        rows,
        norm: { least, mean: sum / rows, greatest },
      })),
      duplicateNames: this.#duplicateNames(),
      problems: [...this.#problems].map(([reason, problem]) => ({ reason, ...problem })),
      preview: this.#preview,
      notes: [...notes],
    }
  }

  #addVector(modelId: string | null, dimension: number, norm: number): void {
    const count = getOrMake(this.#models, `${dimension} ${modelId ?? ''}`, () => ({
      modelId,
      dimension,
      rows: 0,
      least: Number.POSITIVE_INFINITY,
      greatest: 0,
      sum: 0,
    }))
    count.rows += 1
    count.sum += norm
    count.least = Math.min(count.least, norm)
    count.greatest = Math.max(count.greatest, norm)
  }

  #duplicateNames(): Inspection['duplicateNames'] {
    const found: Inspection['duplicateNames'] = []
    for (const [key, persons] of this.#names) {
      if (persons.size < 2) continue
      const [domain, name] = JSON.parse(key) as [string | null, string]
      found.push({ domain, name, persons: persons.size })
      if (found.length === mostDuplicateNames) break
    }
    return found
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
