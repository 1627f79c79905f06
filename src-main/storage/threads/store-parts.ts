/** The interfaces of a store, each method a call to its threads. Main, command line. */
import type { CacheStore } from '../cache/cache-store'
import type { DualStore } from '../dual-store'
import type { ErasureStore } from '../erasure-store'
import type { GalleryStore } from '../gallery-store'
import type { HealthStore } from '../health-store'
import type { ImportStore } from '../import-store'
import type { OutboxStore } from '../outbox-store'
import type { QueueStore } from '../queue-store'
import type { ReviewStore } from '../review-store'
import type { UnknownStore } from '../unknown-store'
import type { StoreThreads } from './store-threads'

/**
 * `ask`, once at a time: whoever asks while it is being answered gets the next answer, all of them the same. Counting a large
 * gallery takes a while, and every act is followed by it.
 */
function coalesced<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const start = () => {
    const answer = ask()
    running = answer
    const over = () => {
      if (running === answer) running = undefined
    }
    answer.then(over, over)
    return answer
  }
  const startNext = () => {
    next = undefined
    return start()
  }
  return () => {
    if (running === undefined) return start()
    next ??= running.then(startNext, startNext)
    return next
  }
}

export function galleryOf(client: StoreThreads): Omit<GalleryStore, 'engine' | 'close'> {
  return {
    clients: coalesced(() => client.call('gallery', 'clients')),
    ensureDomain: (...args) => client.call('gallery', 'ensureDomain', ...args),
    deleteDomain: (...args) => client.call('gallery', 'deleteDomain', ...args),
    persons: (...args) => client.call('gallery', 'persons', ...args),
    personIds: (...args) => client.call('gallery', 'personIds', ...args),
    personsById: (...args) => client.call('gallery', 'personsById', ...args),
    namesakes: (...args) => client.call('gallery', 'namesakes', ...args),
    person: (...args) => client.call('gallery', 'person', ...args),
    wholePerson: (...args) => client.call('gallery', 'wholePerson', ...args),
    addPerson: (...args) => client.call('gallery', 'addPerson', ...args),
    updatePerson: (...args) => client.call('gallery', 'updatePerson', ...args),
    tagPersons: (...args) => client.call('gallery', 'tagPersons', ...args),
    tags: (...args) => client.call('gallery', 'tags', ...args),
    setCover: (...args) => client.call('gallery', 'setCover', ...args),
    mergePersons: (...args) => client.call('gallery', 'mergePersons', ...args),
    moveFaces: (...args) => client.call('gallery', 'moveFaces', ...args),
    takeFaces: (...args) => client.call('gallery', 'takeFaces', ...args),
    movePersons: (...args) => client.call('gallery', 'movePersons', ...args),
    renameDomain: (...args) => client.call('gallery', 'renameDomain', ...args),
    tellApart: (...args) => client.call('gallery', 'tellApart', ...args),
    lookalikes: (...args) => client.call('gallery', 'lookalikes', ...args),
    photo: (...args) => client.call('gallery', 'photo', ...args),
    addFace: (...args) => client.call('gallery', 'addFace', ...args),
    changeBox: (...args) => client.call('gallery', 'changeBox', ...args),
    deleteFaces: (...args) => client.call('gallery', 'deleteFaces', ...args),
    seePhotos: (...args) => client.call('gallery', 'seePhotos', ...args),
    locatePhoto: (...args) => client.call('gallery', 'locatePhoto', ...args),
    withdrawReject: (...args) => client.call('gallery', 'withdrawReject', ...args),
    toldApart: (...args) => client.call('gallery', 'toldApart', ...args),
    rejectsOf: (...args) => client.call('gallery', 'rejectsOf', ...args),
    ledger: (...args) => client.call('gallery', 'ledger', ...args),
    sizes: coalesced(() => client.call('gallery', 'sizes')),
    rights: () => client.call('gallery', 'rights'),
    verifyLedger: () => client.call('gallery', 'verifyLedger'),
    bin: (...args) => client.call('gallery', 'bin', ...args),
    emptyBin: (...args) => client.call('gallery', 'emptyBin', ...args),
    recordMove: (...args) => client.call('gallery', 'recordMove', ...args),
    settleReview: (...args) => client.call('gallery', 'settleReview', ...args),
    deletePersons: (...args) => client.call('gallery', 'deletePersons', ...args),
    assignFaces: (...args) => client.call('gallery', 'assignFaces', ...args),
    rejectFace: (...args) => client.call('gallery', 'rejectFace', ...args),
    rejectFaces: (...args) => client.call('gallery', 'rejectFaces', ...args),
    setRepeatsPeople: (...args) => client.call('gallery', 'setRepeatsPeople', ...args),
    knownFaces: (...args) => client.call('gallery', 'knownFaces', ...args),
    enrolledPhotos: (...args) => client.call('gallery', 'enrolledPhotos', ...args),
    search: (...args) => client.call('gallery', 'search', ...args),
    ownFaces: (...args) => client.call('gallery', 'ownFaces', ...args),
    gallerySize: (...args) => client.call('gallery', 'gallerySize', ...args),
    samplePersons: (...args) => client.call('gallery', 'samplePersons', ...args),
    distances: (...args) => client.call('gallery', 'distances', ...args),
    crop: (...args) => client.call('gallery', 'crop', ...args),
    undo: (...args) => client.call('gallery', 'undo', ...args),
  }
}

