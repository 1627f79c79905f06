/**
 * The cache of a server: filling it for the first time, against a bare binary COPY of the same rows; how far it is behind another
 * console; and searching it against searching the server. Options: `--faces 100000`. Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { to } from 'pg-copy-streams'
import { CacheKeeper } from '../../src-main/storage/team/cache-keeper'
import { searchSide } from '../../src-main/storage/team/search-side'
import { type CacheOfServer, openCache } from '../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../src-main/storage/threads/server-store'
import { embeddingLength, type UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../src-shared/ids'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'
import { median, printFigure } from './figure'

const benchmark = 'server-cache'
const clientId = clientIdSchema.parse('bench')
const domain = domainSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')
const facesPerPerson = 9
/** Of a JPEG of 192 × 192 pixels, about. */
const cropBytes = 6000
const copies = 3
const edits = 21
const searches = 41

/** What a cache holds of a domain. */
const tables = ['persons', 'photos', 'faces', 'embeddings', 'crops']

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { faces: { type: 'string', default: '100000' } } })
  const faces = Number(values.faces)
  const database = await migratedDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'visor-cache-'))
  const newCache = (name: string) =>
    openCache({ folder: join(folder, name), builtFolder: import.meta.dirname })
  const client = new pg.Client(database.superuserUrl)
  await client.connect()
  const open = () => openServerStore({ ...serverAt(database.url), builtFolder: import.meta.dirname })
  const [here, there] = await Promise.all([open(), open()])
  let cache: CacheOfServer | undefined
  try {
    await fill(client, faces)
    cache = await measureFill(client, here, newCache, faces)
    const keeper = await CacheKeeper.open(cache, { onChange: () => undefined, onError: fail })
    keeper.follow(here)
    await measureLag(keeper, there)
    await measureSides(keeper, here, faces)
  } finally {
    await cache?.close()
    await Promise.all([here.close(), there.close()])
    await client.end()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

function fail(error: unknown): never {
  throw error
}

/** Made-up people and faces, as rows: what a bulk load leaves. */
async function fill(client: pg.Client, faces: number): Promise<void> {
  const id = (kind: number, number: string) =>
    `('01900000-0000-7000-8000-' || '${kind}' || lpad(to_hex(${number}), 11, '0'))::uuid`
  await client.query(`
    SET search_path = visor, public; SET session_replication_role = replica;
    INSERT INTO chains (id, client_id, last_sequence) VALUES ('bench', '${clientId}', 0);
    INSERT INTO clients (id, created_at, chain, revision) VALUES ('${clientId}', 0, 'bench', 0);
    INSERT INTO models (id, created_at) VALUES ('${modelId}', 0);
    INSERT INTO domains (client_id, name, sample, created_at) VALUES ('${clientId}', '${domain}', false, 0);
    INSERT INTO persons (id, client_id, domain, name, folded, occupation, created_at, updated_at)
      SELECT ${id(1, 'n')}, '${clientId}', '${domain}', 'Person ' || n, 'person ' || n, 'judge', n, n
      FROM generate_series(0, ${faces} / ${facesPerPerson}) AS n;
    INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, created_at, perceptual_hash)
      SELECT ${id(2, 'n')}, '${clientId}', '${domain}', encode(sha256(n::text::bytea), 'hex'), '/photos/' || n || '.jpg',
        'jpeg', 1200, 800, n, substr(md5(n::text), 1, 16)
      FROM generate_series(1, ${faces}) AS n;
    INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks, detection_score,
        quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px, yaw_degrees, roll_degrees, source,
        created_at)
      SELECT ${id(3, 'n')}, ${id(2, 'n')}, '${clientId}', '${domain}', ${id(1, `n / ${facesPerPerson}`)}, 100, 80, 120, 150,
        '[[136,140],[184,140],[160,155],[142,200],[178,200]]', 0.98, random(), 0.8, 0.6, 0.9, 0.7, 120, -3.5, 1.25, 'enrolled', n
      FROM generate_series(1, ${faces}) AS n;
    INSERT INTO crops (face_id, client_id, jpeg)
      SELECT ${id(3, 'n')}, '${clientId}', decode(repeat(md5(n::text), ${Math.ceil(cropBytes / 16)}), 'hex')
      FROM generate_series(1, ${faces}) AS n;
    INSERT INTO embeddings (face_id, model_id, client_id, domain, person_id, vector)
      SELECT ${id(3, 'n')}, '${modelId}', '${clientId}', '${domain}', ${id(1, `n / ${facesPerPerson}`)}, l2_normalize((
        SELECT array_agg(random() + random() - 1) FROM generate_series(1, ${embeddingLength}) WHERE n > 0)::real[]::vector)
      FROM generate_series(1, ${faces}) AS n;
    SET session_replication_role = DEFAULT;
    ANALYZE`)
}

/** A first fill of a new cache, and as many times the bare copies, in turn; gives the last of these caches. */
async function measureFill(
  client: pg.Client,
  server: ServerStore,
  newCache: (name: string) => Promise<CacheOfServer>,
  faces: number,
): Promise<CacheOfServer> {
  const bare: number[] = []
  const filled: number[] = []
  let last = await newCache('0')
  for (let time = 0; time < copies; time++) {
    if (time > 0) {
      await last.close()
      last = await newCache(String(time))
    }
    const { cache } = last
    bare.push(await timed(() => copyAll(client)))
    await cache.choose(clientId, domain, true)
    filled.push(await timed(() => cache.sync(server.snapshots(), {})))
  }
  const { cache } = last
  const [bareMs, fillMs] = [median(bare), median(filled)]
  const [{ rows } = { rows: undefined }] = (await cache.contents()).domains
  if (rows?.faces !== faces) throw new Error(`${rows?.faces} faces are in the cache.`)
  printFigure({
    benchmark,
    figure: 'first full cache, rows a second ÷ a bare binary COPY TO STDOUT of the same rows',
    value: bareMs / fillMs,
    goal: '>= 0.5',
    details: { faces, bareMs, fillMs, facesPerSecond: (faces / fillMs) * 1000 },
  })
  const verifyMs = await timed(() => cache.verify(server.snapshots(), {}))
  printFigure({
    benchmark,
    figure: 'a full check ÷ the first full cache',
    value: verifyMs / fillMs,
    details: { faces, verifyMs },
  })
  return last
}

async function copyAll(client: pg.Client): Promise<void> {
  for (const table of tables) {
    const stream = client.query(to(`COPY ${table} TO STDOUT (FORMAT binary)`))
    await new Promise<void>((resolve, reject) => {
      stream.on('data', () => undefined)
      stream.on('end', resolve)
      stream.on('error', reject)
    })
  }
}

/** From an edit that another console was told is done, to the cache that has it. */
async function measureLag(keeper: CacheKeeper, there: ServerStore): Promise<void> {
  const { persons } = await there.gallery.persons({
    clientId,
    domain,
    text: '',
    sort: 'name',
    flags: [],
    tag: null,
    offset: 0,
    limit: edits,
  })
  const lags: number[] = []
  for (const { personId } of persons) {
    await there.gallery.updatePerson(
      personId,
      { occupation: `edit ${lags.length}` },
      { actor: 'bench', summary: 'edit' },
    )
    const revision = await there.feed.revision(clientId)
    const startedAt = performance.now()
    while (keeper.holds(clientId, [domain])?.revision !== revision) {
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    lags.push(performance.now() - startedAt)
  }
  lags.sort((a, b) => a - b)
  printFigure({
    benchmark,
    figure: 'seconds until another console’s edit is in the cache, 95th percentile',
    value: lags[Math.floor(lags.length * 0.95)]! / 1000,
    goal: '<= 1',
    details: { medianMs: median(lags), edits: lags.length },
  })
}

/** A search as *auto* does it: the revision, then the cache; and the server's own. */
async function measureSides(keeper: CacheKeeper, server: ServerStore, faces: number): Promise<void> {
  const query = (probe: UnitEmbedding) => ({
    clientId,
    domains: [domain],
    modelId,
    probes: [probe],
    topPersons: 10,
    topFaces: 0,
    withinDistance: 0.6,
  })
  const bySide = async (probe: UnitEmbedding) => {
    const held = keeper.holds(clientId, [domain])
    const side = searchSide('auto', held, await server.feed.revision(clientId))
    if (side.mode !== 'cache') throw new Error('The cache is not as the server is.')
    return keeper.store.gallery.search(query(probe))
  }
  const times = { proof: [] as number[], auto: [] as number[], server: [] as number[] }
  for (let number = 0; number < searches; number++) {
    const probe = unitVector()
    times.proof.push(await timed(() => server.feed.revision(clientId)))
    times.auto.push(await timed(() => bySide(probe)))
    times.server.push(await timed(() => server.gallery.search(query(probe))))
  }
  const [autoMs, serverMs, proofMs] = [median(times.auto), median(times.server), median(times.proof)]
  printFigure({
    benchmark,
    figure: 'search by the side that auto chooses ÷ the server’s search',
    value: autoMs / serverMs,
    details: { faces, autoMs, serverMs, proofMs },
  })
}

function unitVector(): UnitEmbedding {
  const vector = Float32Array.from({ length: embeddingLength }, () => Math.random() + Math.random() - 1)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length) as UnitEmbedding
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
