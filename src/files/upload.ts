import type { Json, JsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { splitBlocks, toBase64 } from './split-blocks.ts';

/** A file on its way to a note. */
export interface FileUpload {
  readonly noteId: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts a file of any size into a note, block by block; answers its size in bytes. A block that is sent twice is one
 * block, and until the last step the note is as it was.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export async function uploadToNote(connection: Connection, upload: FileUpload): Promise<number> {
  const { noteId, fileName: filename, mimeType: mimetype } = upload;
  const post = createStepSender(connection, upload);
  const type = 'Microsoft.Dynamics.CRM.annotation';
  const Target = { '@odata.type': type, annotationid: noteId, filename, mimetype };
  const { FileContinuationToken } = await post('InitializeAnnotationBlocksUpload', { Target });
  const BlockList: string[] = [];
  let size = 0;
  for await (const block of splitBlocks(upload.content)) {
    const BlockId = btoa(String(BlockList.length).padStart(8, '0'));
    await post('UploadBlock', {
      BlockId,
      BlockData: toBase64(block),
      FileContinuationToken: FileContinuationToken!,
    });
    BlockList.push(BlockId);
    size += block.length;
  }
  await post('CommitAnnotationBlocksUpload', {
    Target,
    BlockList,
    FileContinuationToken: FileContinuationToken!,
  });
  return size;
}

/** The last step may not be taken twice; all others may. */
function createStepSender(connection: Connection, { signal }: FileUpload) {
  return async (name: string, body: JsonObject): Promise<Readonly<Record<string, Json>>> => {
    const { body: responseBody } = await sendApiRequest(connection, {
      operation: 'note.attach',
      method: 'POST',
      path: `/${name}`,
      body,
      safety: name.startsWith('Commit') ? 'once' : 'repeatable',
      ...(signal === undefined ? {} : { signal }),
    });
    return (responseBody ?? {}) as JsonObject;
  };
}
