import type { HandlerName } from '../../model/definition.ts';
import { attachFile, downloadFile } from './files.ts';
import type { Handler } from './handler.ts';
import { fetchXml, savedView } from './queries.ts';
import {
  recordAssociate,
  recordCreate,
  recordDelete,
  recordDisassociate,
  recordGet,
  recordList,
  recordUpdate,
  recordUpsert,
} from './records.ts';
import { replyByEmail } from './reply-by-email.ts';
import { callOperation, rawRequest } from './requests.ts';
import { sendNewEmail } from './send-new-email.ts';
import { writeMany } from './write-many.ts';

/** The code behind each name that YAML may give. */
export const registry: Readonly<Record<HandlerName, Handler>> = {
  attachFile,
  callOperation,
  downloadFile,
  fetchXml,
  rawRequest,
  recordAssociate,
  recordCreate,
  recordDelete,
  recordDisassociate,
  recordGet,
  recordList,
  recordUpdate,
  recordUpsert,
  replyByEmail,
  savedView,
  sendNewEmail,
  writeMany,
};
