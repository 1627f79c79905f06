/**
 * The names of the channels between the window and main, without their schemas: all that the preload needs, so that it
 * stays a few lines long. `ipc.ts` gives each name its schemas and does not compile where the two disagree.
 */

/** What the page may ask of main, one function each. */
export const pageRequestNames = [
  'app.info',
  'app.status',
  'app.jobs',
  'app.cancelJob',
  'app.revealLog',
  'app.revealDataFolder',
  'settings.get',
  'settings.update',
  'queue.open',
  'queue.snapshot',
  'queue.detail',
  'queue.pause',
  'queue.resume',
  'queue.cancel',
  'queue.retry',
  'queue.remove',
  'queue.restore',
  'queue.revealFile',
  'queue.export',
  'face.confirm',
  'face.reject',
  'face.enrolNew',
  'face.withdrawReject',
  'ledger.undo',
  'ledger.undoLast',
  'gallery.clients',
  'gallery.createDomain',
  'gallery.deleteDomain',
  'gallery.persons',
  'gallery.personIds',
  'gallery.personsById',
  'gallery.namesakes',
  'gallery.person',
  'gallery.updatePerson',
  'gallery.tagPersons',
  'gallery.tags',
  'gallery.setCover',
  'gallery.mergePersons',
  'gallery.moveFaces',
  'gallery.takeFaces',
  'gallery.rejects',
  'gallery.withdrawReject',
  'gallery.setRepeatsPeople',
  'gallery.movePersons',
  'gallery.renameDomain',
  'gallery.lookalikes',
  'gallery.history',
  'gallery.bin',
  'gallery.emptyBin',
  'gallery.deletePersons',
  'gallery.enrolFolder',
  'gallery.installSamples',
  'gallery.removeSamples',
  'gallery.thresholds',
  'unknown.counts',
  'unknown.groups',
  'unknown.groupOf',
  'unknown.faces',
  'unknown.nearest',
  'unknown.name',
  'unknown.takeOut',
  'unknown.ignore',
  'unknown.suggestions',
  'unknown.accept',
  'unknown.reject',
  'unknown.forget',
  'gallery.tellApart',
  'health.state',
  'health.counts',
  'health.findings',
  'health.dismiss',
  'health.takeCopies',
  'health.embedAgain',
  'health.pause',
  'health.lookAnew',
  'thresholds.calibrate',
  'thresholds.calibration',
  'thresholds.set',
  'gate.policy',
  'gate.setAction',
  'models.list',
  'models.fetch',
  'models.use',
  'vision.tryAgain',
] as const
export type PageRequestName = (typeof pageRequestNames)[number]

/** Asked by the preload alone: a page that could name paths could read any file. */
export type PreloadRequestName = 'queue.addPaths' | 'queue.addPictures'

export type RequestName = PageRequestName | PreloadRequestName

/** What main tells the window unasked. */
export const eventNames = [
  'status',
  'queue',
  'job',
  'settings',
  'galleries',
  'unknown',
  'health',
  'command',
] as const
export type EventName = (typeof eventNames)[number]

export const requestChannel = (name: RequestName): string => `visor:request:${name}`
export const eventChannel = (name: EventName): string => `visor:event:${name}`
