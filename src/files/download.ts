import { fromBase64 } from '../auth/base64.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
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
  const { FileContinuationToken: token, FileSizeInBytes, FileName } = opened;
  const size = readSize(FileSizeInBytes);
  if (typeof token !== 'string' || size === undefined) {
    const words = `Dataverse opened the file with a size or a token that cannot be right (${describe(FileSizeInBytes)}).`;
    throw new ConnectorError('RESPONSE_INVALID', words, { operation: request.operation });
  }
  return {
    fileName: readText(fileName) ?? readText(FileName) ?? 'file',
    mimeType: readText(mimeType) ?? 'application/octet-stream',
    size,
    content: readBlocks(connection, request, { token, size }),
  };
}

/** The largest file of a file column. https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data */
const maxFileBytes = 10 * 1024 ** 3;

/** A size in bytes, which Dataverse writes as a number or as its digits; undefined if it is none. */
function readSize(value: Json | undefined): number | undefined {
  const size = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : value;
  return typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= maxFileBytes
    ? size
    : undefined;
}

function describe(value: Json | undefined): string {
  return String(JSON.stringify(value)).slice(0, 40);
}

function readText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Each block has exactly the bytes that were asked for: a file with others would look complete and be wrong. */
async function* readBlocks(
  connection: Connection,
  request: FileRequest,
  { token, size }: { readonly token: string; readonly size: number },
): AsyncGenerator<Uint8Array> {
  for (let Offset = 0; Offset < size; Offset += blockBytes) {
    const expected = Math.min(blockBytes, size - Offset);
    const body = { Offset, BlockLength: blockBytes, FileContinuationToken: token };
    const { Data } = await sendStep(connection, request, 'DownloadBlock', body);
    const block = typeof Data === 'string' ? fromBase64(Data) : undefined;
    if (block === undefined) throw invalidBlock(request, 'is not base64');
    if (block.length !== expected)
      throw invalidBlock(
        request,
        `has ${block.length} bytes instead of ${expected}, at byte ${Offset} of ${size}`,
      );
    yield block;
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
  const row = objectOf(body);
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
  return objectOf(response.body);
}

function objectOf(body: Json | undefined): JsonObject {
  return body !== undefined && isJsonObject(body) ? body : {};
}

function invalidBlock({ operation }: FileRequest, what: string): ConnectorError {
  return new ConnectorError('RESPONSE_INVALID', `A block of the file that Dataverse sent ${what}.`, {
    operation,
  });
}
