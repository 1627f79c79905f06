/** Every statement that grows with the gallery uses the index that was made for it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toSqlite } from '../../../../src-main/storage/sql/dialect'
import * as add from '../../../../src-main/storage/sql/faces/add-faces'
import * as assign from '../../../../src-main/storage/sql/faces/assign-faces'
import * as assignPortion from '../../../../src-main/storage/sql/faces/assign-portion'
import * as faces from '../../../../src-main/storage/sql/faces/curate-faces'
import * as impossible from '../../../../src-main/storage/sql/faces/impossible-pairs'
import * as onePerPhoto from '../../../../src-main/storage/sql/faces/one-per-photo'
import * as photoFaces from '../../../../src-main/storage/sql/faces/photo-faces'
import * as portion from '../../../../src-main/storage/sql/faces/portion-state'
import * as rejections from '../../../../src-main/storage/sql/faces/rejections'
import * as seePhotos from '../../../../src-main/storage/sql/faces/see-photos'
import * as transfer from '../../../../src-main/storage/sql/faces/transfer'
import * as gallery from '../../../../src-main/storage/sql/gallery'
import * as reads from '../../../../src-main/storage/sql/gallery-reads'
import * as dismissFindings from '../../../../src-main/storage/sql/health/dismiss-findings'
import * as findingMarks from '../../../../src-main/storage/sql/health/finding-marks'
import * as findings from '../../../../src-main/storage/sql/health/findings'
import * as findingsList from '../../../../src-main/storage/sql/health/findings-list'
import * as health from '../../../../src-main/storage/sql/health/health'
import * as healthPeople from '../../../../src-main/storage/sql/health/health-people'
import * as healthProgress from '../../../../src-main/storage/sql/health/health-progress'
import * as healthThings from '../../../../src-main/storage/sql/health/health-things'
import * as copiedRows from '../../../../src-main/storage/sql/imports/copied-rows'
import * as copyPersons from '../../../../src-main/storage/sql/imports/copy-persons'
import * as copyPhotos from '../../../../src-main/storage/sql/imports/copy-photos'
import * as copying from '../../../../src-main/storage/sql/imports/copying'
import * as importPortion from '../../../../src-main/storage/sql/imports/import-portion'
import * as knownAs from '../../../../src-main/storage/sql/imports/known-as'
import * as importRuns from '../../../../src-main/storage/sql/imports/runs'
import * as standIns from '../../../../src-main/storage/sql/imports/stand-ins'
import * as storedFaces from '../../../../src-main/storage/sql/imports/stored-faces'
import * as meanwhile from '../../../../src-main/storage/sql/ledger/changed-meanwhile'
import * as changes from '../../../../src-main/storage/sql/ledger/changes'
import * as history from '../../../../src-main/storage/sql/ledger/history'
import * as ledger from '../../../../src-main/storage/sql/ledger/ledger'
import * as chain from '../../../../src-main/storage/sql/ledger/ledger-chain'
import * as revert from '../../../../src-main/storage/sql/ledger/revert-changes'
import * as undo from '../../../../src-main/storage/sql/ledger/undo'
import * as undoAssign from '../../../../src-main/storage/sql/ledger/undo-assign'
import * as undoCopy from '../../../../src-main/storage/sql/ledger/undo-copy'
import * as undoPhotoFaces from '../../../../src-main/storage/sql/ledger/undo-photo-faces'
import * as undoSeePhotos from '../../../../src-main/storage/sql/ledger/undo-see-photos'
import * as change from '../../../../src-main/storage/sql/people/change-persons'
import * as persons from '../../../../src-main/storage/sql/people/curate-persons'
import * as lookalikes from '../../../../src-main/storage/sql/people/lookalikes'
import * as namesakes from '../../../../src-main/storage/sql/people/namesakes'
import * as ownFaces from '../../../../src-main/storage/sql/people/own-faces'
import * as state from '../../../../src-main/storage/sql/people/person-state'
import * as list from '../../../../src-main/storage/sql/people/persons-list'
import * as reviews from '../../../../src-main/storage/sql/reviews/enrolment-reviews'
import * as decided from '../../../../src-main/storage/sql/reviews/reviews'
import * as settled from '../../../../src-main/storage/sql/reviews/settle-reviews'
import * as distances from '../../../../src-main/storage/sql/search/distances'
import * as indexes from '../../../../src-main/storage/sql/search/flat-indexes'
import * as photoHashes from '../../../../src-main/storage/sql/search/photo-hashes'
import * as search from '../../../../src-main/storage/sql/search/search'
import * as bringFaces from '../../../../src-main/storage/sql/unknown/bring-faces'
import * as suggestions from '../../../../src-main/storage/sql/unknown/suggestions'
import * as toldApart from '../../../../src-main/storage/sql/unknown/told-apart'
import * as unknownFaces from '../../../../src-main/storage/sql/unknown/unknown-faces'
import * as unknownGroups from '../../../../src-main/storage/sql/unknown/unknown-groups'
import { databaseFile, openDatabase } from '../../../../src-main/storage/sqlite/open-database'
import * as queue from '../../../../src-main/storage/sqlite/queue'

/** SQLite's name for the index of a primary key or a unique constraint. */
const own = (table: string, number = 1) => `sqlite_autoindex_${table}_${number}`

