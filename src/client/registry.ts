import { runSteps } from '../changeset/run-steps.ts';
import { attachFile, downloadFile } from '../handlers/files.ts';
import type { Handler } from '../handlers/handler.ts';
import { preparations } from '../handlers/preparations.ts';
import { sendPrepared } from '../handlers/prepare.ts';
import { fetchXml, savedView } from '../handlers/queries.ts';
import { rawRequest } from '../handlers/raw-request.ts';
import { listRecords } from '../handlers/records.ts';
import { replyByEmail } from '../handlers/reply-by-email.ts';
import { searchRecords } from '../handlers/search-records.ts';
import { sendNewEmail } from '../handlers/send-new-email.ts';
import { writeMany } from '../handlers/write-many.ts';
import type { HandlerName } from '../model/definition.ts';

/** The code behind each name that YAML may give. */
export const registry: Readonly<Record<HandlerName, Handler>> = {
  attachFile,
  callOperation: sendPrepared(preparations.callOperation),
  downloadFile,
  fetchXml,
  rawRequest,
  recordAssociate: sendPrepared(preparations.recordAssociate),
  recordCreate: sendPrepared(preparations.recordCreate),
  recordDelete: sendPrepared(preparations.recordDelete),
  recordDisassociate: sendPrepared(preparations.recordDisassociate),
  recordGet: sendPrepared(preparations.recordGet),
  recordList: listRecords,
  recordSearch: searchRecords,
  recordUpdate: sendPrepared(preparations.recordUpdate),
  recordUpsert: sendPrepared(preparations.recordUpsert),
  replyByEmail,
  runTogether: runSteps,
  savedView,
  sendNewEmail,
  writeMany,
};
