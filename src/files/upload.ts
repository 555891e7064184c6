import type { JsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { splitBlocks, toBase64 } from './split-blocks.ts';

/** A file to upload to a note. */
export interface FileUpload {
  readonly noteId: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

/**
 * Uploads a file of any size to a note, block by block, and returns its size in bytes. A block that is sent twice counts
 * once, and the note changes only with the last step.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export async function uploadToNote(connection: Connection, upload: FileUpload): Promise<number> {
  const { noteId, fileName: filename, mimeType: mimetype } = upload;
  const post = createStepSender(connection, upload);
  const type = 'Microsoft.Dynamics.CRM.annotation';
  const Target = { '@odata.type': type, annotationid: noteId, filename, mimetype };
  const opened = await post('InitializeAnnotationBlocksUpload', { Target });
  const FileContinuationToken = String(opened.FileContinuationToken);
  const BlockList: string[] = [];
  let size = 0;
  for await (const block of splitBlocks(upload.content)) {
    const BlockId = btoa(String(BlockList.length).padStart(8, '0'));
    await post('UploadBlock', { BlockId, BlockData: toBase64(block), FileContinuationToken });
    BlockList.push(BlockId);
    size += block.length;
  }
  await post('CommitAnnotationBlocksUpload', { Target, BlockList, FileContinuationToken });
  return size;
}

/** All steps are safe to repeat except the last, the commit. */
function createStepSender(connection: Connection, { signal }: FileUpload) {
  return async (name: string, body: JsonObject): Promise<JsonObject> => {
    const response = await sendApiRequest(connection, {
      operation: 'note.attach',
      method: 'POST',
      path: `/${name}`,
      body,
      safety: name.startsWith('Commit') ? 'once' : 'repeatable',
      signal,
    });
    return (response.body ?? {}) as JsonObject;
  };
}
