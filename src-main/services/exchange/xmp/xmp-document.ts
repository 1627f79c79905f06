/**
 * XMP packets: read with limits, built, written. Main and the command line.
 *
 * XMP is RDF/XML (ISO 16684-1): a property is a child element of `rdf:Description` or an attribute of it; a structure is
 * an element with `rdf:parseType="Resource"`, with an `rdf:Description` inside, or with its fields as attributes.
 */
import { DOMParser, type Document, type Element, onErrorStopParsing, XMLSerializer } from '@xmldom/xmldom'
import { VisorError } from '../../../../src-shared/errors'

/** Longest packet that is read, characters. A sidecar with a long history of edits has one or two million. */
export const longestXmp = 4_000_000
const deepest = 100

export const namespaces = {
  x: 'adobe:ns:meta/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'mwg-rs': 'http://www.metadataworkinggroup.com/schemas/regions/',
  stArea: 'http://ns.adobe.com/xmp/sType/Area#',
  stDim: 'http://ns.adobe.com/xap/1.0/sType/Dimensions#',
  MP: 'http://ns.microsoft.com/photo/1.2/',
  MPRI: 'http://ns.microsoft.com/photo/1.2/t/RegionInfo#',
  MPReg: 'http://ns.microsoft.com/photo/1.2/t/Region#',
} as const
type Prefix = keyof typeof namespaces

/** Reads a packet. Raises `image-corrupt` where it is no XMP: too long, not well-formed, nested too deeply, with a DTD. */
export function parseXmp(text: string): Document {
  const packet = text.replace(/^\uFEFF/, '').replace(/\0+$/, '')
  if (packet.length > longestXmp) throw broken('it is longer than such a packet can be')
  // No entities, so nothing is fetched, and nothing grows.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(packet)) throw broken('it has a document type')
  const document = wellFormed(packet)
  if (isDeeperThan(document, deepest)) throw broken('it is nested too deeply')
  if (rdfOf(document) === undefined) throw broken('it has no RDF')
  return document
}

/** A packet with nothing in it. */
export function emptyXmp(): Document {
  return wellFormed(
    `<x:xmpmeta xmlns:x="${namespaces.x}"><rdf:RDF xmlns:rdf="${namespaces.rdf}"/></x:xmpmeta>`,
  )
}

/** The packet as text, with the frame that lets others find and rewrite it. */
export function xmpText(document: Document): string {
  const root = document.documentElement
  const body = root === null ? '' : new XMLSerializer().serializeToString(root)
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${body}\n<?xpacket end="w"?>`
}

/** The `rdf:RDF` element. */
export function rdfOf(document: Document): Element | undefined {
  const root = document.documentElement
  if (root === null) return undefined
  return isNamed(root, 'rdf', 'RDF') ? root : children(root, 'rdf', 'RDF')[0]
}

/** Child elements of this name, in order. */
export function children(parent: Element, prefix: Prefix, name: string): Element[] {
  return elementsIn(parent).filter((element) => isNamed(element, prefix, name))
}

/** The element that has a structure's fields: the element itself or the `rdf:Description` inside it. */
export function structure(element: Element): Element {
  return children(element, 'rdf', 'Description')[0] ?? element
}

/** A property's text, whether it is an attribute or an element. */
export function text(parent: Element, prefix: Prefix, name: string): string | undefined {
  const attribute = parent.getAttributeNS(namespaces[prefix], name)
  if (attribute !== null && attribute !== '') return attribute
  return children(parent, prefix, name)[0]?.textContent?.trim() || undefined
}

/** The items of a list property: `rdf:li` of its bag or sequence, each as the structure that it is. */
export function items(list: Element): Element[] {
  const containers = elementsIn(list).filter(
    (element) => isNamed(element, 'rdf', 'Bag') || isNamed(element, 'rdf', 'Seq'),
  )
  return containers.flatMap((container) => children(container, 'rdf', 'li'))
}

/** Adds a child element. */
export function append(
  parent: Element,
  prefix: Prefix,
  name: string,
  attributes: readonly Attribute[] = [],
): Element {
  const document = parent.ownerDocument
  if (document === null) throw new Error('An element of no document.')
  const element = document.createElementNS(namespaces[prefix], `${prefix}:${name}`)
  for (const [attributePrefix, attribute, value] of attributes) {
    element.setAttributeNS(namespaces[attributePrefix], `${attributePrefix}:${attribute}`, value)
  }
  parent.appendChild(element)
  return element
}
/** Prefix, name, value. */
type Attribute = readonly [Prefix, string, string]

function broken(why: string, cause?: unknown): VisorError {
  return new VisorError('image-corrupt', `The XMP of the photo is broken: ${why}.`, { cause })
}

function wellFormed(packet: string): Document {
  try {
    return new DOMParser({ onError: onErrorStopParsing, locator: false }).parseFromString(
      packet,
      'application/xml',
    )
  } catch (cause) {
    throw broken('it is not well-formed', cause)
  }
}

function elementsIn(parent: Element): Element[] {
  const elements: Element[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === 1) elements.push(node as Element)
  }
  return elements
}

function isNamed(element: Element, prefix: Prefix, name: string): boolean {
  return element.namespaceURI === namespaces[prefix] && element.localName === name
}

/** Without recursion: what is asked is whether recursion would be safe. */
function isDeeperThan(document: Document, most: number): boolean {
  let level: Element[] = document.documentElement === null ? [] : [document.documentElement]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true
    level = level.flatMap(elementsIn)
  }
  return false
}