/** The handful of marks that a person has. */
const marks = 'marks'

/** Statement → the indexes that its plan must name, and nothing may be scanned but these. */
const plans: Record<string, { sql: string; uses: string[]; scans?: string[] }> = {
  selectPerson: { sql: assign.selectPerson, uses: [own('persons')] },
  selectPersonByName: { sql: assign.selectPersonByName, uses: ['persons_name'] },
  selectFacesOfPhoto: { sql: assign.selectFacesOfPhoto, uses: ['faces_photo'] },
  selectPhoto: { sql: assign.selectPhoto, uses: [own('photos', 2)] },
  selectLiveDomain: { sql: assign.selectLiveDomain, uses: ['PRIMARY KEY'] },
  selectEmbeddingOfFace: { sql: add.selectEmbeddingOfFace, uses: [own('embeddings')] },
  selectPersonsById: {
    sql: portion.selectPersonsById,
    uses: [own('persons')],
    scans: ['asked', 'json_each'],
  },
  selectPersonsByName: {
    sql: portion.selectPersonsByName,
    uses: ['persons_name'],
    scans: ['json_each', 'asked'],
  },
  selectPhotosOfBytes: {
    sql: portion.selectPhotosOfBytes,
    uses: [own('photos', 2)],
    scans: ['json_each', 'asked'],
  },
  selectFacesOfPortion: { sql: portion.selectFacesOfPortion, uses: ['faces_photo'], scans: ['asked'] },
  selectEmbeddedFaces: { sql: portion.selectEmbeddedFaces, uses: [own('embeddings')], scans: ['asked'] },
  selectFacesWithCrop: { sql: portion.selectFacesWithCrop, uses: [own('crops')], scans: ['asked'] },
  // Page after page in the order of the ids.
  selectCopiedPersons: { sql: copiedRows.selectCopiedPersons, uses: [own('persons')] },
  selectCopiedPhotos: { sql: copiedRows.selectCopiedPhotos, uses: [own('photos'), 'faces_photo'] },
  selectCopiedTags: { sql: copiedRows.selectCopiedTags, uses: ['PRIMARY KEY'], scans: ['owner'] },
  selectCopiedAliases: { sql: copiedRows.selectCopiedAliases, uses: ['PRIMARY KEY'], scans: ['owner'] },
  selectCopiedApart: { sql: copiedRows.selectCopiedApart, uses: ['people_apart_other'], scans: ['owner'] },
  selectCopiedFaces: { sql: copiedRows.selectCopiedFaces, uses: ['faces_photo'], scans: ['owner'] },
  selectCopiedCrops: { sql: copiedRows.selectCopiedCrops, uses: [own('crops')], scans: ['owner'] },
  selectCopiedRejections: {
    sql: copiedRows.selectCopiedRejections,
    uses: ['PRIMARY KEY', own('persons')],
    scans: ['owner'],
  },
  selectCopiedUnknown: {
    sql: copiedRows.selectCopiedUnknown,
    uses: ['unknown_faces_face'],
    scans: ['owner'],
  },
  selectCopiedEmbeddings: {
    sql: copiedRows.selectCopiedEmbeddings,
    uses: [own('faces'), own('embeddings')],
    scans: ['owner'],
  },
  // Counts all of a client.
  selectCopiedSize: { sql: copiedRows.selectCopiedSize, uses: [], scans: ['CONSTANT', 'f'] },
  selectKnownPersons: { sql: copying.selectKnownPersons, uses: [own('persons')], scans: ['given'] },
  selectBearers: { sql: copyPersons.selectBearers, uses: ['persons_name'], scans: ['given'] },
  selectFacesHere: { sql: copyPhotos.selectFacesHere, uses: [own('faces')], scans: ['given'] },
  selectSamePhotos: { sql: copyPhotos.selectSamePhotos, uses: [own('photos', 2)], scans: ['given'] },
  insertUnknown: { sql: copyPhotos.insertUnknown, uses: [own('embeddings')], scans: ['given'] },
  selectCopiedOwners: { sql: undoCopy.selectCopiedOwners, uses: [own('faces')], scans: ['copied'] },
  selectCopiedTimes: { sql: undoCopy.selectCopiedTimes, uses: [own('persons')], scans: ['copied'] },
  deleteCopiedFaces: { sql: undoCopy.deleteCopiedFaces, uses: [own('faces')], scans: ['json_each'] },
  deleteCopiedPhotos: {
    sql: undoCopy.deleteCopiedPhotos,
    uses: [own('photos'), 'faces_photo'],
    scans: ['json_each'],
  },
  deleteCopiedPersons: { sql: undoCopy.deleteCopiedPersons, uses: [own('persons')], scans: ['json_each'] },
  selectGivenFaces: {
    sql: importPortion.selectGivenFaces,
    uses: [own('faces')],
    scans: ['given', 'json_each'],
  },
  updateDetails: { sql: importPortion.updateDetails, uses: [own('persons')], scans: ['given'] },
  selectStoredFaces: {
    sql: storedFaces.selectStoredFaces,
    uses: [own('faces'), own('embeddings'), own('persons')],
    scans: ['asked'],
  },
  selectFormerOfPhotos: {
    sql: knownAs.selectFormerOfPhotos,
    uses: ['faces_photo', own('faces'), own('photos')],
    scans: ['given'],
  },
  countUnseen: { sql: standIns.countUnseen, uses: ['photos_unseen', 'faces_photo'] },
  selectUnseen: { sql: standIns.selectUnseen, uses: ['photos_unseen'] },
  selectUnseenOf: { sql: standIns.selectUnseenOf, uses: ['photos_unseen'], scans: ['given'] },
  selectUnseenFaces: {
    sql: standIns.selectUnseenFaces,
    uses: ['faces_photo', own('embeddings')],
    scans: ['given'],
  },
  insertLaterStep: { sql: importRuns.insertLaterStep, uses: [own('import_runs'), 'PRIMARY KEY'] },
  deleteUnfound: { sql: standIns.deleteUnfound, uses: ['PRIMARY KEY'], scans: ['json_each'] },
  insertUnfound: {
    sql: standIns.insertUnfound,
    uses: [own('import_runs'), own('faces')],
    scans: ['given'],
  },
  selectUnfound: {
    sql: standIns.selectUnfound,
    uses: ['PRIMARY KEY', own('faces'), own('photos'), own('persons')],
  },
  countUnfound: { sql: standIns.countUnfound, uses: ['PRIMARY KEY', own('faces')] },
  selectUnmeasured: { sql: seePhotos.selectUnmeasured, uses: ['faces_photo'] },
  selectModels: { sql: seePhotos.selectModels, uses: [own('embeddings')] },
  selectOtherOfPerson: { sql: seePhotos.selectOtherOfPerson, uses: [own('photos'), 'faces_photo'] },
  updateSeen: { sql: seePhotos.updateSeen, uses: [own('photos')] },
  selectHasCrop: { sql: seePhotos.selectHasCrop, uses: [own('crops')] },
  moveToPhoto: { sql: seePhotos.moveToPhoto, uses: [own('faces')] },
  moveEmbedding: { sql: seePhotos.moveEmbedding, uses: [own('embeddings')] },
  becomeFormer: { sql: seePhotos.becomeFormer, uses: [own('faces')] },
  selectJoined: { sql: undoSeePhotos.selectJoined, uses: [own('faces')] },
  restoreJoined: { sql: undoSeePhotos.restoreJoined, uses: [own('faces')] },
  selectPhotoOfFormer: { sql: undoSeePhotos.selectPhotoOfFormer, uses: [own('faces')] },
  selectSha256: { sql: undoSeePhotos.selectSha256, uses: [own('photos')] },
  restoreStandIn: { sql: undoSeePhotos.restoreStandIn, uses: [own('photos')] },
  deleteEmbedding: { sql: undoSeePhotos.deleteEmbedding, uses: [own('embeddings')] },
  deleteCrop: { sql: undoSeePhotos.deleteCrop, uses: [own('crops')] },
  selectMeasuredOfPhoto: { sql: undoSeePhotos.selectMeasuredOfPhoto, uses: ['faces_photo'] },
  selectRun: { sql: importRuns.selectRun, uses: [own('import_runs')] },
  selectRuns: { sql: importRuns.selectRuns, uses: ['import_runs_client'] },
  insertRun: { sql: importRuns.insertRun, uses: [] },
  updateState: { sql: importRuns.updateState, uses: [own('import_runs')] },
  advanceRun: { sql: importRuns.advanceRun, uses: [own('import_runs')] },
  insertStep: { sql: importRuns.insertStep, uses: [] },
  selectSteps: { sql: importRuns.selectSteps, uses: ['PRIMARY KEY'] },
  selectRejects: { sql: importRuns.selectRejects, uses: ['PRIMARY KEY'] },
  countRejects: { sql: importRuns.countRejects, uses: ['PRIMARY KEY'] },
  selectRejectedKeys: { sql: importRuns.selectRejectedKeys, uses: ['PRIMARY KEY'] },
  giveFaces: { sql: assignPortion.giveFaces, uses: [own('faces')], scans: ['given'] },
  updatePhotos: { sql: assignPortion.updatePhotos, uses: [own('photos')], scans: ['given'] },
  markRepeating: { sql: assignPortion.markRepeating, uses: [own('photos')], scans: ['json_each'] },
  touchPersons: { sql: assignPortion.touchPersons, uses: [own('persons')], scans: ['json_each'] },
  selectRejectedOfFaces: {
    sql: rejections.selectRejectedOfFaces,
    uses: ['PRIMARY KEY (face_id'],
    scans: ['asked'],
  },
  insertRejects: { sql: rejections.insertRejects, uses: [], scans: ['given'] },
  deleteRejects: { sql: rejections.deleteRejects, uses: ['PRIMARY KEY (face_id'], scans: ['json_each'] },
  selectPhotoById: { sql: photoFaces.selectPhotoById, uses: [own('photos')] },
  selectFacesInPhoto: {
    sql: photoFaces.selectFacesInPhoto,
    uses: ['faces_photo', own('persons'), own('embeddings')],
  },
  selectPlacesOfPhoto: {
    sql: photoFaces.selectPlacesOfPhoto,
    uses: [own('photos'), own('photos', 2)],
  },
  selectPeopleOfPhotos: { sql: photoFaces.selectPeopleOfPhotos, uses: ['faces_photo'], scans: ['asked'] },
  insertFormer: { sql: photoFaces.insertFormer, uses: [own('faces')] },
  updateBox: { sql: photoFaces.updateBox, uses: [own('faces')] },
  keepUnknown: { sql: photoFaces.keepUnknown, uses: ['unknown_faces_face'] },
  moveEmbeddings: { sql: photoFaces.moveEmbeddings, uses: [own('embeddings')] },
  moveUnknown: { sql: photoFaces.moveUnknown, uses: ['unknown_faces_face'] },
  moveCrop: { sql: photoFaces.moveCrop, uses: [own('crops')] },
  selectModelsOfFace: { sql: undoPhotoFaces.selectModelsOfFace, uses: [own('embeddings')] },
  selectPath: { sql: undoPhotoFaces.selectPath, uses: [own('photos')] },
  restoreFormer: { sql: undoPhotoFaces.restoreFormer, uses: [own('faces')] },
  selectDomain: { sql: change.selectDomain, uses: ['PRIMARY KEY'] },
  removeFacesOfPerson: { sql: change.removeFacesOfPerson, uses: ['faces_person'] },
  removePersonsOfDomain: { sql: change.removePersonsOfDomain, uses: ['persons_folded'] },
  removeFacesOfPhotos: {
    sql: change.removeFacesOfPhotos,
    uses: ['faces_photo'],
    scans: ['json_each'],
  },
  selectVectors: { sql: indexes.selectVectors, uses: ['embeddings_scan', own('faces')] },
  selectVector: { sql: indexes.selectVector, uses: ['INTEGER PRIMARY KEY'] },
  countEmbeddings: {
    sql: indexes.countEmbeddings,
    uses: ['embeddings_scan'],
    scans: ['CONSTANT', 'scope', '2-ROW', '(subquery-1)'],
  },
  selectEmbeddingStates: {
    sql: indexes.selectEmbeddingStates,
    uses: ['INTEGER PRIMARY KEY', own('faces')],
    scans: ['touched'],
  },
  selectVectorsOf: { sql: indexes.selectVectorsOf, uses: ['INTEGER PRIMARY KEY'], scans: ['wanted'] },
  selectEmbeddingsOfTouched: {
    sql: indexes.selectEmbeddingsOfTouched,
    uses: [own('embeddings')],
    scans: ['touched'],
  },
  selectUnknownVectors: {
    sql: indexes.selectUnknownVectors,
    uses: ['COVERING INDEX unknown_faces_scope', 'INTEGER PRIMARY KEY', own('faces')],
  },
  countUnknown: { sql: indexes.countUnknown, uses: ['unknown_faces_scope'] },
  selectUnknownStates: {
    sql: indexes.selectUnknownStates,
    uses: ['INTEGER PRIMARY KEY', own('faces')],
    scans: ['touched'],
  },
  selectUnknownDomains: {
    sql: unknownFaces.selectUnknownDomains,
    uses: ['COVERING INDEX unknown_faces_scope', own('faces')],
  },
  selectUnknownIds: {
    sql: unknownFaces.selectUnknownIds,
    uses: ['COVERING INDEX unknown_faces_scope', own('faces')],
  },
  selectLinked: {
    sql: unknownFaces.selectLinked,
    uses: ['INTEGER PRIMARY KEY', own('faces')],
    scans: ['asked'],
  },
  selectNoFaces: {
    sql: unknownFaces.selectNoFaces,
    uses: [own('photos', 2), 'faces_photo', own('ledger')],
  },
  selectOverdue: {
    sql: unknownFaces.selectOverdue,
    uses: ['unknown_faces_kept', own('faces'), 'PRIMARY KEY (face_id'],
  },
  // The end of the table itself.
  selectLastEmbedding: { sql: unknownFaces.selectLastEmbedding, uses: ['SEARCH embeddings'] },
  selectGroups: {
    sql: unknownGroups.selectGroups,
    uses: ['unknown_faces_scope', own('faces')],
    // What the one pass found, and the row that there always is.
    scans: ['every', 'shown', 'page', 'CONSTANT', 'always'],
  },
  countGroups: {
    sql: unknownGroups.countGroups,
    uses: ['unknown_faces_scope', own('faces')],
    scans: ['every'],
  },
  selectSomeFaces: { sql: unknownGroups.selectSomeFaces, uses: ['unknown_faces_group', own('faces')] },
  selectFacesOfGroup: { sql: unknownGroups.selectFacesOfGroup, uses: ['unknown_faces_group', own('faces')] },
  selectFacePage: {
    sql: unknownGroups.selectFacePage,
    uses: ['unknown_faces_group', own('faces'), own('photos')],
  },
  selectGroupOf: { sql: unknownGroups.selectGroupOf, uses: ['unknown_faces_face', own('faces')] },
  selectAllOfClient: {
    sql: unknownFaces.selectAllOfClient,
    uses: ['unknown_faces_scope', own('faces'), 'PRIMARY KEY (face_id'],
  },
  deleteBareMarks: {
    sql: unknownFaces.deleteBareMarks,
    uses: ['PRIMARY KEY (client_id', 'unknown_faces_scope'],
  },
  selectImpossible: {
    sql: impossible.selectImpossible,
    uses: ['PRIMARY KEY (face_id', own('faces'), own('photos'), own('photos', 2), 'faces_photo'],
    scans: ['face', 'person'],
  },
  selectSides: {
    sql: toldApart.selectSides,
    uses: ['PRIMARY KEY (client_id', 'unknown_faces_face', own('faces')],
  },
  selectFaceAtAll: { sql: bringFaces.selectFaceAtAll, uses: [own('faces')] },
  settleWaiting: { sql: settled.settleWaiting, uses: [own('enrolment_reviews')] },
  selectOtherSides: {
    sql: toldApart.selectOtherSides,
    uses: ['told_apart_face', 'told_apart_act', own('faces')],
    scans: ['given'],
  },
  selectStillOthers: {
    sql: toldApart.selectStillOthers,
    uses: [own('faces'), own('persons')],
    scans: ['given'],
  },
  selectRepeating: {
    sql: toldApart.selectRepeating,
    uses: ['COVERING INDEX photos_repeating', 'faces_photo', 'unknown_faces_face'],
  },
  selectMark: { sql: suggestions.selectMark, uses: ['PRIMARY KEY (client_id'] },
  selectChangedPersons: { sql: suggestions.selectChangedPersons, uses: ['COVERING INDEX persons_changed'] },
  selectNewestVectors: {
    sql: suggestions.selectNewestVectors,
    uses: ['faces_person', own('embeddings')],
  },
  selectBestVectors: {
    sql: suggestions.selectBestVectors,
    uses: [own('faces'), own('embeddings')],
    scans: ['asked'],
  },
  selectSuggestions: {
    sql: suggestions.selectSuggestions,
    uses: ['suggestions_scope', 'INTEGER PRIMARY KEY', own('faces'), own('photos'), own('persons')],
  },
  selectHeldTwice: {
    sql: onePerPhoto.selectHeldTwice,
    uses: [own('faces'), own('photos'), 'faces_photo', own('persons')],
    scans: ['asked'],
  },
  selectFacesOfPhotos: { sql: onePerPhoto.selectFacesOfPhotos, uses: ['faces_photo'], scans: ['asked'] },
  selectPhotosBySha256: { sql: onePerPhoto.selectPhotosBySha256, uses: [own('photos', 2)] },
  countLaterOfFace: { sql: onePerPhoto.countLaterOfFace, uses: ['ledger_client'] },
  selectRejectsOfFaces: {
    sql: lookalikes.selectRejectsOfFaces,
    uses: ['PRIMARY KEY (face_id'],
    scans: ['own'],
  },
  selectRejectedEmbeddings: {
    sql: lookalikes.selectRejectedEmbeddings,
    uses: ['COVERING INDEX rejections_person', own('embeddings')],
  },
  selectFacesOfEmbeddings: {
    sql: search.selectFacesOfEmbeddings,
    uses: ['INTEGER PRIMARY KEY', own('faces'), own('photos')],
    scans: ['hit'],
  },
  selectPhotosOfEmbeddings: {
    sql: distances.selectPhotosOfEmbeddings,
    uses: ['INTEGER PRIMARY KEY', own('faces')],
    scans: ['own'],
  },
  selectNames: { sql: search.selectNames, uses: [own('persons')], scans: ['hit'] },
  selectWholeFaces: { sql: transfer.selectWholeFaces, uses: ['faces_person', own('photos')] },
  selectWholeRejects: {
    sql: transfer.selectWholeRejects,
    uses: ['rejections_person', own('faces'), own('photos')],
  },
  selectEmbeddingsOfFace: { sql: transfer.selectEmbeddingsOfFace, uses: [own('embeddings')] },
  selectCropOfFace: { sql: transfer.selectCropOfFace, uses: [own('crops')] },
  // Lists of all there is read an index that holds just what they need.
  countPersonsByDomain: {
    sql: reads.countPersonsByDomain,
    uses: ['COVERING INDEX persons_'],
    scans: ['persons'],
  },
  countFacesByDomain: {
    sql: reads.countFacesByDomain,
    uses: ['COVERING INDEX faces_domain'],
    scans: ['faces'],
  },
  countEmbeddingsByDomain: {
    sql: reads.countEmbeddingsByDomain,
    uses: [own('embeddings')],
    scans: ['f', 'e'],
  },
  renamePersonsDomain: { sql: change.renamePersonsDomain, uses: ['persons_domain'] },
  selectPhotosOfDomain: { sql: change.selectPhotosOfDomain, uses: ['photos_domain'] },
  renameFacesOfPhotos: { sql: change.renameFacesOfPhotos, uses: ['faces_photo'], scans: ['json_each'] },
  renamePhotos: { sql: change.renamePhotos, uses: [own('photos')], scans: ['json_each'] },
  selectPersonsOfDomain: { sql: change.selectPersonsOfDomain, uses: ['persons_folded'] },
  selectAnyDomain: { sql: change.selectAnyDomain, uses: ['PRIMARY KEY'] },
  selectSummaries: {
    sql: list.selectSummaries,
    uses: [own('persons'), 'faces_person', 'PRIMARY KEY', 'findings_person', 'findings_other'],
    scans: ['page', marks],
  },
  summaryColumns: {
    sql: `SELECT ${list.summaryColumns} FROM persons p WHERE p.id = ?`,
    uses: [own('persons')],
    scans: [marks],
  },
  selectTags: { sql: list.selectTags, uses: ['COVERING INDEX person_tags_key', own('persons')] },
  selectRecentEntries: {
    sql: meanwhile.selectRecentEntries,
    uses: ['PRIMARY KEY (person_id', 'INTEGER PRIMARY KEY'],
  },
  selectTagsOf: {
    sql: list.selectTagsOf,
    uses: [own('persons'), 'PRIMARY KEY (person_id'],
    scans: ['asked'],
  },
  selectNamesakes: {
    sql: namesakes.selectNamesakes,
    uses: [own('persons'), 'persons_name'],
    scans: ['asked'],
  },
  selectRepeated: {
    sql: namesakes.selectRepeated,
    uses: [own('persons')],
    scans: ['asked', 'numbered', '(subquery-1)', '(subquery-2)', '(subquery-3)'],
  },
  selectPersonState: { sql: state.selectPersonState, uses: [own('persons'), 'PRIMARY KEY'] },
  selectFaceState: { sql: state.selectFaceState, uses: [own('faces')] },
  selectPhotoInDomain: { sql: changes.selectPhotoInDomain, uses: [own('photos', 2), own('photos')] },
  selectFaceStates: { sql: state.selectFaceStates, uses: [own('faces')], scans: ['asked'] },
  updateFaces: { sql: state.updateFaces, uses: [own('faces')], scans: ['given'] },
  selectBox: { sql: revert.selectBox, uses: [own('faces')] },
  countLiveDomains: { sql: revert.countLiveDomains, uses: ['PRIMARY KEY'] },
  countRejectsOfPerson: { sql: revert.countRejectsOfPerson, uses: ['rejections_person'] },
  selectFacesOf: { sql: persons.selectFacesOf, uses: ['faces_person'] },
  selectRejectsOf: { sql: persons.selectRejectsOf, uses: ['rejections_person', own('faces')] },
  selectOwnVectors: { sql: lookalikes.selectOwnVectors, uses: ['faces_person', own('embeddings')] },
  selectWaiting: {
    sql: reviews.selectWaiting,
    uses: ['enrolment_reviews_waiting', 'PRIMARY KEY'],
    scans: ['kind'],
  },
  selectReview: {
    sql: reviews.selectReview,
    uses: [own('enrolment_reviews'), own('persons'), 'persons_name'],
  },
  selectReviewFaces: { sql: reviews.selectReviewFaces, uses: [own('enrolment_review_faces')] },
  selectReviewCrop: { sql: reviews.selectReviewCrop, uses: [own('enrolment_review_faces')] },
  selectReviewedPhotos: { sql: reviews.selectReviewedPhotos, uses: ['enrolment_reviews_photo'] },
  countReviewsByDomain: { sql: reviews.countByDomain, uses: ['enrolment_reviews_domain'] },
  countReviewsByKind: { sql: reviews.countByKind, uses: ['enrolment_reviews_domain'], scans: ['kind'] },
  selectSameReview: { sql: decided.selectSameReview, uses: ['enrolment_reviews_photo'] },
  settleReview: { sql: decided.settleReview, uses: [own('enrolment_reviews')] },
  reopenReviews: { sql: decided.reopenReviews, uses: ['enrolment_reviews_settled'] },
  deleteSettled: { sql: decided.deleteSettled, uses: ['enrolment_reviews_settled', own('ledger')] },
  renameReviewsDomain: { sql: change.renameReviewsDomain, uses: ['enrolment_reviews_photo'] },
  deleteReviewsOfDomain: { sql: history.deleteReviewsOfDomain, uses: ['enrolment_reviews_photo'] },
  selectOwnFaces: {
    sql: ownFaces.selectOwnFaces,
    uses: ['faces_person', own('embeddings'), own('photos')],
  },
  selectNearest: {
    sql: lookalikes.selectNearest,
    uses: ['INTEGER PRIMARY KEY', own('faces'), own('persons')],
    scans: ['hit'],
  },
  selectApart: { sql: changes.selectApart, uses: ['PRIMARY KEY'] },
  selectApartOf: { sql: changes.selectApartOf, uses: ['PRIMARY KEY', 'people_apart_other'] },
  // The kinds are few; a client's findings are as many as its domains have.
  renameFindingsDomain: { sql: change.renameFindingsDomain, uses: ['INDEX findings_'] },
  selectKept: { sql: findings.selectKept, uses: ['findings_person', 'findings_other'] },
  selectOthers: { sql: findings.selectOthers, uses: ['findings_other', 'findings_person'] },
  selectOwners: { sql: dismissFindings.selectOwners, uses: [own('findings')] },
  selectCounts: { sql: findingsList.selectCounts, uses: ['COVERING INDEX findings_'] },
  selectFindingFaces: {
    sql: findingsList.selectFindingFaces,
    uses: [own('faces'), own('photos')],
    scans: ['asked'],
  },
  flagsColumn: {
    sql: `SELECT ${findingMarks.flagsColumn} FROM persons p WHERE p.id = ?`,
    uses: ['findings_person', 'findings_other'],
    scans: [marks],
  },
  hasFlag: {
    sql: `SELECT 1 FROM persons p WHERE p.id = ? AND ${findingMarks.hasFlag}`,
    uses: ['findings_kind'],
    scans: ['json_each'],
  },
  selectClientOfPerson: { sql: health.selectClientOfPerson, uses: [own('persons')] },
  selectLookedPerson: { sql: healthPeople.selectLookedPerson, uses: [own('persons')] },
  selectLookedFaces: {
    sql: healthPeople.selectLookedFaces,
    uses: ['faces_person', own('photos'), own('embeddings')],
  },
  selectFacesInPhotos: {
    sql: healthPeople.selectFacesInPhotos,
    uses: [own('photos'), 'faces_photo', own('persons')],
    scans: ['asked'],
  },
  selectVectorOfFace: { sql: healthPeople.selectVectorOfFace, uses: [own('embeddings')] },
  selectSameNames: { sql: healthPeople.selectSameNames, uses: ['name_keys_key', own('persons')] },
  selectProgress: { sql: healthProgress.selectProgress, uses: ['INTEGER PRIMARY KEY'] },
  selectNextPersons: { sql: healthProgress.selectNextPersons, uses: [own('persons')] },
  selectTouched: {
    sql: healthProgress.selectTouched,
    uses: ['COVERING INDEX ledger_persons_entry', 'INTEGER PRIMARY KEY'],
  },
  // The end of the table itself.
  selectLedgerEnd: { sql: healthProgress.selectLedgerEnd, uses: ['SEARCH ledger'] },
  selectFaceOfEmbedding: {
    sql: healthThings.selectFaceOfEmbedding,
    uses: ['INTEGER PRIMARY KEY', own('faces')],
  },
  selectHashesOf: { sql: photoHashes.selectHashesOf, uses: [own('photos')], scans: ['wanted'] },
  selectHashes: { sql: photoHashes.selectHashes, uses: [own('photos')] },
  selectHistory: { sql: history.selectHistory, uses: ['ledger_client'] },
  // As many as there were erasures.
  selectClientErasures: { sql: history.selectClientErasures, uses: [own('ledger')], scans: ['d'] },
  selectHistoryOfPerson: { sql: history.selectHistoryOfPerson, uses: ['PRIMARY KEY', 'INTEGER PRIMARY KEY'] },
  selectBin: {
    sql: history.selectBin,
    uses: ['ledger_bin', 'persons_removed_by', 'faces_removed_by'],
    // A handful of names.
    scans: ['named'],
  },
  selectExpired: { sql: history.selectExpired, uses: ['ledger_bin'] },
  deleteRemovedFaces: { sql: history.deleteRemovedFaces, uses: ['faces_removed_by'] },
  deleteFacesOfPerson: { sql: history.deleteFacesOfPerson, uses: ['faces_person'] },
  selectRemovedPersons: { sql: history.selectRemovedPersons, uses: ['persons_removed_by'] },
  deleteBarePhotos: {
    sql: history.deleteBarePhotos,
    uses: [own('photos'), 'faces_photo'],
    scans: ['json_each'],
  },
  deleteMarks: { sql: healthProgress.deleteMarks, uses: [], scans: ['health_progress'] },
  selectRemovedDomains: { sql: history.selectRemovedDomains, uses: ['PRIMARY KEY'] },
  deleteBarePhotosOfDomain: { sql: history.deleteBarePhotosOfDomain, uses: ['photos_domain', 'faces_photo'] },
  deleteBareDomain: {
    sql: history.deleteBareDomain,
    uses: ['PRIMARY KEY', 'persons_domain', 'photos_domain'],
    // The foreign key's check, once a domain: not worth an index that every enrolled face would pay for.
    scans: ['faces'],
  },
  selectEnd: { sql: chain.selectEnd, uses: ['ledger_chain'], scans: ['CONSTANT'] },
  selectEntriesAfter: { sql: chain.selectEntriesAfter, uses: ['ledger_chain'] },
  // A proof reads everything, once.
  selectFalseUndo: { sql: chain.selectFalseUndo, uses: [own('ledger')], scans: ['e', 'u'] },
  selectChains: { sql: chain.selectChains, uses: [], scans: ['chains'] },
  selectPersonDetail: {
    sql: reads.selectPersonDetail,
    uses: [own('persons'), 'faces_person'],
    scans: [marks],
  },
  selectFacesOfPerson: {
    sql: reads.selectFacesOfPerson,
    uses: ['faces_person', own('photos'), own('embeddings')],
  },
  selectKnownFaces: {
    sql: reads.selectKnownFaces,
    uses: [own('photos', 2), 'faces_photo'],
    scans: ['asked'],
  },
  selectEnrolledPhotos: {
    sql: reads.selectEnrolledPhotos,
    uses: ['COVERING INDEX faces_domain', own('embeddings')],
  },
  selectCrop: { sql: reads.selectCrop, uses: [own('crops'), own('faces')] },
  selectEmbeddingsOfFaces: {
    sql: ledger.selectEmbeddingsOfFaces,
    uses: [own('embeddings')],
    scans: ['touched'],
  },
  selectLater: {
    sql: undo.selectLater,
    uses: ['ledger_client', 'ledger_persons_entry', 'PRIMARY KEY (person_id'],
  },
  selectEntry: { sql: undo.selectEntry, uses: [own('ledger')] },
  selectFace: { sql: undoAssign.selectFace, uses: [own('faces')] },
  countRejectsOfFace: { sql: undoAssign.countRejectsOfFace, uses: ['PRIMARY KEY'] },
  countFacesOfPerson: { sql: revert.countFacesOfPerson, uses: ['faces_person'] },
  selectRemovedFaces: { sql: undo.selectRemovedFaces, uses: ['faces_removed_by'] },
  selectPlaces: { sql: undo.selectPlaces, uses: [own('faces')], scans: ['json_each'] },
  restoreFaces: { sql: undo.restoreFaces, uses: [own('faces')], scans: ['json_each'] },
  restorePersons: { sql: undo.restorePersons, uses: ['persons_removed_by'] },
  countStranded: { sql: undo.countStranded, uses: [own('faces'), own('persons')], scans: ['json_each'] },
  countHomeless: { sql: undo.countHomeless, uses: ['persons_removed_by'] },
  deleteEmptyPhoto: { sql: revert.deleteEmptyPhoto, uses: [own('photos'), 'faces_photo'] },
  selectAnalyses: { sql: queue.selectAnalyses, uses: [own('queue_analyses')], scans: ['asked'] },
  selectPicture: { sql: queue.selectPicture, uses: [own('queue_pictures')] },
  selectDesk: { sql: queue.selectDesk, uses: [own('queue_analyses')], scans: ['queue_items'] },
  countPictures: { sql: queue.countPictures, uses: [], scans: ['queue_pictures'] },
  deleteCrops: { sql: queue.deleteCrops, uses: [own('queue_pictures')] },
  markRemoved: { sql: queue.markRemoved, uses: [own('queue_items')] },
  selectRestored: { sql: queue.selectRestored, uses: [own('queue_items')], scans: ['json_each'] },
  deleteRemoved: { sql: queue.deleteRemoved, uses: [], scans: ['queue_items'] },
  selectItems: { sql: queue.selectItems, uses: [own('queue_items', 2)], scans: ['queue_items'] },
}

