import { fromBase64 } from '../auth/base64.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { type FileTable, type FileTarget, fileOfRow, fileTables } from './file-table.ts';
import { blockBytes } from './split-blocks.ts';

/** A file of the organization. */
export interface FileDownload {
  readonly fileName: string;
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
  /** The content; each block is downloaded when it is iterated. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Opens the file of a note for download. NOT_FOUND if the note has no file. */
export async function downloadFromNote(
  connection: Connection,
  noteId: string,
  signal?: AbortSignal,
): Promise<FileDownload> {
  if (!isGuid(noteId)) throw new ConnectorError('INPUT_INVALID', 'The note id must be a GUID.');
  return await downloadFromRow(connection, fileTables.note, noteId, { operation: 'note.download', signal });
}

/** The call that reads a file. */
export interface FileRequest {
  /** The action, for errors. */
  readonly operation: string;
  readonly signal?: AbortSignal;
}

/**
 * Opens the file of a row for download. NOT_FOUND if the row has no file.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export async function downloadFromRow(
  connection: Connection,
  table: FileTable,
  id: string,
  request: FileRequest,
): Promise<FileDownload> {
  const { filename, mimetype } = await readFileFacts(connection, table, id, request);
  const target = fileOfRow(table, { [table.key]: id });
  return await openFile(connection, target, { ...request, fileName: filename, mimeType: mimetype });
}

/** Opens a file for download; what is known of it goes before what Dataverse tells. */
export async function openFile(
  connection: Connection,
  { message, open }: FileTarget,
  { fileName, mimeType, ...request }: FileRequest & { readonly fileName?: Json; readonly mimeType?: Json },
): Promise<FileDownload> {
  const opened = await sendStep(connection, request, `Initialize${message}BlocksDownload`, open);
  const token = String(opened.FileContinuationToken);
  const size = Number(opened.FileSizeInBytes);
  return {
    fileName: String(fileName ?? opened.FileName ?? 'file'),
    mimeType: String(mimeType ?? 'application/octet-stream'),
    size,
    content: readBlocks(connection, request, { token, size }),
  };
}

async function* readBlocks(
  connection: Connection,
  request: FileRequest,
  { token, size }: { readonly token: string; readonly size: number },
): AsyncGenerator<Uint8Array> {
  for (let Offset = 0; Offset < size; Offset += blockBytes) {
    const body = { Offset, BlockLength: blockBytes, FileContinuationToken: token };
    const { Data } = await sendStep(connection, request, 'DownloadBlock', body);
    yield fromBase64(String(Data)) ?? throwNotBase64();
  }
}

/** The name and type of the file. */
async function readFileFacts(
  connection: Connection,
  { name, entitySet }: FileTable,
  id: string,
  { operation, signal }: FileRequest,
): Promise<JsonObject> {
  const presence = name === 'note' ? 'isdocument' : 'filesize';
  const { body } = await sendApiRequest(connection, {
    operation,
    method: 'GET',
    path: `/${entitySet}(${id})?$select=filename,mimetype,${presence}`,
    safety: 'repeatable',
    signal,
  });
  const row = body as JsonObject;
  // A note without a file is common; an attachment without one was never uploaded completely.
  if (name === 'note' ? row.isdocument === true : (row.filesize ?? null) !== null) return row;
  throw new ConnectorError('NOT_FOUND', `The ${name} ${id} has no file.`, { operation });
}

async function sendStep(
  connection: Connection,
  { operation, signal }: FileRequest,
  name: string,
  body: JsonObject,
): Promise<JsonObject> {
  const response = await sendApiRequest(connection, {
    operation,
    method: 'POST',
    path: `/${name}`,
    body,
    safety: 'repeatable',
    signal,
  });
  return response.body as JsonObject;
}

function throwNotBase64(): never {
  throw new ConnectorError('RESPONSE_INVALID', 'Dataverse sent a block of the file that is not base64.');
}
