/** What a console does by itself while its server is away, and what it says of the rest. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import type { OpenStore } from '../open-store'
import type { Method } from '../threads/protocol'

export type StorePart = Exclude<keyof OpenStore, 'close'>
type GalleryMethod = Method<'gallery'>

/** Answered from the cache, of the domains that it holds. */
export const answeredByCache: ReadonlySet<string> = new Set<GalleryMethod>([
  'clients',
  'persons',
  'personIds',
  'personsById',
  'namesakes',
  'person',
  'wholePerson',
  'lookalikes',
  'tags',
  'photo',
  'rejectsOf',
  'toldApart',
  'knownFaces',
  'enrolledPhotos',
  'search',
  'ownFaces',
  'gallerySize',
  'samplePersons',
  'distances',
  'crop',
])

/** Carried out on the cache, and on the server when it is back; the last argument is the context. */
export const queued: ReadonlySet<string> = new Set<GalleryMethod>([
  'addPerson',
  'updatePerson',
  'tagPersons',
  'setCover',
  'mergePersons',
  'moveFaces',
  'takeFaces',
  'movePersons',
  'tellApart',
  'addFace',
  'changeBox',
  'deleteFaces',
  'locatePhoto',
  'seePhotos',
  'withdrawReject',
  'deletePersons',
  'assignFaces',
  'rejectFace',
  'rejectFaces',
  'setRepeatsPeople',
  'undo',
  'recordMove',
  'settleReview',
])

/** What of the store a call is about, as a sentence begins. */
const subjects: Record<StorePart, string> = {
  gallery: 'This',
  reviews: 'Reviews of enrolments are on the server, and this',
  unknown: 'Unknown faces are on the server, and this',
  erasure: 'People are erased on the server, and this',
  imports: 'Imports go to the server, and this',
  health: 'The health of the galleries is looked after on the server, and this',
}
const historyMethods: ReadonlySet<string> = new Set<GalleryMethod>([
  'ledger',
  'verifyLedger',
  'bin',
  'emptyBin',
])
const domainMethods: ReadonlySet<string> = new Set<GalleryMethod>([
  'ensureDomain',
  'renameDomain',
  'deleteDomain',
])

/** What is not done while the server is away. `why`: what it is away for. */
export function onlyOnServer(part: StorePart, method: string, why: VisorError): VisorError {
  const subject = historyMethods.has(method)
    ? 'The history is on the server, and this'
    : domainMethods.has(method)
      ? 'Domains are made and changed on the server, and this'
      : subjects[part]
  return away(`${subject} has to wait: the server does not answer.`, why)
}

/** What the cache does not hold. */
export function notKept(what: string, why: VisorError): VisorError {
  return away(`The server does not answer, and this console does not keep ${what}.`, why)
}

function away(message: string, why: VisorError): VisorError {
  return new VisorError('server-unreachable', message, {
    cause: why,
    consequence: 'Nothing was changed.',
    remedy: 'Visor goes on by itself as soon as the server answers.',
    detail: [why.message, why.detail].filter((part) => part !== undefined).join('\n'),
  })
}
