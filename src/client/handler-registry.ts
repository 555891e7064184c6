import { runChangeSetHandler } from '../changeset/change-set-handler.ts';
import { runSteps } from '../changeset/run-steps.ts';
import { searchArticles, unlinkArticle } from '../handlers/article-handlers.ts';
import { getAttendees, setAttendees } from '../handlers/attendee-handlers.ts';
import { attachFile, downloadColumnFile, downloadFile, uploadColumnFile } from '../handlers/file-handlers.ts';
import { findDuplicates } from '../handlers/find-duplicates.ts';
import type { Handler } from '../handlers/handler.ts';
import { listChanges } from '../handlers/list-changes.ts';
import { listManagers } from '../handlers/list-managers.ts';
import { pickNext } from '../handlers/pick-next.ts';
import { prepareFunctions } from '../handlers/preparations.ts';
import { sendPrepared } from '../handlers/prepare.ts';
import { fetchXml, savedView } from '../handlers/query-handlers.ts';
import { rawRequest } from '../handlers/raw-request.ts';
import { readTimeline } from '../handlers/read-timeline.ts';
import { listRecords } from '../handlers/record-handlers.ts';
import { replyByEmail } from '../handlers/reply-by-email.ts';
import { searchRecords } from '../handlers/search-records.ts';
import { sendNewEmail } from '../handlers/send-new-email.ts';
import { summarizeRows } from '../handlers/summarize-rows.ts';
import { writeManyHandler } from '../handlers/write-many-handler.ts';
import type { HandlerName } from '../model/handlers.ts';

/** The code behind each handler. */
export const handlerRegistry: Readonly<Record<HandlerName, Handler>> = {
  attachFile,
  callOperation: sendPrepared(prepareFunctions.callOperation),
  downloadColumnFile,
  downloadFile,
  fetchXml,
  findDuplicates,
  getAttendees,
  listChanges,
  listManagers,
  pickNext,
  rawRequest,
  readTimeline,
  recordAssociate: sendPrepared(prepareFunctions.recordAssociate),
  recordCreate: sendPrepared(prepareFunctions.recordCreate),
  recordDelete: sendPrepared(prepareFunctions.recordDelete),
  recordDisassociate: sendPrepared(prepareFunctions.recordDisassociate),
  recordGet: sendPrepared(prepareFunctions.recordGet),
  recordList: listRecords,
  recordSearch: searchRecords,
  recordUpdate: sendPrepared(prepareFunctions.recordUpdate),
  recordUpsert: sendPrepared(prepareFunctions.recordUpsert),
  replyByEmail,
  changeSet: runChangeSetHandler,
  runSteps,
  savedView,
  searchArticles,
  sendNewEmail,
  setAttendees,
  summarizeRows,
  unlinkArticle,
  uploadColumnFile,
  writeMany: writeManyHandler,
};
