/** Ids of what an import makes: the same for the same row, another one for another, neighbours beside one another. */
import { expect, test } from 'vitest'
import {
  importedFaceId,
  importedPersonId,
  importedPhotoId,
  standInSha256,
} from '../../../../src-main/services/import/identity'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../../src-shared/ids'

const client = clientIdSchema.parse('acme')
const slovenia = domainSchema.parse('slovenia')
const arcface = modelIdSchema.parse('deepface/arcface')
const box = { x: 1, y: 2, w: 30, h: 40 }

const idsOf = (path: string, vector: string) => {
  const sha256 = standInSha256(path, null, vector)
  return {
    sha256,
    photoId: importedPhotoId(client, slovenia, sha256),
    faceId: importedFaceId(client, slovenia, sha256, arcface, vector),
  }
}

test('the same row has the same ids', () => {
  expect(idsOf('faces/Ana/1.jpg', 'a')).toEqual(idsOf('faces/Ana/1.jpg', 'a'))
  expect(standInSha256('a.jpg', box, 'a')).toBe(standInSha256('a.jpg', box, 'b'))
})

test('ids stay as they are: what was imported before is found by them', () => {
  // By hashlib of Python.
  expect(idsOf('faces/Ana/1.jpg', 'a')).toEqual({
    sha256: '291c900d1954ac8465e443bc1685e9726f9ab1a1374da5464a1fd078ac6bec07',
    photoId: '291c900d-edaf-87f4-be17-b47352f6e264',
    faceId: '291c900d-a26d-8ae5-a8d4-d888a21fdf3e',
  })
  expect(importedPersonId(client, slovenia, '', 'Ana')).toBe('0f75a369-7e5c-8b33-8a10-337ac35e3f57')
})

test('photos whose paths end differently lie beside one another, and what is of them with them', () => {
  const paths = ['/srv/faces/Ana/1.jpg', '/srv/faces/Ana/2.JPEG', '/srv/faces/Ana/9.png']
  const all = paths.map((path) => idsOf(path, path))
  const firsts = all.flatMap(({ sha256, photoId, faceId }) =>
    [sha256, photoId, faceId].map((id) => id.slice(0, 8)),
  )
  expect(new Set(firsts).size).toBe(1)
  expect(new Set(all.flatMap((ids) => Object.values(ids))).size).toBe(9)
  expect(idsOf('/srv/faces/Bor/1.jpg', 'a').sha256.slice(0, 8)).not.toBe(firsts[0])
})

test('paths that are hardly any', () => {
  const paths = ['', '.', '.jpg', 'a', 'ab', 'C:\\faces\\1', 'č'.repeat(4096)]
  const ids = paths.map((path) => idsOf(path, 'a').faceId)
  expect(new Set(ids).size).toBe(paths.length)
})

test('another client, domain, model or vector makes another id', () => {
  const { sha256, photoId, faceId } = idsOf('a.jpg', 'a')
  const others = [
    importedPhotoId(clientIdSchema.parse('other'), slovenia, sha256),
    importedPhotoId(client, domainSchema.parse('other'), sha256),
    importedFaceId(client, slovenia, sha256, modelIdSchema.parse('other'), 'a'),
    importedFaceId(client, slovenia, sha256, arcface, 'b'),
  ]
  expect(new Set([photoId, faceId, ...others]).size).toBe(6)
})
