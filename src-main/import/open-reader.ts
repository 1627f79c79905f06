/** The reader for a source. Import worker thread. */
import { VisorError } from '../../src-shared/errors'
import type { ImportKind, SourceSpec } from '../../src-shared/import'
import { DeepfaceReader } from './deepface/deepface-reader'
import { findKind } from './find-kind'
import { FolderReader } from './folder/folder-reader'
import { LegacyReader } from './legacy/legacy-reader'
import { personRule } from './person-rule'
import type { Reader } from './reader'

const names: Readonly<Record<ImportKind, string>> = {
  'deepface-pkl': 'a pickle of DeepFace',
  'legacy-sqlite': 'a SQLite file',
  'legacy-postgres': 'a PostgreSQL database',
  folder: 'a folder of photos',
  visor: 'a gallery of Visor',
}

/**
 * Opens what `spec` says, as the kind that is found there; the drivers of databases only where one is read, as whoever reads a file
 * would wait for them. Raises `invalid-argument` where another kind was said or the rule cannot be used, as {@link findKind}, and the
 * failures of a server.
 */
export async function openReader(
  { place, kind, personRule: rule, mapping }: SourceSpec,
  password: string | undefined,
): Promise<Reader> {
  const found = await findKind(place)
  if (kind !== null && kind !== found) {
    throw new VisorError('invalid-argument', `This is ${names[found]}, not ${names[kind]}.`, {
      consequence: 'Nothing was read.',
      remedy: `Leave the kind out, or say ${found}.`,
    })
  }
  if (place.at === 'server') {
    const { PostgresLegacyDatabase } = await import('./legacy/postgres-database')
    return new LegacyReader(await PostgresLegacyDatabase.open(place.connection, password), mapping)
  }
  if (found === 'deepface-pkl') return new DeepfaceReader(place.path, personRule(rule))
  if (found === 'legacy-sqlite') {
    const { SqliteLegacyDatabase } = await import('./legacy/sqlite-database')
    return new LegacyReader(new SqliteLegacyDatabase(place.path), mapping)
  }
  if (found === 'folder') return new FolderReader(place.path, personRule(rule))
  // Another Visor is read by its store, which gives what no row has: covers, rejects, ids.
  throw new VisorError('format-unsupported', 'A gallery of Visor is read by its store.')
}
