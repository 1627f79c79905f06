/** On a server, too, every statement that grows with the gallery has an index to go by, and takes it where there is much to pass over. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPostgres } from '../../../../../src-main/storage/sql/dialect'
import { hasServer } from '../../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../../postgres/migrated'
import { makeGallery } from './made-gallery'
import { explained, type PlanNode, readWidely, small } from './plan-nodes'
import { statements } from './statements'

/** What reads more than it is asked for by id, name or hash: all of a client's, or of everybody's; and why that is right. */
const reads: readonly {
  readonly names: RegExp
  readonly tables: readonly string[]
  readonly because: string
}[] = [
  {
    names: /^gallery-reads\.ts count\w+ByDomain$/,
    tables: ['persons', 'faces', 'embeddings'],
    because: 'counts all',
  },
  {
    names: /^imports\/copied-rows\.ts selectCopiedSize$/,
    tables: ['persons', 'faces', 'ledger'],
    because: 'counts a client’s',
  },
  { names: /^gallery-reads\.ts selectEnrolledPhotos$/, tables: ['embeddings'], because: 'all of a domain’s' },
  { names: /^health\/findings-list\.ts selectCounts$/, tables: ['findings'], because: 'counts a client’s' },
  {
    names: /^health\/findings-list\.ts.*: (count|page)$/,
    tables: ['findings'],
    because: 'counts, and reads in order of harm',
  },
  {
    names: /^reviews\/enrolment-reviews\.ts (selectWaiting|countBy\w+)$/,
    tables: ['enrolment_reviews'],
    because: 'the few that wait',
  },
  {
    names: /^search\/flat-indexes\.ts /,
    tables: ['embeddings', 'unknown_faces', 'faces'],
    because: 'loads or counts a client’s',
  },
  {
    names: /^people\/persons-list\.ts by /,
    tables: ['persons', 'person_aliases', 'findings'],
    because: 'in order, or by a part of a name',
  },
  {
    names: /^people\/persons-list\.ts selectTags$/,
    tables: ['persons', 'person_tags'],
    because: 'counts a client’s',
  },
  {
    names: /^people\/change-persons\.ts renameFindingsDomain$/,
    tables: ['findings'],
    because: 'all of a domain’s',
  },
  {
    names: /^ledger\/history\.ts (selectBin|selectHistory)$/,
    tables: ['ledger'],
    because: 'the newest first',
  },
  {
    names: /^ledger\/ledger-chain\.ts selectFalseUndo$/,
    tables: ['ledger'],
    because: 'a proof reads everything, once',
  },
  {
    names: /^unknown\/unknown-faces\.ts (select\w+|deleteBareMarks)$/,
    tables: ['unknown_faces', 'faces', 'rejections'],
    because: 'a client’s',
  },
  {
    names: /^unknown\/unknown-groups\.ts (selectGroups|countGroups)$/,
    tables: ['unknown_faces', 'faces'],
    because: 'a client’s',
  },
  {
    names: /^unknown\/unknown-faces\.ts UPDATE unknown_faces SET neighbours/,
    tables: ['unknown_faces'],
    because: 'all of them',
  },
  {
    names: /^faces\/impossible-pairs\.ts selectImpossible$/,
    tables: ['rejections'],
    because: 'as a table in memory where many are asked for',
  },
  {
    names: /^erasure\/\S+ (\w*Of(Client|Entries)\w*|DELETE FROM \w+ WHERE client_id = \?)$/,
    tables: ['faces', 'photos', 'persons', 'ledger', 'enrolment_reviews'],
    because: 'a client’s, all of it',
  },
  {
    names: /^erasure\/.* (selectBinned|deleteOrphanedPersons)$/,
    tables: ['persons'],
    because: 'of the removed ones',
  },
  {
    names: /^erasure\/near-faces.ts selectReviewVectors$/,
    tables: ['enrolment_reviews', 'enrolment_review_faces'],
    because: 'compares all that wait',
  },
]

