/** The reader for a source. Import worker thread. */
import { VisorError } from '../../src-shared/errors'
import type { ImportKind, SourceSpec } from '../../src-shared/import'
import { DeepfaceReader } from './deepface/deepface-reader'
import { findKind } from './find-kind'
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
 * Opens what `spec` says, as the kind that is found there. Raises `invalid-argument` where another kind was said or the rule
 * cannot be used, as {@link findKind}, and the failures of a server.
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
  void mapping
  void password
  if (found === 'deepface-pkl' && place.at === 'path') return new DeepfaceReader(place.path, personRule(rule))
  throw new VisorError('format-unsupported', `${names[found]} is not read in this way.`)
}
