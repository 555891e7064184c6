import { noContent } from '../protocol/answer.ts';
import { joinBytes } from '../protocol/files.ts';
import { badArgument } from '../protocol/refusal.ts';
import type { Upload } from '../protocol/types.ts';
import { answerOf, integerParameter, listParameter, textParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** Largest block of an upload or a download, decoded. */
const maxBlock = 4 * 1024 * 1024;

/** Tables that keep a document as base64 in a column of text. */
export const documentColumns: Readonly<Record<string, string>> = {
  annotation: 'documentbody',
  activitymimeattachment: 'body',
};

/**
 * Pieces of files on their way in and out; what begins and ends an upload depends on where the file goes.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const blockOperations: readonly Operation[] = [
  {
    name: 'UploadBlock',
    kind: 'action',
    parameters: { BlockId: 'required', BlockData: 'required', FileContinuationToken: 'required' },
    run(call) {
      const bytes = Buffer.from(textParameter(call, 'BlockData'), 'base64');
      if (bytes.length > maxBlock) throw badArgument('A block must not be larger than 4 MB.');
      uploadOf(call).blocks.set(textParameter(call, 'BlockId'), bytes);
      return noContent(call.exchange);
    },
  },
  {
    name: 'DownloadBlock',
    kind: 'action',
    parameters: { Offset: 'required', BlockLength: 'required', FileContinuationToken: 'required' },
    run(call) {
      const bytes = downloadOf(call);
      const from = Math.max(0, integerParameter(call, 'Offset'));
      const to = from + Math.max(0, Math.min(integerParameter(call, 'BlockLength'), maxBlock));
      return answerOf(call, { Data: Buffer.from(bytes.subarray(from, to)).toString('base64') });
    },
  },
];

/** The upload that the call goes on with. */
export function uploadOf(call: Call): Upload {
  const upload = call.exchange.org.files.upload(textParameter(call, 'FileContinuationToken'));
  if (!upload) throw badArgument('The FileContinuationToken is not valid.');
  return upload;
}

/** The blocks of an upload in the order that the caller lists; the upload is over. */
export function finishUpload(call: Call): Uint8Array {
  const { blocks } = uploadOf(call);
  const pieces = listParameter(call, 'BlockList').map((id) => blocks.get(String(id)));
  if (pieces.some((piece) => piece === undefined))
    throw badArgument('The BlockList names a block that was not uploaded.');
  call.exchange.org.files.finish(textParameter(call, 'FileContinuationToken'));
  return joinBytes(pieces as Uint8Array[]);
}

/** Names a document for its download. */
export const documentToken = (table: string, id: string): string => `${table}:${id}`;

/** The bytes that a token names: a file by its id, or the document of a row. */
function downloadOf(call: Call): Uint8Array {
  const { files, store } = call.exchange.org;
  const token = textParameter(call, 'FileContinuationToken');
  const [table = '', id = ''] = token.split(':');
  const column = Object.hasOwn(documentColumns, table) ? documentColumns[table] : undefined;
  const text = column && store.read(table, id)?.values[column];
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : files.get(token)?.bytes;
  if (!bytes) throw badArgument('The FileContinuationToken is not valid.');
  return bytes;
}
