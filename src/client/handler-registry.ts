import { runChangeSetHandler } from '../changeset/change-set-handler.ts';
import { attachFile, downloadFile } from '../handlers/file-handlers.ts';
import type { Handler } from '../handlers/handler.ts';
import { prepareFunctions } from '../handlers/preparations.ts';
import { sendPrepared } from '../handlers/prepare.ts';
import { fetchXml, savedView } from '../handlers/query-handlers.ts';
import { rawRequest } from '../handlers/raw-request.ts';
import { listRecords } from '../handlers/record-handlers.ts';
import { replyByEmail } from '../handlers/reply-by-email.ts';
import { searchRecords } from '../handlers/search-records.ts';
import { sendNewEmail } from '../handlers/send-new-email.ts';
import { writeManyHandler } from '../handlers/write-many-handler.ts';
import type { HandlerName } from '../model/definition.ts';

/** The code behind each name that YAML may give. */
export const handlerRegistry: Readonly<Record<HandlerName, Handler>> = {
  attachFile,
  callOperation: sendPrepared(prepareFunctions.callOperation),
  downloadFile,
  fetchXml,
  rawRequest,
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
  savedView,
  sendNewEmail,
  writeMany: writeManyHandler,
};
