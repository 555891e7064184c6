import { omitUndefined } from 'dynamics365-connector/base';
import type { Attribute } from '../model/types.ts';
import { requireTable } from '../store/require-table.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError, invalidArgument } from './errors.ts';
import { getHeader } from './headers.ts';
import { entitySetName } from './odata-names.ts';
import type { RowResource } from './resource.ts';
import { contextUrl, jsonResponse, noContentResponse } from './responses.ts';
import { requireRow } from './row-key.ts';
import type { StoredFile, WebApiContext, WebApiResponse } from './types.ts';
import { updateRow } from './write/rows.ts';

/** A file column of a row. */
export interface FileColumnResource {
  readonly row: RowResource;
  readonly attribute: Attribute;
}

/** The maximum size of a chunk, in bytes. */
const chunkSize = 4 * 1024 * 1024;

/**
 * Handles `PATCH accounts(id)/new_file`: stores the whole file or, with `x-ms-transfer-mode: chunked`, starts an
 * upload whose chunks follow with `Content-Range`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export function uploadFile(context: WebApiContext, column: FileColumnResource): WebApiResponse {
  const { org, request, options } = context;
  const row = requireRow(org.store, column.row.table, column.row.key);
  const token = options.values.get('FileContinuationToken');
  if (token !== undefined) return uploadChunk(context, token);
  const fileName = getHeader(request.headers, 'x-ms-file-name') ?? options.values.get('x-ms-file-name');
  if (fileName === undefined) throw invalidArgument("The required header 'x-ms-file-name' is missing.");
  const mimeType = getHeader(request.headers, 'Content-Type') ?? 'application/octet-stream';
  if (getHeader(request.headers, 'x-ms-transfer-mode') === 'chunked') {
    const upload = { table: row.table, id: row.id, column: column.attribute.logicalName, fileName, mimeType };
    const uploadToken = org.files.startUpload({ ...upload, blocks: new Map() });
    const location = `${context.url}?FileContinuationToken=${uploadToken}`;
    return {
      ...noContentResponse(context, { Location: location, 'x-ms-chunk-size': String(chunkSize) }),
      status: 200,
    };
  }
  storeFile(
    context,
    { row, column: column.attribute.logicalName },
    { fileName, mimeType, bytes: request.body },
  );
  return noContentResponse(context);
}

/** Responds with 206 to a chunk and with 204 to the last one. */
function uploadChunk(context: WebApiContext, token: string): WebApiResponse {
  const { org, request } = context;
  const upload = org.files.findUpload(token);
  if (!upload) throw invalidArgument('The FileContinuationToken is not valid.');
  const range = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(
    getHeader(request.headers, 'Content-Range') ?? '',
  );
  const [from, to, total] = (range ?? []).slice(1).map(Number);
  if (from === undefined || to === undefined || to - from + 1 !== request.body.length) {
    throw invalidArgument("The header 'Content-Range' is missing or does not match the size of the chunk.");
  }
  upload.blocks.set(String(from), request.body);
  if (to + 1 !== total) return { ...noContentResponse(context), status: 206 };
  const { table, id, column, fileName, mimeType, blocks } = upload;
  const bytes = concatBytes([...blocks.values()]);
  const row = requireRow(org.store, requireTable(org.store.model, table), { kind: 'id', id });
  storeFile(context, { row, column }, { fileName, mimeType, bytes });
  org.files.finishUpload(token);
  return noContentResponse(context);
}

/**
 * Handles `GET …/new_file/$value`: the bytes of the file, or a part of it with `Range`. Without `/$value`, the bytes
 * are base64 in JSON.
 */
export function getFile(
  context: WebApiContext,
  { row, attribute, bare }: FileColumnResource & { readonly bare: boolean },
): WebApiResponse {
  const { values, id } = requireRow(context.org.store, row.table, row.key);
  const file = context.org.files.get(String(values[attribute.logicalName]));
  if (!file) {
    const message = `No file attachment found for attribute: ${attribute.logicalName} EntityId: ${id}.`;
    throw new DataverseError(404, '0x80090020', message);
  }
  const { status, bytes, range } = readByteRange(file, getHeader(context.request.headers, 'Range'));
  const name = encodeURIComponent(file.fileName);
  const headers = omitUndefined({
    'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
    'x-ms-file-name': name,
    'x-ms-file-size': String(file.bytes.length),
    'Accept-Ranges': 'bytes',
    'Content-Range': range,
  });
  if (status === 416) return { status, headers };
  if (!bare) {
    const contextUri = contextUrl(context, `${entitySetName(row.table)}(${id})/${attribute.logicalName}`);
    const value = Buffer.from(bytes).toString('base64');
    return jsonResponse(context, { '@odata.context': contextUri, value }, { status, headers });
  }
  return { status, headers: { 'Content-Type': 'application/octet-stream', ...headers }, body: bytes };
}

/** The bytes of a `Range` header (RFC 9110 section 14.2); all bytes without one. */
function readByteRange({ bytes }: StoredFile, rangeHeader: string | undefined) {
  const range = /^bytes=(\d{1,12})-(\d{0,12})$/.exec(rangeHeader ?? '');
  const size = bytes.length;
  if (!range) return { status: 200, bytes, range: undefined };
  const from = Number(range[1]);
  const to = Math.min(range[2] === '' ? size - 1 : Number(range[2]), size - 1);
  if (from > to) return { status: 416, bytes, range: `bytes */${size}` };
  return { status: 206, bytes: bytes.subarray(from, to + 1), range: `bytes ${from}-${to}/${size}` };
}

/** Handles `DELETE …/new_file`. */
export function deleteFile(context: WebApiContext, { row, attribute }: FileColumnResource): WebApiResponse {
  const { org } = context;
  const { table, id, values } = requireRow(org.store, row.table, row.key);
  updateRow(context, { table, id, values: { [attribute.logicalName]: null } });
  org.files.remove(String(values[attribute.logicalName]));
  return noContentResponse(context);
}

/** Stores a file in a column of a row and returns the file's id, which becomes the value of the column. */
export function storeFile(
  context: WebApiContext,
  { row, column }: { readonly row: StoredRow; readonly column: string },
  file: Omit<StoredFile, 'location'>,
): string {
  const { org } = context;
  const fileId = org.newId();
  const table = requireTable(org.store.model, row.table);
  const values: Record<string, string> = { [column]: fileId };
  if (org.store.model.attribute(table, `${column}_name`)) values[`${column}_name`] = file.fileName;
  updateRow(context, { table: row.table, id: row.id, values });
  org.files.put(fileId, { ...file, location: { table: row.table, id: row.id, column } });
  insertFileAttachment(context, { row, column, fileId, file });
  return fileId;
}

/** Inserts the `fileattachment` row of a file, for tables that have that collection. */
function insertFileAttachment(
  { org: { systemStore: store }, actor }: WebApiContext,
  attachment: { row: StoredRow; column: string; fileId: string; file: Omit<StoredFile, 'location'> },
): void {
  const { row, column, fileId, file } = attachment;
  const table = store.model.table('fileattachment');
  const lookup = table && store.model.attribute(table, 'objectid');
  if (!lookup?.targets?.some((target) => target.table === row.table)) return;
  const values = {
    fileattachmentid: fileId,
    filename: file.fileName,
    mimetype: file.mimeType,
    filesizeinbytes: String(file.bytes.length),
    regardingfieldname: column,
    objectid: { table: row.table, id: row.id },
  };
  store.insert('fileattachment', values, actor);
}

/** Joins chunks in their order. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
