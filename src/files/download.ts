import { fromBase64 } from '../auth/base64.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { blockBytes } from './split-blocks.ts';

/** The file of a note. */
export interface FileDownload {
  readonly fileName: string;
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
  /** The content; each block is downloaded when it is iterated. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Opens the file of a note for download. NOT_FOUND if the note has no file.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export async function downloadFromNote(
  connection: Connection,
  noteId: string,
  signal?: AbortSignal,
): Promise<FileDownload> {
  if (!isGuid(noteId)) throw new ConnectorError('INPUT_INVALID', 'The note id must be a GUID.');
  const note = await readNote(connection, noteId, signal);
  const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.annotation', annotationid: noteId };
  const opened = await sendStep(connection, {
    name: 'InitializeAnnotationBlocksDownload',
    body: { Target },
    signal,
  });
  const token = String(opened.FileContinuationToken);
  const size = Number(opened.FileSizeInBytes);
  return {
    fileName: String(note.filename ?? opened.FileName ?? 'file'),
    mimeType: String(note.mimetype ?? 'application/octet-stream'),
    size,
    content: readBlocks(connection, { token, size, signal }),
  };
}

async function* readBlocks(
  connection: Connection,
  { token, size, signal }: { token: string; size: number; signal: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  for (let Offset = 0; Offset < size; Offset += blockBytes) {
    const body = { Offset, BlockLength: blockBytes, FileContinuationToken: token };
    const { Data } = await sendStep(connection, { name: 'DownloadBlock', body, signal });
    yield fromBase64(String(Data)) ?? throwNotBase64();
  }
}

async function readNote(connection: Connection, noteId: string, signal?: AbortSignal): Promise<JsonObject> {
  const { body } = await sendApiRequest(connection, {
    operation: 'note.download',
    method: 'GET',
    path: `/annotations(${noteId})?$select=filename,mimetype,isdocument`,
    safety: 'repeatable',
    signal,
  });
  const note = body as JsonObject;
  if (note.isdocument === true) return note;
  throw new ConnectorError('NOT_FOUND', `The note ${noteId} has no file.`, { operation: 'note.download' });
}

async function sendStep(
  connection: Connection,
  { name, body, signal }: { name: string; body: JsonObject; signal: AbortSignal | undefined },
): Promise<JsonObject> {
  const response = await sendApiRequest(connection, {
    operation: 'note.download',
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