export function queueOf(client: StoreThreads): QueueStore {
  return {
    load: () => client.call('queue', 'load'),
    analyses: (...args) => client.call('queue', 'analyses', ...args),
    append: (...args) => client.call('queue', 'append', ...args),
    setState: (...args) => client.call('queue', 'setState', ...args),
    complete: (...args) => client.call('queue', 'complete', ...args),
    setFaces: (...args) => client.call('queue', 'setFaces', ...args),
    remove: (...args) => client.call('queue', 'remove', ...args),
    restore: (...args) => client.call('queue', 'restore', ...args),
    desk: () => client.call('queue', 'desk'),
    forget: (...args) => client.call('queue', 'forget', ...args),
    thumbnail: (...args) => client.call('queue', 'thumbnail', ...args),
    faceCrop: (...args) => client.call('queue', 'faceCrop', ...args),
    pasted: (...args) => client.call('queue', 'pasted', ...args),
  }
}

export function reviewsOf(client: StoreThreads): ReviewStore {
  return {
    add: (...args) => client.call('reviews', 'add', ...args),
    photos: (...args) => client.call('reviews', 'photos', ...args),
    waiting: (...args) => client.call('reviews', 'waiting', ...args),
    review: (...args) => client.call('reviews', 'review', ...args),
    crop: (...args) => client.call('reviews', 'crop', ...args),
    accept: (...args) => client.call('reviews', 'accept', ...args),
    reject: (...args) => client.call('reviews', 'reject', ...args),
    forget: (...args) => client.call('reviews', 'forget', ...args),
  }
}

export function unknownOf(client: StoreThreads): UnknownStore {
  return {
    keep: (...args) => client.call('unknown', 'keep', ...args),
    bring: (...args) => client.call('unknown', 'bring', ...args),
    domains: (...args) => client.call('unknown', 'domains', ...args),
    ids: (...args) => client.call('unknown', 'ids', ...args),
    link: (...args) => client.call('unknown', 'link', ...args),
    constraints: (...args) => client.call('unknown', 'constraints', ...args),
    setGroups: (...args) => client.call('unknown', 'setGroups', ...args),
    counts: (...args) => client.call('unknown', 'counts', ...args),
    groups: (...args) => client.call('unknown', 'groups', ...args),
    groupOf: (...args) => client.call('unknown', 'groupOf', ...args),
    faces: (...args) => client.call('unknown', 'faces', ...args),
    groupFaces: (...args) => client.call('unknown', 'groupFaces', ...args),
    nearestPersons: (...args) => client.call('unknown', 'nearestPersons', ...args),
    takeOut: (...args) => client.call('unknown', 'takeOut', ...args),
    ignore: (...args) => client.call('unknown', 'ignore', ...args),
    findSuggestions: (...args) => client.call('unknown', 'findSuggestions', ...args),
    suggestions: (...args) => client.call('unknown', 'suggestions', ...args),
    expire: (...args) => client.call('unknown', 'expire', ...args),
    forget: (...args) => client.call('unknown', 'forget', ...args),
  }
}

export function erasureOf(client: StoreThreads): ErasureStore {
  return {
    checkReason: (...args) => client.call('erasure', 'checkReason', ...args),
    inQueue: (...args) => client.call('erasure', 'inQueue', ...args),
    preview: (...args) => client.call('erasure', 'preview', ...args),
    erase: (...args) => client.call('erasure', 'erase', ...args),
    due: () => client.call('erasure', 'due'),
    addRemoved: (...args) => client.call('erasure', 'addRemoved', ...args),
    scrub: (...args) => client.call('erasure', 'scrub', ...args),
    unreported: () => client.call('erasure', 'unreported'),
    reported: (...args) => client.call('erasure', 'reported', ...args),
    reports: () => client.call('erasure', 'reports'),
  }
}

