import { ConnectorError } from '../errors/connector-error.ts';
import type { RetrySafety } from '../model/definition.ts';
import { isGuid } from '../model/guid.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { type FileTarget, fileOfRow, fileTables } from './file-table.ts';
import { splitBlocks, toBase64 } from './split-blocks.ts';

/** A file to upload: to a note, or to a file column or image column of any table. */
export type FileUpload = NoteUpload | ColumnUpload;

/** A file to upload to a note. */
export interface NoteUpload extends UploadedFile {
  readonly noteId: string;
}

/** A file to upload to a column. */
export interface ColumnUpload extends UploadedFile, FileColumnAddress {}

/** A file column or an image column of a row. */
export interface FileColumnAddress {
  /** Our name, the logical name or the entity set. */
  readonly table: string;
  readonly id: string;
  /** The logical name: `new_contract`, `entityimage`. */
  readonly column: string;
}

interface UploadedFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

/** The blocks of a file, and where they go. */
export interface BlockUpload extends Pick<UploadedFile, 'content' | 'signal'> {
  /** The action, for errors. */
  readonly operation: string;
  readonly target: FileTarget;
}

/** Uploads a file of any size to a note, and returns its size in bytes. */
export async function uploadToNote(connection: Connection, upload: NoteUpload): Promise<number> {
  const { noteId, fileName: filename, mimeType: mimetype, content, signal } = upload;
  if (!isGuid(noteId)) throw new ConnectorError('INPUT_INVALID', 'The note id must be a GUID.');
  const target = fileOfRow(fileTables.note, { annotationid: noteId, filename, mimetype });
  return await uploadBlocks(connection, { operation: 'note.attach', target, content, signal });
}

/** How often one block is sent when no response arrives. */
const maxBlockAttempts = 3;

/**
 * Uploads a file of any size block by block, and returns its size in bytes. The row changes only with the last step.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export async function uploadBlocks(connection: Connection, upload: BlockUpload): Promise<number> {
  const { message, open, commit } = upload.target;
  const post = createStepSender(connection, upload);
  const opened = await post(`Initialize${message}BlocksUpload`, open, 'repeatable');
  const { FileContinuationToken } = opened;
  if (typeof FileContinuationToken !== 'string') {
    const words = 'Dataverse opened the upload without a token.';
    throw new ConnectorError('RESPONSE_INVALID', words, { operation: upload.operation });
  }
  const sendBlock = createBlockSender(connection, upload, (block) =>
    post('UploadBlock', { ...block, FileContinuationToken }, 'once'),
  );
  const BlockList: string[] = [];
  let size = 0;
  for await (const block of splitBlocks(upload.content)) {
    BlockList.push(await sendBlock(toBase64(block)));
    size += block.length;
  }
  const last = { ...commit, BlockList, FileContinuationToken };
  const saved = await post(`Commit${message}BlocksUpload`, last, 'once');
  if (saved.FileSizeInBytes === undefined || Number(saved.FileSizeInBytes) === size) return size;
  const words = `The file has ${size} bytes, but the organization saved ${saved.FileSizeInBytes}.`;
  throw new ConnectorError('RESPONSE_INVALID', words, { operation: upload.operation });
}

/**
 * Sends blocks and returns their ids. A block without a response is sent again with a new id: nobody has shown that
 * Dataverse counts a block that arrives twice once, and blocks that are not in the list of the last step are dropped.
 */
function createBlockSender(
  { services }: Connection,
  { signal }: BlockUpload,
  send: (block: { readonly BlockId: string; readonly BlockData: string }) => Promise<unknown>,
): (data: string) => Promise<string> {
  let number = 0;
  return async (data) => {
    for (let attempt = 1; ; attempt++) {
      const id = btoa(String(number++).padStart(8, '0'));
      try {
        await send({ BlockId: id, BlockData: data });
        return id;
      } catch (error) {
        const isLost = error instanceof ConnectorError && error.code === 'REQUEST_OUTCOME_UNKNOWN';
        if (!isLost || attempt === maxBlockAttempts) throw error;
        await services.clock.sleep(1000 * 2 ** attempt, signal);
      }
    }
  };
}

function createStepSender(connection: Connection, { operation, signal }: BlockUpload) {
  return async (name: string, body: JsonObject, safety: RetrySafety): Promise<JsonObject> => {
    const request = { operation, method: 'POST', path: `/${name}`, body, safety, signal } as const;
    return ((await sendApiRequest(connection, request)).body ?? {}) as JsonObject;
  };
}