let folder: string
let database: Database.Database
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-plans-'))
  database = openDatabase(databaseFile(folder))
})
afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

function planOf(sql: string): string[] {
  const values = Array.from({ length: sql.split('?').length - 1 }, () => '[]')
  return database
    .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${toSqlite(sql)}`)
    .all(...values)
    .map(({ detail }) => detail)
}

test.each(Object.entries(plans))('%s', (_, { sql, uses, scans = [] }) => {
  const lines = planOf(sql)
  const plan = lines.join('\n')
  for (const index of uses) expect(plan).toContain(index)
  const scanned = lines.filter((line) => line.startsWith('SCAN '))
  for (const line of scanned) expect(scans).toContain(line.split(' ')[1])
})

test.each([
  [false, false, 'findings_queue'],
  [true, false, 'findings_queue'],
  [false, true, 'findings_kind'],
  [true, true, 'findings_kind'],
])('a page of findings, in a domain: %s, of a kind: %s', (inDomain, ofKind, index) => {
  const { count, page } = findingsList.findingStatements({ inDomain, ofKind })
  expect(planOf(count).join('\n')).toContain(`COVERING INDEX ${index}`)
  const lines = planOf(page)
  expect(lines.join('\n')).toContain(`COVERING INDEX ${index}`)
  expect(lines.filter((line) => line.startsWith('SCAN ')).map((line) => line.split(' ')[1])).toEqual(['page'])
})

const sorts = [
  ['name', 'persons_folded'],
  ['faces', 'persons_folded'],
  ['newest', 'persons_newest'],
  ['changed', 'persons_changed'],
] as const

test.each(sorts)('a list by %s, in a domain and in a client, with any filter', (sort, index) => {
  for (const inDomain of [true, false]) {
    for (const byText of [true, false]) {
      for (const byFlag of [false, true]) {
        const { count, ids } = list.listStatements({ inDomain, byText, byTag: byText, byFlag, sort })
        for (const [sql, covering] of [
          [count, 'persons_folded'],
          [ids, index],
        ] as const) {
          const lines = planOf(sql)
          expect(lines.join('\n')).toContain(`SEARCH p USING COVERING INDEX ${covering}`)
          // The kinds asked for are a list.
          const scanned = lines.filter((line) => line.startsWith('SCAN ') && !line.includes('json_each'))
          expect(scanned).toEqual([])
          if (sort !== 'faces') expect(lines.join('\n')).not.toContain('TEMP B-TREE FOR ORDER BY')
        }
      }
    }
  }
})

test('every statement of the modules is asserted', () => {
  const modules = [
    ...[add, assign, change, changes, chain, faces, gallery, history, indexes, ledger, list],
    ...[lookalikes, persons, queue, reads, revert, search, state, transfer, undo],
    ...[meanwhile, namesakes, photoFaces, undoAssign, undoPhotoFaces, unknownFaces, unknownGroups],
    ...[assignPortion, portion, rejections, importPortion, importRuns, storedFaces],
    ...[copiedRows, copying, copyPersons, copyPhotos, undoCopy],
    ...[knownAs, standIns, seePhotos, undoSeePhotos],
    ...[impossible, toldApart, suggestions, onePerPhoto, bringFaces, settled],
    ...[findings, health, healthPeople, healthProgress, healthThings, photoHashes],
  ]
  const statements = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (typeof value === 'string' ? [name] : [])),
  )
  expect(
    statements.filter(
      (name) =>
        !(name in plans) &&
        !['selectDomains', 'blankDetails', 'beforeFirst', 'noClient', 'unknownFaceColumns'].includes(name),
    ),
  ).toEqual([])
})
