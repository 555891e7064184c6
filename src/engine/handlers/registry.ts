import type { HandlerName } from '../../model/definition.ts';
import { attachFile, downloadFile } from './files.ts';
import type { Handler } from './handler.ts';
import { replyByEmail } from './reply-by-email.ts';
import { sendNewEmail } from './send-new-email.ts';
import { writeMany } from './write-many.ts';

/** The code behind each name that YAML may give. */
export const registry: Readonly<Record<HandlerName, Handler>> = {
  sendNewEmail,
  replyByEmail,
  attachFile,
  downloadFile,
  writeMany,
};
