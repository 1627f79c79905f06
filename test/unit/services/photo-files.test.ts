/** Finding photos: order, loops, what is unreadable. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findPhotos, fingerprint } from '../../../src-main/services/photo-files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function file(...parts: string[]): string {
  const path = join(folder, ...parts)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, 'x')
  return path
}

async function found(...paths: string[]): Promise<string[]> {
  const names: string[] = []
  for await (const { path, error } of findPhotos(paths))
    names.push(`${relative(folder, path)}${error ? ` ${error.code}` : ''}`)
  return names
}

it('takes photos from folders in the order of their names, numbers counted, and nothing else', async () => {
  for (const name of ['10.jpg', '2.jpg', 'Ünï códe 😀 "q".PNG', 'notes.txt', '.hidden.jpg']) file('a', name)
  file('a', 'b', 'c.heic')
  expect(await found(folder)).toEqual(['a/2.jpg', 'a/10.jpg', 'a/b/c.heic', 'a/Ünï códe 😀 "q".PNG'])
})

it('takes a file named by itself whatever it is called', async () => {
  expect(await found(file('photo'), file('b.txt'))).toEqual(['photo', 'b.txt'])
})

it('ends in a folder that leads back to itself, and takes nothing twice', async () => {
  file('a', '1.jpg')
  symlinkSync(folder, join(folder, 'a', 'loop'))
  symlinkSync(join(folder, 'a'), join(folder, 'again'))
  expect(await found(folder)).toEqual(['a/1.jpg'])
})

it('follows no link back to a folder it is in: what lies beside was not asked for', async () => {
  file('a', '1.jpg')
  file('b', '2.jpg')
  symlinkSync('..', join(folder, 'a', 'loop'))
  symlinkSync(join(folder, 'b'), join(folder, 'a', 'elsewhere'))
  expect(await found(join(folder, 'a'))).toEqual(['a/1.jpg', 'a/elsewhere/2.jpg'])
})

it('lists what is not there, instead of passing it over', async () => {
  symlinkSync(join(folder, 'gone.jpg'), join(folder, 'dangling.jpg'))
  expect(await found(join(folder, 'nothing.jpg'), folder)).toEqual([
    'nothing.jpg file-missing',
    'dangling.jpg file-missing',
  ])
})

it('stops when it is told to', async () => {
  file('a', '1.jpg')
  await expect(async () => {
    for await (const _ of findPhotos([folder], AbortSignal.abort(new Error('stop')))) expect.unreachable()
  }).rejects.toThrow('stop')
})

it('fingerprints bytes', async () => {
  // The digest of "x", as FIPS 180-4 has it.
  expect(await fingerprint(file('x'))).toBe(
    '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  )
  await expect(fingerprint(join(folder, 'no'))).rejects.toMatchObject({ code: 'file-missing' })
})
