/** Face regions in XMP: both kinds read, MWG written and merged, every orientation, broken and hostile packets. */
import { describe, expect, test } from 'vitest'
import {
  type Orientation,
  toStored,
  toUpright,
} from '../../../../../src-main/services/exchange/xmp/orientation'
import {
  type PhotoFrame,
  type Region,
  readRegions,
  writeRegions,
} from '../../../../../src-main/services/exchange/xmp/regions'
import {
  emptyXmp,
  longestXmp,
  parseXmp,
  xmpText,
} from '../../../../../src-main/services/exchange/xmp/xmp-document'

const landscape: PhotoFrame = { width: 1200, height: 800, orientation: 1 }
const orientations: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8]
const ana: Region = { name: 'Ana & <Kovač>', box: { x: 0.1, y: 0.2, w: 0.25, h: 0.3 } }
const bor: Region = { name: 'Бор', box: { x: 0.6, y: 0.25, w: 0.2, h: 0.25 } }

const packet = (description: string) => `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
  <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
    xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" xmlns:MP="http://ns.microsoft.com/photo/1.2/"
    xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#" xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">
    ${description}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

/** As digiKam writes it: structures as attributes. */
const attributes = (dimensions: string, area: string, type = 'Face') =>
  packet(`<rdf:Description rdf:about=""><mwg-rs:Regions rdf:parseType="Resource">
    <mwg-rs:AppliedToDimensions ${dimensions} stDim:unit="pixel"/>
    <mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Ana" mwg-rs:Type="${type}">
      <mwg-rs:Area ${area} stArea:unit="normalized"/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>
    </mwg-rs:Regions></rdf:Description>`)

/** As Lightroom and exiftool may write it: structures as elements. */
const elements = packet(`<rdf:Description rdf:about=""><mwg-rs:Regions><rdf:Description>
    <mwg-rs:RegionList><rdf:Seq><rdf:li rdf:parseType="Resource"><mwg-rs:Area rdf:parseType="Resource">
      <stArea:x>0.5</stArea:x><stArea:y>0.4</stArea:y><stArea:w>0.2</stArea:w><stArea:h>0.1</stArea:h>
      </mwg-rs:Area><mwg-rs:Name> Ana </mwg-rs:Name></rdf:li></rdf:Seq></mwg-rs:RegionList>
    </rdf:Description></mwg-rs:Regions></rdf:Description>`)

const microsoft = (rectangle: string) =>
  packet(`<rdf:Description rdf:about=""><MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>
    <rdf:li MPReg:PersonDisplayName="Ana" MPReg:Rectangle="${rectangle}"/>
    <rdf:li MPReg:Rectangle="0.1, 0.1, 0.1, 0.1"/></rdf:Bag></MPRI:Regions></MP:RegionInfo></rdf:Description>`)

const area = 'stArea:x="0.5" stArea:y="0.4" stArea:w="0.2" stArea:h="0.1"'
const size = 'stDim:w="1200" stDim:h="800"'

function expectBox(region: Region | undefined, { x, y, w, h }: Region['box']) {
  expect(region?.box.x).toBeCloseTo(x, 6)
  expect(region?.box.y).toBeCloseTo(y, 6)
  expect(region?.box.w).toBeCloseTo(w, 6)
  expect(region?.box.h).toBeCloseTo(h, 6)
}

describe('reading', () => {
  test.each([
    ['MWG as attributes', attributes(size, area)],
    ['MWG as elements', elements],
    ['Microsoft', microsoft('0.4, 0.35, 0.2, 0.1')],
  ])('%s', (_, text) => {
    const regions = readRegions(parseXmp(text), landscape)
    expect(regions.map(({ name }) => name)).toEqual(['Ana'])
    expectBox(regions[0], { x: 0.4, y: 0.35, w: 0.2, h: 0.1 })
  })

  test.each([
    ['a pet', attributes(size, area, 'Pet')],
    ['a box without a size', attributes(size, area.replace('0.2', '0'))],
    ['a box outside the photo', attributes(size, area.replace('0.5', '5'))],
    ['no numbers', attributes(size, area.replace('0.5', 'left'))],
    ['pixels', attributes(size, area).replace('normalized', 'pixel')],
    ['a rectangle of three numbers', microsoft('0.4, 0.35, 0.2')],
    ['infinity', microsoft('0, 0, 1e999, 1')],
  ])('passes over %s', (_, text) => {
    expect(readRegions(parseXmp(text), landscape)).toEqual([])
  })

  test('a face in both kinds is one', () => {
    const both = attributes(size, area).replace(
      '</rdf:RDF>',
      `${microsoft('0.41, 0.35, 0.2, 0.1').match(/<rdf:Description[\s\S]*<\/rdf:Description>/)![0]}</rdf:RDF>`,
    )
    expect(readRegions(parseXmp(both), landscape)).toHaveLength(1)
  })

  test('a photo on its side: the stored frame, or the upright one where the dimensions say so', () => {
    const frame: PhotoFrame = { width: 800, height: 1200, orientation: 6 }
    // Stored 1200 × 800: (x, y) is at (1 − y, x) in the upright photo.
    const stored = readRegions(parseXmp(attributes(size, area)), frame)[0]
    expectBox(stored, { x: 0.55, y: 0.4, w: 0.1, h: 0.2 })
    const upright = readRegions(parseXmp(attributes('stDim:w="800" stDim:h="1200"', area)), frame)[0]
    expectBox(upright, { x: 0.4, y: 0.35, w: 0.2, h: 0.1 })
  })
})

describe('writing', () => {
  test.each(orientations)('what is written is read again, orientation %i', (orientation) => {
    const frame: PhotoFrame = { ...landscape, orientation }
    const document = emptyXmp()
    writeRegions(document, [ana, bor], frame)
    const regions = readRegions(parseXmp(xmpText(document)), frame)
    expect(regions.map(({ name }) => name)).toEqual([ana.name, bor.name])
    expectBox(regions[0], ana.box)
    expectBox(regions[1], bor.box)
    expect(xmpText(document)).toContain(orientation >= 5 ? 'stDim:w="800"' : 'stDim:w="1200"')
  })

  test('keeps what else a packet says, renames a face that is there, and adds nothing twice', () => {
    const before = attributes(size, area)
      .replace(
        '<rdf:Description rdf:about="">',
        '<rdf:Description rdf:about="" xmlns:dc="urn:dc" dc:title="Old">',
      )
      .replace('<rdf:Bag>', '<rdf:Bag><rdf:li mwg-rs:Name="Rex" mwg-rs:Type="Pet"/>')
    const document = parseXmp(before)
    const renamed = { name: 'Ana Kovač', box: { x: 0.4, y: 0.34, w: 0.21, h: 0.11 } }
    writeRegions(document, [renamed], landscape)
    writeRegions(document, [renamed], landscape)
    const after = xmpText(document)
    expect(readRegions(parseXmp(after), landscape).map(({ name }) => name)).toEqual(['Ana Kovač'])
    expect(after).toContain('dc:title="Old"')
    expect(after.match(/mwg-rs:Name="Rex"/g)).toHaveLength(1)
  })

  test('goes on in the frame that a packet is in', () => {
    const frame: PhotoFrame = { width: 800, height: 1200, orientation: 8 }
    const document = parseXmp(attributes('stDim:w="800" stDim:h="1200"', area))
    writeRegions(document, [bor], frame)
    expectBox(readRegions(document, frame)[1], bor.box)
  })

  test('a box that is cut by the edge is written as far as it is in the photo', () => {
    const document = emptyXmp()
    writeRegions(document, [{ name: 'Ana', box: { x: -0.1, y: 0.9, w: 0.3, h: 0.3 } }], landscape)
    expectBox(readRegions(document, landscape)[0], { x: 0, y: 0.9, w: 0.2, h: 0.1 })
  })
})

test.each(orientations)('upright and back, orientation %i', (orientation) => {
  const back = toStored(toUpright(ana.box, orientation), orientation)
  expectBox({ name: '', box: back }, ana.box)
})

describe('a packet that is refused', () => {
  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['cut off', attributes(size, area).slice(0, 600)],
    ['without RDF', '<a/>'],
    ['an undefined prefix', '<x:xmpmeta><rdf:RDF/></x:xmpmeta>'],
    [
      'an entity that reads a file',
      `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${attributes(size, area).replace('Ana', '&f;')}`,
    ],
    ['an unknown entity', attributes(size, area).replace('Ana', '&f;')],
    ['nested', packet(`${'<rdf:li>'.repeat(20_000)}${'</rdf:li>'.repeat(20_000)}`)],
    ['endless', packet(' '.repeat(longestXmp))],
  ])('%s', (_, text) => {
    expect(() => parseXmp(text)).toThrow(expect.objectContaining({ code: 'image-corrupt' }))
  })
})
