/** Fills a migrated database with made rows, so that its planner has something to choose by. Tests, Electron's Node. */
import type pg from 'pg'

/** Clients, of which the first has nearly everything; domains of each. */
const clients = 5
const domains = 4
/** Rows of the larger tables; others have as many as belong to these. */
export interface MadeGallery {
  readonly persons: number
  readonly faces: number
  readonly embeddings: number
}

const id = (kind: string, number: string) => `md5('${kind}' || (${number}))::uuid`
const client = (number: string) =>
  `'client ' || CASE WHEN (${number}) % 20 = 0 THEN (${number}) % ${clients} ELSE 0 END`
const domain = (number: string) => `'domain ' || (${number}) % ${domains}`

/** `connection`: a superuser's, as triggers and foreign keys are passed over. Half a second for each 10,000 faces. */
export async function makeGallery(
  connection: pg.Client,
  { persons, faces, embeddings }: MadeGallery,
): Promise<void> {
  const photos = faces / 2
  const rows = (table: string, columns: string, values: string, count: number) =>
    connection.query(
      `INSERT INTO ${table} (${columns}) SELECT ${values} FROM generate_series(0, ${count - 1}) AS n ON CONFLICT DO NOTHING`,
    )
  const sha = "md5('sha' || n) || md5('256' || n)"
  const person = `n % ${persons}`
  await connection.query('SET search_path = visor, public; SET session_replication_role = replica')
  await rows('clients', 'id, created_at, chain', "'client ' || n, 0, 'chain ' || n", clients)
  await rows('chains', 'id, client_id, last_sequence', "'chain ' || n, 'client ' || n, 0", clients)
  await rows('models', 'id, created_at', "'model ' || n, 0", 2)
  await rows(
    'domains',
    'client_id, name, sample, created_at',
    `'client ' || n / ${domains}, 'domain ' || n % ${domains}, false, 0`,
    clients * domains,
  )
  await rows(
    'persons',
    'id, client_id, domain, name, folded, created_at, updated_at, removed_by',
    `${id('person', 'n')}, ${client('n')}, ${domain('n')}, 'Person ' || n, 'person ' || n, n, n, CASE WHEN n % 50 = 49 THEN ${id('entry', 'n / 50')} END`,
    persons,
  )
  await rows(
    'photos',
    'id, client_id, domain, sha256, path, format, width, height, created_at, perceptual_hash, repeats_people, seen',
    `${id('photo', 'n')}, ${client(person)}, ${domain(person)}, ${sha}, '/photos/' || n, 'jpeg', 100, 100, n, left(md5(n::text), 16), n % 1000 = 0, n % 10 > 0`,
    photos,
  )
  await rows(
    'faces',
    `id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks, detection_score, quality, quality_size,
     quality_sharpness, quality_pose, quality_exposure, size_px, yaw_degrees, roll_degrees, source, created_at, removed_by, measured, former_of`,
    `${id('face', 'n')}, ${id('photo', 'n / 2')}, ${client(`n / 2 % ${persons}`)}, ${domain(`n / 2 % ${persons}`)},
     CASE WHEN n % 5 < 4 THEN ${id('person', `n / 2 % ${persons}`)} END, 1, 1, 50, 50, '[[1,1],[2,1],[1,2],[1,3],[2,3]]', 0.9, 0.5, 0.5,
     0.5, 0.5, 0.5, 50, 0, 0, 'enrolled', n, CASE WHEN n % 50 = 49 THEN ${id('entry', 'n / 50')} END, n / 2 % 10 > 0,
     CASE WHEN n % 100 = 99 THEN ${id('face', 'n - 1')} END`,
    faces,
  )
  const ofFace = 'face_id, client_id'
  const faceOf = `${id('face', 'n')}, ${client(`n / 2 % ${persons}`)}`
  await rows('crops', `${ofFace}, jpeg`, `${faceOf}, '\\x00'`, embeddings)
  await rows(
    'embeddings',
    `id, ${ofFace}, model_id, domain, person_id, vector`,
    `n + 1, ${faceOf}, 'model 0', ${domain(`n / 2 % ${persons}`)},
     CASE WHEN n % 5 < 4 AND n % 50 <> 49 THEN ${id('person', `n / 2 % ${persons}`)} END,
     array_fill(0.044194174, ARRAY[512])::vector`,
    embeddings,
  )
  await rows(
    'rejections',
    `${ofFace}, person_id, created_at`,
    `${faceOf}, ${id('person', 'n % 100')}, n`,
    faces / 10,
  )
  await rows(
    'unknown_faces',
    `embedding_id, ${ofFace}, model_id, kept_at, group_id, neighbours, linked_within`,
    `n * 5 + 5, ${id('face', 'n * 5 + 4')}, ${client(`(n * 5 + 4) / 2 % ${persons}`)}, 'model 0', n, n / 10, '\\x', 0.5`,
    embeddings / 5,
  )
  await rows(
    'import_runs',
    'id, client_id, kind, fingerprint, options, state, total, actor, started_at, changed_at',
    `${id('run', 'n')}, 'client 0', 'deepface-pkl', 'print', '{}', 'done', ${faces}, 'somebody', n, n`,
    20,
  )
  const ofRun = `${id('run', 'n % 20')}, 'client 0', n`
  await rows(
    'import_steps',
    'run_id, client_id, position, ledger_id',
    `${ofRun}, ${id('entry', 'n')}`,
    faces / 10,
  )
  await rows(
    'import_rejects',
    'run_id, client_id, position, key, reason, detail',
    `${ofRun}, 'row ' || n, 'no-embedding', 'It has none.'`,
    faces / 10,
  )
  await rows(
    'import_unfound',
    `run_id, ${ofFace}, reason, detail`,
    `${id('run', 'n % 20')}, ${faceOf}, 'photo-missing', 'It is not there.'`,
    faces / 10,
  )
  await rows('told_apart', `${ofFace}, ledger_id, side`, `${faceOf}, ${id('entry', 'n / 4')}, 1`, faces / 20)
  await rows(
    'suggestions',
    'embedding_id, person_id, client_id, model_id, distance, own_face_id',
    `n * 5 + 5, ${id('person', person)}, ${client(`(n * 5 + 4) / 2 % ${persons}`)}, 'model 0', 0.3, ${id('face', 'n')}`,
    embeddings / 5,
  )
  const ofPerson = 'person_id, client_id'
  const personOf = `${id('person', 'n')}, ${client('n')}`
  await rows(
    'person_tags',
    `${ofPerson}, key, tag`,
    `${personOf}, 'tag ' || n % 50, 'Tag ' || n % 50`,
    persons,
  )
  await rows(
    'person_aliases',
    `${ofPerson}, name, folded`,
    `${personOf}, 'Alias ' || n, 'alias ' || n`,
    persons,
  )
  await rows('name_keys', `${ofPerson}, key`, `${personOf}, 'key ' || n / 2`, persons)
  await rows(
    'people_apart',
    `${ofPerson}, other_id, created_at`,
    `least(${id('person', 'n')}, ${id('person', 'n + 1')}), ${client('n')}, greatest(${id('person', 'n')}, ${id('person', 'n + 1')}), 0`,
    persons / 4,
  )
  await rows(
    'findings',
    `id, ${ofPerson}, domain, kind, other_id, subject, harm, evidence, print, state, found_at`,
    `${id('finding', 'n')}, ${personOf}, ${domain('n')}, (ARRAY['outlier', 'look-alike', 'one-photo'])[n % 3 + 1],
     CASE WHEN n % 3 = 1 THEN ${id('person', 'n + 1')} END, 'subject', (n % 100) / 100.0, '{}', 'print',
     CASE WHEN n % 10 = 0 THEN 'dismissed' ELSE 'open' END, n`,
    persons,
  )
  await rows(
    'ledger',
    `sequence, id, client_id, chain, at, actor, action, summary, details, salt, content_hash, previous_hash, hash, undone_by, closed_by`,
    `n + 1, ${id('entry', 'n')}, ${client('n')}, replace(${client('n')}, 'client', 'chain'), n, 'somebody',
     (ARRAY['assign-faces', 'delete-persons', 'update-person'])[n % 3 + 1], 'Did', '{}', repeat('0', 32), repeat('0', 64),
     repeat('0', 64), repeat('0', 64), CASE WHEN n % 20 = 0 THEN ${id('entry', 'n + 1')} END, CASE WHEN n % 30 = 0 THEN ${id('entry', 'n + 1')} END`,
    faces / 2,
  )
  await rows(
    'ledger_persons',
    'person_id, sequence, client_id',
    `${id('person', person)}, n + 1, ${client('n')}`,
    faces / 2,
  )
  await rows(
    'enrolment_reviews',
    `id, client_id, domain, person_id, person_name, model_id, sha256, path, format, width, height, faces_in_photo, choice, kinds, created_at, settled_by`,
    `${id('review', 'n')}, ${client('n')}, ${domain('n')}, ${id('person', person)}, 'Person ' || n, 'model 0', ${sha}, '/waiting/' || n,
     'jpeg', 100, 100, 1, 'largest', '[]', n, CASE WHEN n % 4 > 0 THEN ${id('entry', 'n')} END`,
    persons,
  )
  await rows(
    'enrolment_review_faces',
    'review_id, client_id, position, face, vector',
    `${id('review', 'n')}, ${client('n')}, 0, '{}', array_fill(0.044194174, ARRAY[512])::vector`,
    persons / 2,
  )
  await rows(
    'changes',
    'client_id, revision, kind, ids',
    `${client('n')}, n, (ARRAY['face', 'person', 'entry'])[n % 3 + 1], ARRAY[${id('face', 'n')}]`,
    faces / 2,
  )
  await connection.query('SET session_replication_role = origin; ANALYZE')
}
