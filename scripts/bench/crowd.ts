/**
 * A gallery of tens of thousands of people, for benchmarks. It is written with SQL in one transaction, past the store, because
 * enrolling it would take an hour. Benchmarks, Electron's Node.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { v7 as uuid } from 'uuid'
import { sharp } from '../../src-main/vision/native/sharp'
import { embeddingLength } from '../../src-shared/face'
import {
  clientIdSchema,
  domainSchema,
  modelIdSchema,
  type PersonId,
  personIdSchema,
} from '../../src-shared/ids'
import { foldText } from '../../src-shared/text'
import { photoNoise } from './labelled-faces'

export const clientId = clientIdSchema.parse('default')
export const domain = domainSchema.parse('crowd')
/** As that of a pack called `bench`. */
export const modelId = modelIdSchema.parse('bench/embedder@000000000000')

export const facesPerPerson = 9
/** People of 100 photos, to open and to merge two by two. */
export const large = 40
export const facesOfLarge = 100
const pictures = 64
let state = 20_240_521

/** 0 … 1, the same in every run (xorshift). */
export function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 4_294_967_296
}

/** Parts of names; any three letters of theirs are typed by somebody. */
const syllables = 'an bo ri na je le mar ko ži va lu ka đor ste fan ne'.split(' ')

/** Reference pictures, each of another colour. */
export function makePictures(): Promise<Uint8Array[]> {
  return Promise.all(
    Array.from({ length: pictures }, async (_, number) => {
      const background = { r: (number * 37) % 256, g: (number * 91) % 256, b: (number * 53) % 256 }
      const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const
      const picture = sharp({ create: { width: 192, height: 192, channels: 3, background, noise } })
      return new Uint8Array(await picture.jpeg({ quality: 70 }).toBuffer())
    }),
  )
}

/**
 * Writes the gallery into a database that the store has made; gives the people of 100 photos. `crops`: one for each person.
 * `alike`: a person's faces lie around a direction of their own, and photos have a perceptual hash; otherwise every face
 * lies anywhere, which is quicker to make.
 */
export function fillCrowd(
  file: string,
  persons: number,
  crops: readonly Uint8Array[],
  alike = false,
): PersonId[] {
  const database = new Database(file)
  database.pragma('synchronous = OFF')
  const insert = {
    person: database.prepare(
      `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
       VALUES (?, '${clientId}', '${domain}', ?, ?, ?, ?)`,
    ),
    photo: database.prepare(
      `INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, perceptual_hash, created_at)
       VALUES (?, '${clientId}', '${domain}', ?, ?, 'jpeg', 1000, 1000, ?, 1)`,
    ),
    face: database.prepare(
      `INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks,
         detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
         yaw_degrees, roll_degrees, source, created_at)
       VALUES (?, ?, '${clientId}', '${domain}', ?, 10, 10, 100, 100, '[[1,1],[2,2],[3,3],[4,4],[5,5]]',
         0.99, ?, 0.8, 0.8, 0.8, 0.8, 100, 0, 0, 'enrolled', 1)`,
    ),
    crop: database.prepare('INSERT INTO crops (face_id, jpeg) VALUES (?, ?)'),
    embedding: database.prepare(
      `INSERT INTO embeddings (face_id, model_id, client_id, vector) VALUES (?, '${modelId}', '${clientId}', ?)`,
    ),
  }
  const largeOnes: PersonId[] = []
  let photoNumber = 0
  database.transaction(() => {
    database.exec(`
      INSERT INTO clients (id, created_at) VALUES ('${clientId}', 1);
      INSERT INTO domains (client_id, name, sample, created_at) VALUES ('${clientId}', '${domain}', 0, 1);
      INSERT INTO models (id, created_at) VALUES ('${modelId}', 1)`)
    for (let number = 0; number < persons; number++) {
      const personId = uuid()
      const name = `${madeName()} ${madeName()} ${number}`
      insert.person.run(personId, name, foldText(name), number, number)
      const isLarge = number < large
      const centre = alike ? madeDirection() : new Float32Array()
      if (isLarge) largeOnes.push(personIdSchema.parse(personId))
      for (let face = 0; face < (isLarge ? facesOfLarge : facesPerPerson); face++) {
        const [photoId, faceId] = [uuid(), uuid()]
        // The first is the best, and with it the cover.
        const quality = face === 0 ? 0.95 : 0.3 + 0.6 * random()
        insert.photo.run(
          photoId,
          (++photoNumber).toString(16).padStart(64, '0'),
          `/photos/${photoNumber}.jpg`,
          alike ? madeHash() : null,
        )
        insert.face.run(faceId, photoId, personId, quality)
        if (face === 0 && crops.length > 0) insert.crop.run(faceId, crops[number % crops.length]!)
        insert.embedding.run(faceId, alike ? nearVector(centre) : madeVector())
      }
    }
  })()
  database.close()
  // Else the first write that is measured would wait until all of this is on the disk.
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
  return largeOnes
}

function madeName(): string {
  const parts = Array.from(
    { length: 2 + Math.floor(random() * 2) },
    () => syllables[Math.floor(random() * syllables.length)]!,
  )
  const name = parts.join('')
  return name[0]!.toUpperCase() + name.slice(1)
}

const pool = new Float32Array(1 << 16).map(() => random() + random() - 1)

/** Sixteen hexadecimal digits by chance. */
function madeHash(): string {
  const half = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return half() + half()
}

/** Numbers that a direction is made of, from a pool; the others are 0, as in `labelled-faces.ts`. */
const dimensions = 90
/** So many that hardly two people get the same. */
const directionPool = 1 << 22
let directions: Float32Array | undefined

function madeDirection(): Float32Array {
  directions ??= new Float32Array(directionPool).map(() => random() + random() - 1)
  const start = Math.floor(random() * (directions.length - dimensions))
  return directions.subarray(start, start + dimensions)
}

/** A unit vector around a direction: another photo of somebody. */
function nearVector(centre: Float32Array): Uint8Array {
  const noise = madeDirection()
  const spread = photoNoise(random)
  const vector = new Float32Array(embeddingLength)
  let squared = 0
  for (let i = 0; i < dimensions; i++) {
    vector[i] = centre[i]! + spread * noise[i]!
    squared += vector[i]! ** 2
  }
  const length = Math.sqrt(squared)
  for (let i = 0; i < dimensions; i++) vector[i]! /= length
  return new Uint8Array(vector.buffer)
}

/** A unit vector, from a pool of random numbers: 230 million drawn one by one would take the minute. */
export function madeVector(): Uint8Array {
  const start = Math.floor(random() * (pool.length - embeddingLength))
  const vector = pool.slice(start, start + embeddingLength)
  vector[0] = random() * 4
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return new Uint8Array(vector.map((value) => value / length).buffer)
}