export function healthOf(client: StoreThreads): HealthStore {
  return {
    look: (...args) => client.call('health', 'look', ...args),
    lookAnew: () => client.call('health', 'lookAnew'),
    counts: (...args) => client.call('health', 'counts', ...args),
    findings: (...args) => client.call('health', 'findings', ...args),
    dismiss: (...args) => client.call('health', 'dismiss', ...args),
  }
}

export function importsOf(client: StoreThreads): ImportStore {
  return {
    begin: (...args) => client.call('imports', 'begin', ...args),
    runs: (...args) => client.call('imports', 'runs', ...args),
    run: (...args) => client.call('imports', 'run', ...args),
    setState: (...args) => client.call('imports', 'setState', ...args),
    importPortion: (...args) => client.call('imports', 'importPortion', ...args),
    copyPortion: (...args) => client.call('imports', 'copyPortion', ...args),
    tryCopy: (...args) => client.call('imports', 'tryCopy', ...args),
    copySize: (...args) => client.call('imports', 'copySize', ...args),
    copyPage: (...args) => client.call('imports', 'copyPage', ...args),
    tryPortion: (...args) => client.call('imports', 'tryPortion', ...args),
    rejects: (...args) => client.call('imports', 'rejects', ...args),
    rejectedKeys: (...args) => client.call('imports', 'rejectedKeys', ...args),
    entries: (...args) => client.call('imports', 'entries', ...args),
    stored: (...args) => client.call('imports', 'stored', ...args),
    countStandIns: (...args) => client.call('imports', 'countStandIns', ...args),
    standIns: (...args) => client.call('imports', 'standIns', ...args),
    standInsOf: (...args) => client.call('imports', 'standInsOf', ...args),
    noteLook: (...args) => client.call('imports', 'noteLook', ...args),
    unfound: (...args) => client.call('imports', 'unfound', ...args),
  }
}

export function outboxOf(client: StoreThreads): OutboxStore {
  return {
    console: () => client.call('outbox', 'console'),
    entries: () => client.call('outbox', 'entries'),
    ready: () => client.call('outbox', 'ready'),
    act: (...args) => client.call('outbox', 'act', ...args),
    sought: () => client.call('outbox', 'sought'),
    strike: (...args) => client.call('outbox', 'strike', ...args),
    sent: (...args) => client.call('outbox', 'sent', ...args),
    hold: (...args) => client.call('outbox', 'hold', ...args),
    retry: (...args) => client.call('outbox', 'retry', ...args),
    drop: (...args) => client.call('outbox', 'drop', ...args),
    ownFaces: (...args) => client.call('outbox', 'ownFaces', ...args),
    brought: (...args) => client.call('outbox', 'brought', ...args),
  }
}

export function cacheOf(client: StoreThreads): CacheStore {
  return {
    contents: () => client.call('cache', 'contents'),
    held: () => client.call('cache', 'held'),
    choose: (...args) => client.call('cache', 'choose', ...args),
    pair: (...args) => client.call('cache', 'pair', ...args),
    compare: (...args) => client.call('cache', 'compare', ...args),
    followErasures: (...args) => client.call('cache', 'followErasures', ...args),
    renewSettled: (...args) => client.call('cache', 'renewSettled', ...args),
    sync: (...args) => client.call('cache', 'sync', ...args),
    verify: (...args) => client.call('cache', 'verify', ...args),
  }
}

export function dualOf(client: StoreThreads): DualStore {
  return {
    standing: () => client.call('dual', 'standing'),
    beginPairing: (...args) => client.call('dual', 'beginPairing', ...args),
    endPairing: (...args) => client.call('dual', 'endPairing', ...args),
    decide: (...args) => client.call('dual', 'decide', ...args),
    moves: (...args) => client.call('dual', 'moves', ...args),
    record: (...args) => client.call('dual', 'record', ...args),
    figures: (...args) => client.call('dual', 'figures', ...args),
    byDomain: (...args) => client.call('dual', 'byDomain', ...args),
    series: (...args) => client.call('dual', 'series', ...args),
    disagreements: (...args) => client.call('dual', 'disagreements', ...args),
    strangers: () => client.call('dual', 'strangers'),
    forgetPeople: (...args) => client.call('dual', 'forgetPeople', ...args),
    forget: (...args) => client.call('dual', 'forget', ...args),
  }
}
