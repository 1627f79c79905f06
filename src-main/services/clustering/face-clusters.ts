/**
 * Groups faces that are probably one person's, by how densely they lie. Pure, any process.
 *
 * [Note: Clustering] The method is DBSCAN (Ester, Kriegel, Sander & Xu, *A density-based algorithm for discovering clusters
 * in large spatial databases with noise*, KDD 1996) over a graph of nearest neighbours, with cannot-link constraints
 * (as in C-DBSCAN: Ruiz, Spiliopoulou & Menasalvas, *C-DBSCAN: density-based clustering with constraints*, RSFDGrC 2007):
 * - A face with `minPoints` − 1 neighbours or more within `maxDistance` is a *core*.
 * - Links between cores are taken nearest first, and each joins two groups, unless that would bring together two faces that
 *   must stay apart. So where constraints cut a group, they cut it at its longest links.
 * - Then the other faces join the group of their nearest core that they may be with. They link no groups.
 * - A face that is alone in the end is in no group.
 * Two faces that must stay apart are no neighbours, and do not count as such.
 *
 * The result follows from the links alone: ties in distance are settled by id, so neither the order of arrival nor the
 * portions in which faces came make a difference. Links depend on it only where lists of neighbours are cut short: a face
 * that comes later takes no room from the lists of those before. That adds links in places so dense that the list is full,
 * where there are more links than needed anyway; `docs/unknown-faces.md` has what was measured.
 *
 * Adding and removing faces settles anew only what is connected to them through cores ({@link FaceClusters.settle}).
 */
import { ConstrainedGroups, cannotLink } from './constrained-groups'

/** What keeps a face apart from others, where that is more than its photo. */
export interface FaceConstraint {
  /** A face with a number and one with its opposite must stay apart. */
  readonly sides: readonly number[]
  /** Its photo keeps it apart from nobody: it may show a person twice. */
  readonly photoRepeats: boolean
}

const unconstrained: FaceConstraint = { sides: [], photoRepeats: false }

export interface ClusterParameters {
  /** Cosine distance within which two faces are neighbours, 0 … 2. */
  readonly maxDistance: number
  /** Faces, itself included, that make a face a core; ≥ 2. */
  readonly minPoints: number
}

export interface Neighbour {
  readonly id: number
  /** Cosine distance. */
  readonly distance: number
}

/** A face to be grouped. Ids are whole numbers; neighbours may be named before they are added, and may never be. */
export interface ClusterFace {
  readonly id: number
  /** Two faces of one photo are never one person. */
  readonly photo: string
  readonly neighbours: readonly Neighbour[]
}

interface Node {
  readonly id: number
  readonly ownPhoto: string
  /** As constraints have it: see `ConstrainedFace`. */
  photo: string | null
  sides: readonly number[]
  /** Linked faces and how far they are, in the same order; a link is in the lists of both its ends. */
  readonly linked: number[]
  readonly distances: number[]
  /** Those within the distance that must stay apart from it: they are linked again when that is taken back. */
  barred: readonly Neighbour[]
}

/** Nodes and links looked at between two rests of {@link FaceClusters.settle}: about a millisecond. */
const stepsPerRest = 2000
/** Links are sorted in this many portions by distance, so that no sort of a very large group takes long. */
const distanceBuckets = 256

export class FaceClusters {
  readonly #parameters: ClusterParameters
  readonly #nodes = new Map<number, Node>()
  readonly #groups = new Map<number, number>()
  #constraints: ReadonlyMap<number, FaceConstraint> = new Map()
  /** Links to faces that are not here, by the missing face. */
  readonly #missing = new Map<number, Neighbour[]>()
  /** Where something changed since the last settling. */
  readonly #changed = new Set<number>()
  #steps = 0

  constructor(parameters: ClusterParameters) {
    this.#parameters = parameters
  }

  /** Faces that are in. */
  get size(): number {
    return this.#nodes.size
  }

  has(id: number): boolean {
    return this.#nodes.has(id)
  }

  ids(): IterableIterator<number> {
    return this.#nodes.keys()
  }

