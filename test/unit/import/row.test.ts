/** What all rows are checked for, and the small columns of legacy databases. */
import { describe, expect, test } from 'vitest'
import { readBox, readImage, readNumber, readTime } from '../../../src-main/import/legacy/details'
import { claimedModel, personByName, rowOf } from '../../../src-main/import/row'

const row = (more: Partial<Parameters<typeof rowOf>[0]>) =>
  rowOf({ position: 0, key: 'row 0', person: personByName('Ana'), embedding: Float32Array.of(1), ...more })

describe('the first problem of a row', () => {
  test.each<[string, Partial<Parameters<typeof rowOf>[0]>, string | null]>([
    ['none', {}, null],
    ['no embedding is none by itself', { embedding: null }, null],
    ['nobody', { person: null }, 'no-person'],
    ['an empty name', { person: personByName(' ') }, 'no-person'],
    ['a name of 201 characters', { person: personByName('x'.repeat(201)) }, 'name-too-long'],
    ['a name of 200 characters', { person: personByName('x'.repeat(200)) }, null],
    ['a name that is no text', { person: personByName('A\ufffdna') }, 'invalid-text'],
    ['a name that nobody can see', { person: personByName('\u200b') }, 'invalid-text'],
    ['a domain that is none', { person: { ...personByName('Ana'), domain: 'a\u0000b' } }, 'invalid-text'],
    ['a path that is no text', { photoPath: '/a\ufffd.jpg' }, 'invalid-text'],
    ['a path without end', { photoPath: 'x'.repeat(5000) }, 'invalid-text'],
    ['a number that is none', { embedding: Float32Array.of(1, Number.NaN) }, 'not-finite'],
    ['numbers beyond float32', { embedding: Float32Array.of(1e300) }, 'not-finite'],
    ['large numbers', { embedding: Float32Array.of(3e38, 3e38) }, null],
    ['zeros', { embedding: Float32Array.of(0, 0) }, 'zero-length'],
    ['what the reader says', { person: null, problem: { reason: 'unreadable', detail: '' } }, 'unreadable'],
  ])('%s', (_, more, reason) => {
    expect(row(more).problem?.reason ?? null).toBe(reason)
  })

  test('what is too long is not carried along', () => {
    const { person, photoPath } = row({ person: personByName('x'.repeat(9999)), photoPath: 'y'.repeat(9999) })
    expect(person?.name.length).toBe(201)
    expect(photoPath?.length).toBe(4096)
  })
})

test.each([
  ['ArcFace', 'deepface/arcface'],
  ['VGG-Face', 'deepface/vggface'],
  ['vgg_face', 'deepface/vggface'],
  ['insightface/buffalo_l', 'insightface/buffalo_l'],
  [' ', null],
  ['x'.repeat(500), null],
])('a model column with “%s” claims %s', (name, modelId) => {
  expect(claimedModel(name)).toBe(modelId)
})

const box = { x: 1, y: 2, w: 30, h: 40 }
test.each<[unknown, typeof box | null]>([
  ['{"x":1,"y":2,"w":30,"h":40}', box],
  ['{"x":1,"y":2,"w":30,"h":40,"left_eye":[1,2]}', box],
  ['{"x":1,"y":2,"width":30,"height":40}', box],
  ['{"left":1,"top":2,"right":31,"bottom":42}', box],
  ['{"x1":1,"y1":2,"x2":31,"y2":42}', box],
  ['[1,2,30,40]', box],
  ['{1,2,30,40}', box],
  ['[1,2,0,40]', null],
  ['[1,2,3]', null],
  ['nothing', null],
  ['x'.repeat(5000), null],
  [null, null],
])('the box %j is %j', (value, read) => {
  expect(readBox(value)).toEqual(read)
})

test.each<[unknown, number | null]>([
  ['2024-01-02 03:04:05', Date.UTC(2024, 0, 2, 3, 4, 5)],
  ['2024-01-02T03:04:05.5Z', Date.UTC(2024, 0, 2, 3, 4, 5, 500)],
  ['2024-01-02 03:04:05+02', Date.UTC(2024, 0, 2, 1, 4, 5)],
  ['2024-01-02 03:04:05+05:30', Date.UTC(2024, 0, 1, 21, 34, 5)],
  ['1700000000', 1_700_000_000_000],
  ['1700000000123', 1_700_000_000_123],
  ['yesterday', null],
  ['2024-99-02 03:04:05', null],
  [null, null],
])('the time %j is %j', (value, time) => {
  expect(readTime(value)).toBe(time)
})

test('photos and numbers, also as text', () => {
  expect(readImage(Buffer.from([1, 2]))).toEqual(Buffer.from([1, 2]))
  expect(readImage('data:image/png;base64,AQI=')).toEqual(Buffer.from([1, 2]))
  expect(readImage('/photos/a.jpg?')).toBeNull()
  expect(readImage(new Uint8Array())).toBeNull()
  expect([readNumber('0.5'), readNumber(1), readNumber(''), readNumber('x'), readNumber(Number.NaN)]).toEqual(
    [0.5, 1, null, null, null],
  )
})
