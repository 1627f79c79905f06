/**
 * Names and boxes of faces in XMP: MWG regions (Metadata Working Group, *Guidelines for handling image metadata*, 2010,
 * section 5.9) are read and written, Microsoft's (`MP:RegionInfo`) are read. Main and the command line; pure.
 *
 * [Note: Region frame] Both give boxes as shares of the photo. They are shares of the photo *as stored*: EXIF's
 * orientation is not applied to them, `AppliedToDimensions` is the stored size. That is what digiKam, Lightroom and Immich
 * do. Some programs write the upright frame instead; where the photo lies on its side they are told apart by
 * `AppliedToDimensions`, which then is the upright size. An area is given by its centre in MWG, by its corner in Microsoft's.
 */
import type { Document, Element } from '@xmldom/xmldom'
import { type Box, intersectionOverUnion } from '../../../../src-shared/geometry'
import { isSideways, type Orientation, toStored, toUpright } from './orientation'
import { append, children, items, namespaces, rdfOf, structure, text } from './xmp-document'

/** A box in shares of the upright photo, 0 … 1. */
export interface Region {
  readonly name: string
  readonly box: Box
}

/** The photo a packet belongs to. */
export interface PhotoFrame {
  /** Pixels of the upright photo. */
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
}

/** Regions that overlap by this much are one. */
const sameRegionIou = 0.5
const mostRegions = 1000
/** Digits of a share: finer than a pixel of any photo. */
const digits = 7

/** The named faces of a packet, of both kinds, one of each. */
export function readRegions(document: Document, frame: PhotoFrame): Region[] {
  const regions: Region[] = []
  for (const region of [...mwgRegions(document, frame), ...microsoftRegions(document, frame)]) {
    if (regions.length >= mostRegions) break
    const known = regions.some(
      ({ name, box }) => name === region.name && intersectionOverUnion(box, region.box) >= sameRegionIou,
    )
    if (!known) regions.push(region)
  }
  return regions
}

/** Puts faces into a packet as MWG regions. What else it has stays; a face that is there already gets the new name. */
export function writeRegions(document: Document, regions: readonly Region[], frame: PhotoFrame): void {
  const there = mwgRegionInfo(document)
  const asUpright = there !== undefined && isUprightFrame(there, frame)
  const orientation = asUpright ? 1 : frame.orientation
  const bag = there === undefined ? newRegionList(document, frame) : regionList(there)
  for (const item of children(bag, 'rdf', 'li')) {
    const box = mwgBox(structure(item), orientation)
    const isReplaced = regions.some(
      (region) =>
        box !== undefined && isFace(item) && intersectionOverUnion(box, region.box) >= sameRegionIou,
    )
    if (isReplaced) bag.removeChild(item)
  }
  for (const { name, box } of regions) {
    const { x, y, w, h } = toStored(inside(box), orientation)
    const item = append(append(bag, 'rdf', 'li'), 'rdf', 'Description', [
      ['mwg-rs', 'Name', name],
      ['mwg-rs', 'Type', 'Face'],
    ])
    append(item, 'mwg-rs', 'Area', [
      ['stArea', 'x', share(x + w / 2)],
      ['stArea', 'y', share(y + h / 2)],
      ['stArea', 'w', share(w)],
      ['stArea', 'h', share(h)],
      ['stArea', 'unit', 'normalized'],
    ])
  }
}

function* mwgRegions(document: Document, frame: PhotoFrame): Generator<Region> {
  const info = mwgRegionInfo(document)
  if (info === undefined) return
  const orientation = isUprightFrame(info, frame) ? 1 : frame.orientation
  for (const list of children(info, 'mwg-rs', 'RegionList')) {
    for (const item of items(list)) {
      const region = structure(item)
      const name = text(region, 'mwg-rs', 'Name')
      const box = mwgBox(region, orientation)
      if (name !== undefined && box !== undefined && isFace(item)) yield { name, box }
    }
  }
}

