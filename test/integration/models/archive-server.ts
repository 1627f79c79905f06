/** A server on this computer that serves an npm package and a zip archive, well or badly. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { create } from 'tar'
import { onTestFinished } from 'vitest'
import type { Artefact } from '../../../src-shared/model-pack'

export type Behaviour = 'well' | 'altered' | 'cut' | 'stalled' | 'missing' | 'broken'

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-models-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Bytes that do not compress: what is sent takes as many writes as the file has pieces. */
export function noise(bytes: number, seed: number): Uint8Array {
  const values = new Uint8Array(bytes)
  let state = seed
  for (let index = 0; index < bytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    values[index] = state >>> 24
  }
  return values
}

function tarballOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const folder = temporaryFolder()
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  create({ sync: true, gzip: true, cwd: folder, file: join(folder, 'package.tgz') }, Object.keys(files))
  return readFileSync(join(folder, 'package.tgz'))
}

/** A zip archive, by the book: local headers, central directory, its end. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, bytes] of Object.entries(files)) {
    const name = Buffer.from(path)
    const packed = deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed])
    const central = Buffer.alloc(14)
    central.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, central, name]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06', 'latin1'), end])
}

/** Serves package `faces@1.2.3` and `/pack.zip`, both with `files`; ends with the test. */
export async function serve(files: Readonly<Record<string, Uint8Array>>, behaviour: Behaviour = 'well') {
  const tarball = tarballOf(files)
  const zip = zipOf(files)
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const downloads: string[] = []
  const authorizations: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const host = `http://${request.headers.host}`
    if (request.url === '/faces') {
      authorizations.push(request.headers.authorization)
      const dist = { tarball: `${host}/faces/-/faces-1.2.3.tgz`, integrity }
      const versions = { '1.2.3': { name: 'faces', version: '1.2.3', dist } }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name: 'faces', 'dist-tags': { latest: '1.2.3' }, versions }))
      return
    }
    downloads.push(request.url ?? '')
    send(response, request.url === '/pack.zip' ? zip : tarball, behaviour)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fromNpm = (path: string, bytes: Uint8Array): Artefact => ({
    name: path.split('/').at(-1)!,
    sha256: sha256Of(bytes),
    bytes: bytes.length,
    source: { kind: 'npm', package: 'faces', version: '1.2.3', integrity, path },
  })
  const fromZip = (path: string, bytes: Uint8Array): Artefact => ({
    ...fromNpm(path, bytes),
    source: { kind: 'zip', url: `${address}/pack.zip`, path },
  })
  return { registry: `${address}/`, fromNpm, fromZip, downloads, authorizations }
}

function send(response: ServerResponse, whole: Uint8Array, behaviour: Behaviour): void {
  if (behaviour === 'missing') {
    response.statusCode = 404
    response.end()
    return
  }
  const bytes = Buffer.from(whole)
  if (behaviour === 'altered') bytes[bytes.length >> 1]! ^= 1
  if (behaviour === 'broken') bytes.fill(7)
  response.setHeader('content-length', bytes.length)
  const half = bytes.subarray(0, bytes.length >> 1)
  if (behaviour === 'cut') response.write(half, () => response.destroy())
  else if (behaviour === 'stalled') response.write(half)
  else response.end(bytes)
}
