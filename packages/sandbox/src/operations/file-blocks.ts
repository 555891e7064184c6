import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import { concatBytes } from '../web-api/file-columns.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { PendingUpload } from '../web-api/types.ts';
import {
  operationResponse,
  readIntegerParameter,
  readListParameter,
  readStringParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** The maximum size of a block, in decoded bytes. */
const maxBlockBytes = 4 * 1024 * 1024;

/** Tables that store a document as base64 in a text column. */
const documentColumns: Readonly<Record<string, string>> = {
  annotation: 'documentbody',
  activitymimeattachment: 'body',
};

/**
 * Operations on blocks, for files of file columns and for documents of notes and attachments.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const blockOperations: readonly WebApiOperation[] = [
  {
    name: 'UploadBlock',
    kind: 'action',
    parameters: { BlockId: 'required', BlockData: 'required', FileContinuationToken: 'required' },
    run(call) {
      const bytes = Buffer.from(readStringParameter(call, 'BlockData'), 'base64');
      if (bytes.length > maxBlockBytes) throw invalidArgument('A block must not be larger than 4 MB.');
      addBlock(call, readStringParameter(call, 'BlockId'), bytes);
      return noContentResponse(call.context);
    },
  },
  {
    name: 'DownloadBlock',
    kind: 'action',
    parameters: { Offset: 'required', BlockLength: 'required', FileContinuationToken: 'required' },
    run(call) {
      const bytes = readDownload(call);
      const from = Math.max(0, readIntegerParameter(call, 'Offset'));
      const to = from + Math.max(0, Math.min(readIntegerParameter(call, 'BlockLength'), maxBlockBytes));
      return operationResponse(call, { Data: Buffer.from(bytes.subarray(from, to)).toString('base64') });
    },
  },
];

function addBlock(call: OperationContext, id: string, bytes: Uint8Array): void {
  const { blocks } = requireUpload(call);
  const earlier = call.context.org.assumptions.repeatedBlock === 'added' ? blocks.get(id) : undefined;
  blocks.set(id, earlier === undefined ? bytes : concatBytes([earlier, bytes]));
}

/** The upload of the call's `FileContinuationToken`. */
export function requireUpload(call: OperationContext): PendingUpload {
  const upload = call.context.org.files.findUpload(readStringParameter(call, 'FileContinuationToken'));
  if (!upload) throw invalidArgument('The FileContinuationToken is not valid.');
  return upload;
}

/** Ends an upload and returns its blocks in the order of the `BlockList`. */
export function commitUpload(call: OperationContext): Uint8Array {
  const { blocks } = requireUpload(call);
  const orderedBlocks = readListParameter(call, 'BlockList').map((id) => {
    const block = blocks.get(String(id));
    if (!block)
      throw new DataverseError(400, '0x80090006', 'The BlockList contains a block that was not uploaded.');
    return block;
  });
  call.context.org.files.finishUpload(readStringParameter(call, 'FileContinuationToken'));
  return concatBytes(orderedBlocks);
}

/** The continuation token for the download of a document. */
export const documentToken = (table: string, id: string): string => `${table}:${id}`;

/** The bytes for a continuation token: a file, or the document of a row. */
function readDownload(call: OperationContext): Uint8Array {
  const { files, store } = call.context.org;
  const token = readStringParameter(call, 'FileContinuationToken');
  const [table = '', id = ''] = token.split(':');
  const column = Object.hasOwn(documentColumns, table) ? documentColumns[table] : undefined;
  const text = column && store.read(table, id)?.values[column];
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : files.get(token)?.bytes;
  if (!bytes) throw invalidArgument('The FileContinuationToken is not valid.');
  return bytes;
}
