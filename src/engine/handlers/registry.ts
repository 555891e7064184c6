import type { HandlerName } from '../../model/definition.ts';
import { attachFile, downloadFile } from './files.ts';
import type { Handler } from './handler.ts';
import { preparations } from './preparations.ts';
import { sendPrepared } from './prepare.ts';
import { fetchXml, savedView } from './queries.ts';
import { rawRequest } from './raw-request.ts';
import { listRecords } from './records.ts';
import { replyByEmail } from './reply-by-email.ts';
import { runSteps } from './run-steps.ts';
import { searchRecords } from './search-records.ts';
import { sendNewEmail } from './send-new-email.ts';
import { writeMany } from './write-many.ts';

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
