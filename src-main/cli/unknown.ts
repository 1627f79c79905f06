/** `visor unknown`: faces that nobody was named for, in groups. */
import { VisorError } from '../../src-shared/errors'
import { type ClientId, type Domain, personNameSchema } from '../../src-shared/ids'
import type { SettingsFile } from '../services/settings-file'
import type { UnknownActs } from '../services/unknown-acts'
import type { UnknownFaces } from '../services/unknown-faces'
import type { UnknownStore } from '../storage/unknown-store'
import type { Output } from './output'

/** Groups read in one page. */
const pageSize = 500

/** Lists the groups, largest first, once they are up to date. */
export async function listUnknown(
  faces: UnknownFaces,
  store: UnknownStore,
  { clientId, domain, ignored }: { clientId: ClientId; domain: Domain | null; ignored: boolean },
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  await faces.expire()
  for (const scope of await faces.scopes(clientId)) {
    if (domain !== null && scope.domain !== domain) continue
    await faces.group(scope, signal, ({ done, total }) => output.progress(`${done} of ${total} faces`))
    output.endProgress()
    let shown = 0
    for (;;) {
      const page = await store.groups({ ...scope, ignored, offset: shown, limit: pageSize })
      for (const { groupId, faces: count, photos, newestAt, someFaces } of page.groups) {
        output.answer(
          {
            group: groupId,
            domain: scope.domain,
            faces: count,
            photos,
            newest: newestAt,
            ignored,
            some_faces: someFaces,
          },
          `${groupId}  ${scope.domain}  ${count} faces in ${photos} photos, newest ${newestAt}`,
        )
      }
      shown += page.groups.length
      if (shown >= page.total || page.groups.length === 0) {
        output.note(`${scope.domain}: ${shown} groups; ${page.faces} unknown faces in all.`)
        break
      }
    }
  }
}

/** Raises `invalid-argument`, `not-found`, `conflict`. */
export async function nameUnknown(
  acts: UnknownActs,
  group: string,
  text: string,
  { clientId, domain }: { clientId: ClientId; domain: Domain },
  output: Output,
): Promise<void> {
  const name = personNameSchema.safeParse(text)
  if (!name.success) {
    throw new VisorError('invalid-argument', name.error.issues[0]?.message ?? 'That cannot be a name.')
  }
  const named = await acts.name(clientId, groupOf(group), domain, { name: name.data })
  const left = named.leftOut === 0 ? '' : ` ${named.leftOut} of the group cannot be theirs and stay unknown.`
  output.answer(
    {
      ledger_id: named.ledgerId,
      person_id: named.personId,
      name: name.data,
      faces: named.faces,
      left_out: named.leftOut,
    },
    `${named.faces} faces are ${name.data} now.${left} Take it back with: visor ledger undo ${named.ledgerId}`,
  )
}

/** Raises `invalid-argument`, `not-found`. */
export async function ignoreUnknown(
  acts: UnknownActs,
  group: string,
  clientId: ClientId,
  ignored: boolean,
  output: Output,
): Promise<void> {
  const changed = await acts.ignore(clientId, groupOf(group), ignored)
  output.answer(
    { group: groupOf(group), ignored, faces: changed.faces },
    `${changed.faces} faces ${ignored ? 'ignored' : 'brought back'}.`,
  )
}

/** Lists the unknown faces that look like somebody who was enrolled since they were kept, by person. */
export async function suggestUnknown(
  faces: UnknownFaces,
  acts: UnknownActs,
  clientId: ClientId,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  await faces.findSuggestions(clientId, signal)
  const { total, some } = await acts.suggestions(clientId, Number.MAX_SAFE_INTEGER)
  for (const { faceId, photoPath, person } of some) {
    const { personId, name, domain, distance } = person
    output.answer(
      { face: faceId, photo: photoPath, person_id: personId, name, domain, distance },
      `${faceId}  ${distance.toFixed(3)}  ${name}  ${photoPath}`,
    )
  }
  output.note(total === 1 ? '1 unknown face may be somebody’s.' : `${total} unknown faces may be somebody’s.`)
}

/** Removes all unknown faces of the client for good. Raises `invalid-argument` without `yes`. */
export async function forgetUnknown(
  acts: UnknownActs,
  clientId: ClientId,
  yes: boolean,
  output: Output,
): Promise<void> {
  if (!yes) {
    throw new VisorError('invalid-argument', 'Nothing was forgotten: there is no undo, so say --yes.')
  }
  const faces = await acts.forget(clientId)
  output.answer({ faces }, `${faces} unknown faces went for good.`)
}

/** Says whether unknown faces are kept and how long; changes it first where that is asked for. */
export async function keepUnknown(
  settings: SettingsFile,
  state: string | undefined,
  days: number | undefined,
  output: Output,
): Promise<void> {
  if (state !== undefined && state !== 'on' && state !== 'off') {
    throw new VisorError('invalid-argument', `Keeping unknown faces is "on" or "off", not "${state}".`)
  }
  settings.update({
    ...(state === undefined ? {} : { keepUnknown: state === 'on' }),
    ...(days === undefined ? {} : { unknownRetentionDays: days }),
  })
  await settings.flush()
  const { keepUnknown: keep, unknownRetentionDays: retentionDays } = settings.current
  output.answer(
    { keep, retention_days: retentionDays },
    keep
      ? `Faces that nobody is named for are kept for ${retentionDays} days.`
      : 'Faces that nobody is named for are not kept.',
  )
}

function groupOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new VisorError('invalid-argument', `"${text}" is no number of a group.`, {
    remedy: 'visor unknown list has them.',
  })
}