describe.skipIf(!hasServer())('plans', () => {
  let database: MigratedDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await migratedDatabase()
    client = new pg.Client(database.superuserUrl)
    await client.connect()
    await makeGallery(client, { persons: 4000, faces: 16_000, embeddings: 4000 })
    await client.query(
      'SET search_path = visor, public; SET jit = off; SET max_parallel_workers_per_gather = 0',
    )
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  async function planOf(sql: string, values?: readonly string[]): Promise<PlanNode> {
    const given =
      values ?? Array.from({ length: sql.replace(/'[^']*'/g, '').split('?').length - 1 }, () => 'NULL')
    await client.query(`PREPARE one AS ${toPostgres(sql)}`)
    try {
      const { rows } = await client.query(
        `EXPLAIN (FORMAT JSON) EXECUTE one${given.length === 0 ? '' : `(${given.join(', ')})`}`,
      )
      return explained.parse(rows)[0]['QUERY PLAN'][0].Plan
    } finally {
      await client.query('DEALLOCATE one')
    }
  }

  describe('with every other way made dear, as it is in a gallery of millions', () => {
    beforeAll(async () => {
      // For any parameters, and no matter how few rows there are here.
      const off = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'].map((name) => `SET ${name} = off`)
      await client.query(`SET plan_cache_mode = force_generic_plan; ${off.join('; ')}`)
    })

    test('all statements are asked', () => {
      expect(statements.length).toBeGreaterThan(300)
      for (const { names } of reads) expect(statements.filter(({ name }) => names.test(name))).not.toEqual([])
    })

    test.each(statements)('$name', async ({ name, sql }) => {
      const allowed = reads.filter(({ names }) => names.test(name)).flatMap(({ tables }) => tables)
      expect(readWidely(await planOf(sql)).filter((table) => !allowed.includes(table))).toEqual([])
    })
  })

  describe('as they are planned in daily work', () => {
    beforeAll(async () => {
      await client.query(
        'RESET enable_seqscan; RESET enable_hashjoin; RESET enable_mergejoin; SET plan_cache_mode = force_custom_plan',
      )
    })

    const sqlOf = (wanted: string) => statements.find(({ name }) => name === wanted)?.sql ?? ''
    const sequential = (node: PlanNode): string[] => [
      ...(node['Node Type'] === 'Seq Scan' && !small.has(node['Relation Name'] ?? '')
        ? [node['Relation Name'] ?? '']
        : []),
      ...(node.Plans ?? []).flatMap(sequential),
    ]

    const id = (kind: string, number: number) => `md5('${kind}${number}')::uuid`
    const list = (...ids: readonly string[]) => `json_build_array(${ids.join(', ')})::text`
    const ids = list(id('person', 1), id('person', 2))
    const [owner, place] = ["'client 0'", "'domain 1'"]
    const sha = "md5('sha7') || md5('2567')"
    const asObject = (...parts: readonly string[]) =>
      `json_build_array(json_build_object(${parts.join(', ')}))::text`
    const bearers = asObject("'domain'", place, "'name'", "'Person 1'")
    const details = asObject("'personId'", id('person', 1), "'occupation'", "'singer'")
    const unfound = asObject("'faceId'", id('face', 20), "'reason'", "'no-face'", "'detail'", "'None.'")
    const unknown = asObject(
      "'faceId'",
      id('face', 4),
      "'modelId'",
      "'model 0'",
      "'keptAt'",
      '1',
      "'ignored'",
      "'0'",
    )
    const seen = [sha, "'/a.jpg'", "'jpeg'", '100', '100', 'NULL']
    test.each([
      ['gallery-reads.ts selectPersonDetail', [id('person', 1)]],
      ['gallery-reads.ts selectFacesOfPerson', [id('person', 1)]],
      ['gallery-reads.ts selectKnownFaces', [`json_build_array(${sha})::text`, owner]],
      ['gallery-reads.ts selectCrop', [id('face', 1)]],
      ['ledger/history.ts selectHistory', [owner, '5000', '50']],
      ['ledger/history.ts selectHistoryOfPerson', [id('person', 1), owner, '5000', '50']],
      ['people/own-faces.ts selectOwnFaces', ["'model 0'", id('person', 1)]],
      ['people/persons-list.ts selectSummaries', [ids]],
      ['people/persons-list.ts by name, in a domain: page', [owner, place, '50', '0']],
      ['people/persons-list.ts by name: page', [owner, '50', '0']],
      ['people/persons-list.ts by newest: page', [owner, '50', '0']],
      ['people/persons-list.ts by changed: page', [owner, '50', '0']],
      ['unknown/unknown-groups.ts selectFacePage', ['5', owner, '50', '0']],
      ['faces/assign-faces.ts selectPersonByName', [owner, place, "'Person 1'"]],
      ['faces/assign-faces.ts selectPhoto', [owner, sha, place]],
      ['faces/photo-faces.ts selectFacesInPhoto', [id('photo', 7)]],
      ['faces/photo-faces.ts selectPeopleOfPhotos', [list(id('photo', 7))]],
      ['health/health-people.ts selectLookedFaces', ["'model 0'", id('person', 1)]],
      ['search/flat-indexes.ts selectVector', ['7']],
      ['search/flat-indexes.ts selectEmbeddingStates', ["'[7, 8]'"]],
      ['ledger/ledger-chain.ts selectEntriesAfter', ["'chain 0'", '100']],
      ['ledger/undo.ts selectEntry', [id('entry', 7)]],
      ['imports/runs.ts advanceRun', ['10', '1', '1', '1', '0', id('run', 7), '0']],
      ['imports/runs.ts insertLaterStep', [id('entry', 7), id('run', 7)]],
      ['imports/runs.ts selectSteps', [id('run', 7)]],
      ['imports/runs.ts selectRejects', [id('run', 7), '50', '0']],
      ['imports/runs.ts countRejects', [id('run', 7)]],
      ['imports/runs.ts selectRejectedKeys', [id('run', 7)]],
      ['imports/import-portion.ts selectGivenFaces', [list(id('face', 1), id('face', 2))]],
      ['faces/portion-state.ts selectPersonsById', [ids]],
      ['imports/import-portion.ts updateDetails', [details]],
      ['imports/known-as.ts selectFormerOfPhotos', [list(id('photo', 49))]],
      ['imports/stored-faces.ts selectStoredFaces', [list(id('face', 1)), "'model 0'"]],
      ['imports/stand-ins.ts selectUnseen', [owner, place, id('photo', 7)]],
      ['imports/stand-ins.ts selectUnseenOf', [list(id('photo', 10)), owner, place]],
      ['imports/stand-ins.ts selectUnseenFaces', [list(id('photo', 10)), "'model 0'"]],
      ['imports/stand-ins.ts insertUnfound', [unfound, id('run', 7)]],
      ['imports/stand-ins.ts deleteUnfound', [id('run', 7), list(id('face', 20))]],
      ['imports/stand-ins.ts selectUnfound', [id('run', 7), '50', '0']],
      ['imports/stand-ins.ts countUnfound', [id('run', 7)]],
      ['imports/copied-rows.ts selectCopiedTags', [ids]],
      ['imports/copied-rows.ts selectCopiedAliases', [ids]],
      ['imports/copied-rows.ts selectCopiedApart', [ids]],
      ['imports/copied-rows.ts selectCopiedFaces', [list(id('photo', 7))]],
      ['imports/copied-rows.ts selectCopiedCrops', [list(id('face', 7))]],
      ['imports/copied-rows.ts selectCopiedRejections', [list(id('face', 7))]],
      ['imports/copied-rows.ts selectCopiedUnknown', [list(id('face', 4))]],
      ['imports/copied-rows.ts selectCopiedEmbeddings', [list(id('face', 7))]],
      ['imports/copying.ts selectKnownPersons', [ids]],
      ['imports/copy-persons.ts selectBearers', [bearers, owner]],
      ['imports/copy-photos.ts selectFacesHere', [list(id('face', 7))]],
      ['imports/copy-photos.ts selectSamePhotos', [`json_build_array(${sha})::text`, owner]],
      ['imports/copy-photos.ts insertUnknown', [unknown]],
      ['ledger/undo-copy.ts selectCopiedOwners', [list(id('face', 7))]],
      ['ledger/undo-copy.ts selectCopiedTimes', [ids]],
      ['ledger/undo-copy.ts deleteCopiedFaces', [list(id('face', 7))]],
      ['ledger/undo-copy.ts deleteCopiedPhotos', [list(id('photo', 7))]],
      ['ledger/undo-copy.ts deleteCopiedPersons', [ids]],
      ['ledger/undo-see-photos.ts selectMeasuredOfPhoto', [id('photo', 7)]],
      ['faces/see-photos.ts selectUnmeasured', [id('photo', 10)]],
      ['faces/see-photos.ts selectOtherOfPerson', [id('photo', 7), id('person', 7), id('face', 14)]],
      ['faces/see-photos.ts updateSeen', [...seen, owner, sha, id('photo', 10)]],
    ])('%s', async (wanted, values) => {
      expect(sequential(await planOf(sqlOf(wanted), values))).toEqual([])
    })

    const thousands = `'${JSON.stringify(Array.from({ length: 5000 }, () => randomUUID()))}'`
    test.each(['imports/import-portion.ts selectGivenFaces', 'faces/portion-state.ts selectPersonsById'])(
      '%s, asked for thousands',
      async (wanted) => {
        expect(sequential(await planOf(sqlOf(wanted), [thousands]))).toEqual([])
      },
    )
  })

  test('what a row refers to is found by an index when it goes', async () => {
    // An entry of the ledger never goes; a client or a domain goes once, and rows need not pay for it.
    const { rows } = await client.query<{ name: string }>(`
      SELECT conrelid::regclass || ' → ' || confrelid::regclass AS name FROM pg_constraint
      WHERE contype = 'f' AND connamespace = 'visor'::regnamespace
        AND confrelid NOT IN ('ledger'::regclass, 'clients'::regclass, 'domains'::regclass, 'models'::regclass, 'chains'::regclass)
        AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])`)
    expect(rows.map(({ name }) => name)).toEqual([])
  })
})
