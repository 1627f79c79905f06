/** The tables that are written many rows at once: their columns, in the order in which rows have their values. Store's threads. */
import type { Table } from './connection'

export const personsTable: Table = {
  name: 'persons',
  columns: {
    id: 'id',
    client_id: 'text',
    domain: 'text',
    name: 'text',
    folded: 'text',
    created_at: 'bigint',
    updated_at: 'bigint',
  },
}

export const photosTable: Table = {
  name: 'photos',
  columns: {
    id: 'id',
    client_id: 'text',
    domain: 'text',
    sha256: 'text',
    path: 'text',
    format: 'text',
    width: 'integer',
    height: 'integer',
    perceptual_hash: 'text',
    repeats_people: 'flag',
    seen: 'flag',
    created_at: 'bigint',
  },
}

export const facesTable: Table = {
  name: 'faces',
  columns: {
    id: 'id',
    photo_id: 'id',
    client_id: 'text',
    domain: 'text',
    person_id: 'id',
    box_x: 'float',
    box_y: 'float',
    box_w: 'float',
    box_h: 'float',
    landmarks: 'text',
    detection_score: 'float',
    quality: 'float',
    quality_size: 'float',
    quality_sharpness: 'float',
    quality_pose: 'float',
    quality_exposure: 'float',
    size_px: 'float',
    yaw_degrees: 'float',
    roll_degrees: 'float',
    source: 'text',
    manual: 'flag',
    measured: 'flag',
    created_at: 'bigint',
  },
}

export const embeddingsTable: Table = {
  name: 'embeddings',
  columns: { face_id: 'id', model_id: 'text', client_id: 'text', vector: 'vector' },
  onServer: { domain: 'text', person_id: 'id' },
}

export const cropsTable: Table = { name: 'crops', columns: { face_id: 'id', jpeg: 'bytes' } }

export const importRejectsTable: Table = {
  name: 'import_rejects',
  columns: {
    run_id: 'id',
    position: 'bigint',
    key: 'text',
    person: 'text',
    photo: 'text',
    reason: 'text',
    detail: 'text',
  },
}