function* microsoftRegions(document: Document, { orientation }: PhotoFrame): Generator<Region> {
  for (const description of descriptions(document)) {
    for (const info of children(description, 'MP', 'RegionInfo').map(structure)) {
      for (const item of children(info, 'MPRI', 'Regions').flatMap(items)) {
        const region = structure(item)
        const name = text(region, 'MPReg', 'PersonDisplayName')
        const numbers = text(region, 'MPReg', 'Rectangle')?.split(',').map(Number) ?? []
        const box = numbers.length === 4 ? shares(numbers, orientation) : undefined
        if (name !== undefined && box !== undefined) yield { name, box }
      }
    }
  }
}

/** The structure `mwg-rs:Regions`, where there is one. */
function mwgRegionInfo(document: Document): Element | undefined {
  return descriptions(document)
    .flatMap((description) => children(description, 'mwg-rs', 'Regions'))
    .map(structure)[0]
}

function descriptions(document: Document): Element[] {
  const rdf = rdfOf(document)
  return rdf === undefined ? [] : children(rdf, 'rdf', 'Description')
}

/** Regions of other kinds (pets, focus points, bar codes) are left alone. */
function isFace(item: Element): boolean {
  return (text(structure(item), 'mwg-rs', 'Type') ?? 'Face') === 'Face'
}

function mwgBox(region: Element, orientation: Orientation): Box | undefined {
  const found = children(region, 'mwg-rs', 'Area')[0]
  if (found === undefined) return undefined
  const area = structure(found)
  if ((text(area, 'stArea', 'unit') ?? 'normalized') !== 'normalized') return undefined
  const [x = NaN, y = NaN, w = NaN, h = NaN] = (['x', 'y', 'w', 'h'] as const).map((name) =>
    Number(text(area, 'stArea', name) ?? NaN),
  )
  return shares([x - w / 2, y - h / 2, w, h], orientation)
}

/** A box of the upright photo from corner and size of the stored one; nothing where it is no box of the photo. */
function shares(
  [x = NaN, y = NaN, w = NaN, h = NaN]: readonly number[],
  orientation: Orientation,
): Box | undefined {
  const isBox = w > 0 && h > 0 && w <= 1 && h <= 1 && x + w > 0 && y + h > 0 && x < 1 && y < 1
  return isBox ? toUpright({ x, y, w, h }, orientation) : undefined
}

/** Whether `AppliedToDimensions` is the upright size of a photo that is stored on its side; see [Note: Region frame]. */
function isUprightFrame(info: Element, { width, height, orientation }: PhotoFrame): boolean {
  const found = children(info, 'mwg-rs', 'AppliedToDimensions')[0]
  if (!isSideways(orientation) || width === height || found === undefined) return false
  const dimensions = structure(found)
  const [w = 0, h = 0] = (['w', 'h'] as const).map((name) => Number(text(dimensions, 'stDim', name) ?? 0))
  return w > 0 && h > 0 && w > h === width > height
}

function newRegionList(document: Document, { width, height, orientation }: PhotoFrame): Element {
  const rdf = rdfOf(document)
  if (rdf === undefined) throw new Error('A packet without RDF.')
  const [w, h] = isSideways(orientation) ? [height, width] : [width, height]
  const description = append(rdf, 'rdf', 'Description')
  description.setAttributeNS(namespaces.rdf, 'rdf:about', '')
  const info = append(description, 'mwg-rs', 'Regions', [['rdf', 'parseType', 'Resource']])
  append(info, 'mwg-rs', 'AppliedToDimensions', [
    ['stDim', 'w', String(w)],
    ['stDim', 'h', String(h)],
    ['stDim', 'unit', 'pixel'],
  ])
  return regionList(info)
}

/** The bag of regions, made where there is none. */
function regionList(info: Element): Element {
  const list = children(info, 'mwg-rs', 'RegionList')[0] ?? append(info, 'mwg-rs', 'RegionList')
  return children(list, 'rdf', 'Bag')[0] ?? children(list, 'rdf', 'Seq')[0] ?? append(list, 'rdf', 'Bag')
}

/** The part of a box that is in the photo. */
function inside({ x, y, w, h }: Box): Box {
  const [left, top] = [Math.max(0, x), Math.max(0, y)]
  return { x: left, y: top, w: Math.min(1, x + w) - left, h: Math.min(1, y + h) - top }
}

function share(value: number): string {
  return String(Number(value.toFixed(digits)))
}