  /** The group a face was in when last settled: the least id in it; `undefined` for a face of no group. */
  groupOf(id: number): number | undefined {
    return this.#groups.get(id)
  }

  /** Puts faces in that are not in yet. */
  add(faces: Iterable<ClusterFace>): void {
    for (const { id, photo, neighbours } of faces) {
      if (this.#nodes.has(id)) continue
      const node: Node = {
        id,
        ownPhoto: photo,
        photo,
        sides: [],
        linked: [],
        distances: [],
        barred: noneBarred,
      }
      this.#nodes.set(id, node)
      constrainNode(node, this.#constraints.get(id))
      this.#changed.add(id)
      for (const neighbour of neighbours) this.#link(node, neighbour)
      const awaited = this.#missing.get(id) ?? []
      this.#missing.delete(id)
      for (const neighbour of awaited) if (this.#nodes.has(neighbour.id)) this.#link(node, neighbour)
    }
  }

  /** Takes faces out. Should one come back, its links come back with it. */
  remove(ids: Iterable<number>): void {
    for (const id of ids) {
      const node = this.#nodes.get(id)
      if (node === undefined) continue
      this.#nodes.delete(id)
      this.#groups.delete(id)
      this.#changed.delete(id)
      for (const [index, linked] of node.linked.entries()) {
        this.#await(id, { id: linked, distance: node.distances[index]! })
        this.#unlink(this.#nodes.get(linked)!, id)
        this.#changed.add(linked)
      }
      for (const barred of node.barred) {
        this.#await(id, barred)
        const other = this.#nodes.get(barred.id)!
        other.barred = other.barred.filter((neighbour) => neighbour.id !== id)
      }
    }
  }

  /** What keeps faces apart from now on, by face, of all faces; those that are not here yet may be among them. */
  constrain(constraints: ReadonlyMap<number, FaceConstraint>): void {
    const before = this.#constraints
    this.#constraints = constraints
    for (const id of new Set([...before.keys(), ...constraints.keys()])) {
      const node = this.#nodes.get(id)
      if (node === undefined || sameConstraint(before.get(id), constraints.get(id))) continue
      constrainNode(node, constraints.get(id))
      const near = [
        ...node.barred,
        ...node.linked.map((linked, index) => ({ id: linked, distance: node.distances[index]! })),
      ]
      for (const neighbour of near) {
        const other = this.#nodes.get(neighbour.id)!
        this.#unlink(node, other.id)
        this.#unlink(other, id)
        node.barred = node.barred.filter((barred) => barred.id !== other.id)
        other.barred = other.barred.filter((barred) => barred.id !== id)
        this.#link(node, neighbour)
        this.#changed.add(other.id)
      }
      this.#changed.add(id)
    }
  }

  /**
   * Groups anew what was changed, and what that is connected to. It rests often, so that whoever drives it can let
   * others have their turn; faces must not be added or removed meanwhile.
   *
   * @returns the faces whose group is another one now, with that group; `undefined` = none
   */
  *settle(): Generator<void, Map<number, number | undefined>> {
    const seen = new Set<number>()
    const moved = new Map<number, number | undefined>()
    for (const changed of this.#changed) {
      // A face that lost its core no longer leads to those that it led to.
      for (const seed of [changed, ...(this.#nodes.get(changed)?.linked ?? [])]) {
        if (this.#rests()) yield
        if (seen.has(seed)) continue
        const component = yield* this.#component(seed, seen)
        const groups = yield* this.#group(component)
        for (const { id } of component) {
          const group = groups.get(id)
          if (group === this.#groups.get(id)) continue
          moved.set(id, group)
          if (group === undefined) this.#groups.delete(id)
          else this.#groups.set(id, group)
        }
      }
    }
    this.#changed.clear()
    return moved
  }

  #link(node: Node, { id, distance }: Neighbour): void {
    if (id === node.id || distance > this.#parameters.maxDistance) return
    const other = this.#nodes.get(id)
    if (other === undefined) {
      this.#await(id, { id: node.id, distance })
      return
    }
    if (node.linked.includes(id)) return
    if (cannotLink(node, other)) {
      if (node.barred.some((barred) => barred.id === id)) return
      node.barred = [...node.barred, { id, distance }]
      other.barred = [...other.barred, { id: node.id, distance }]
      return
    }
    node.linked.push(id)
    node.distances.push(distance)
    other.linked.push(node.id)
    other.distances.push(distance)
    this.#changed.add(id)
  }

  #await(missing: number, neighbour: Neighbour): void {
    const waiting = this.#missing.get(missing)
    if (waiting === undefined) this.#missing.set(missing, [neighbour])
    else waiting.push(neighbour)
  }

  #unlink({ linked, distances }: Node, id: number): void {
    const at = linked.indexOf(id)
    if (at === -1) return
    linked.splice(at, 1)
    distances.splice(at, 1)
  }

  #isCore({ linked }: Node): boolean {
    return linked.length >= this.#parameters.minPoints - 1
  }

  #rests(): boolean {
    this.#steps = (this.#steps + 1) % stepsPerRest
    return this.#steps === 0
  }

  /** All that a face is connected to by links with a core at either end, itself included. */
  *#component(seed: number, seen: Set<number>): Generator<void, Node[]> {
    const component: Node[] = []
    seen.add(seed)
    for (const open = [this.#nodes.get(seed)!]; open.length > 0; ) {
      const node = open.pop()!
      component.push(node)
      const isCore = this.#isCore(node)
      for (const id of node.linked) {
        if (this.#rests()) yield
        if (seen.has(id)) continue
        const other = this.#nodes.get(id)!
        if (!isCore && !this.#isCore(other)) continue
        seen.add(id)
        open.push(other)
      }
    }
    return component
  }

  /** The groups of a component, by face; faces of no group are left out. */
  *#group(component: readonly Node[]): Generator<void, Map<number, number>> {
    const groups = new ConstrainedGroups(component)
    const joined = new Set<number>()
    for (const isBetweenCores of [true, false]) {
      for (const links of yield* this.#links(component, isBetweenCores)) {
        links.sort((a, b) => a.distance - b.distance || a.from - b.from || a.to - b.to)
        for (const { from, to } of links) {
          if (this.#rests()) yield
          // A face that is no core joins once: it must not link two groups.
          if (!isBetweenCores && joined.has(from)) continue
          if (groups.join(from, to)) joined.add(from)
        }
      }
    }
    return groups.ofTwoOrMore()
  }

  /** The component's links between cores (from the lesser id), or from other faces to cores, nearer portions first. */
  *#links(component: readonly Node[], betweenCores: boolean): Generator<void, Link[][]> {
    const buckets: Link[][] = []
    for (const node of component) {
      if (this.#isCore(node) !== betweenCores) continue
      for (const [index, to] of node.linked.entries()) {
        if (this.#rests()) yield
        if ((betweenCores && to < node.id) || !this.#isCore(this.#nodes.get(to)!)) continue
        const distance = node.distances[index]!
        const share = this.#parameters.maxDistance > 0 ? distance / this.#parameters.maxDistance : 0
        const bucket = Math.min(distanceBuckets - 1, Math.max(0, Math.floor(share * distanceBuckets)))
        const links = buckets[bucket]
        if (links === undefined) buckets[bucket] = [{ from: node.id, to, distance }]
        else links.push({ from: node.id, to, distance })
      }
    }
    return buckets.filter((links) => links !== undefined)
  }
}

const noneBarred: readonly Neighbour[] = []

function constrainNode(node: Node, { sides, photoRepeats }: FaceConstraint = unconstrained): void {
  node.photo = photoRepeats ? null : node.ownPhoto
  node.sides = sides
}

function sameConstraint(a: FaceConstraint = unconstrained, b: FaceConstraint = unconstrained): boolean {
  return a.photoRepeats === b.photoRepeats && a.sides.join() === b.sides.join()
}

interface Link {
  readonly from: number
  readonly to: number
  readonly distance: number
}
