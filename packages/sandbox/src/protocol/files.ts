import type { Attribute } from '../model/types.ts';
import type { Row } from '../store/types.ts';
import { contextUrl, json, noContent } from './answer.ts';
import { header } from './headers.ts';
import { requireRow } from './key.ts';
import { badArgument, refuse } from './refusal.ts';
import type { RowResource } from './resource.ts';
import type { Exchange, OrgResponse, StoredFile } from './types.ts';
import { setOf } from './wire.ts';

/** A file column of a row. */
export interface FileColumn {
  readonly row: RowResource;
  readonly attribute: Attribute;
}

/** What one chunk of an upload may hold. */
const chunkSize = 4 * 1024 * 1024;

/**
 * `PATCH accounts(id)/new_file`: the whole file, or, with `x-ms-transfer-mode: chunked`, the beginning of an
 * upload whose chunks follow with `Content-Range`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export function writeFile(exchange: Exchange, column: FileColumn): OrgResponse {
  const { org, request, options } = exchange;
  const row = requireRow(org.store, column.row.table, column.row.key);
  const token = options.values.get('FileContinuationToken');
  if (token !== undefined) return writeChunk(exchange, token);
  const fileName = header(request.headers, 'x-ms-file-name') ?? options.values.get('x-ms-file-name');
  if (fileName === undefined) throw badArgument("The required header 'x-ms-file-name' is missing.");
  const mimeType = header(request.headers, 'Content-Type') ?? 'application/octet-stream';
  if (header(request.headers, 'x-ms-transfer-mode') === 'chunked') {
    const upload = { table: row.table, id: row.id, column: column.attribute.logicalName, fileName, mimeType };
    const begun = org.files.begin({ ...upload, blocks: new Map() });
    const location = `${exchange.url}?FileContinuationToken=${begun}`;
    return {
      ...noContent(exchange, { Location: location, 'x-ms-chunk-size': String(chunkSize) }),
      status: 200,
    };
  }
  storeFile(
    exchange,
    { row, column: column.attribute.logicalName },
    { fileName, mimeType, bytes: request.body },
  );
  return noContent(exchange);
}

/** 206 for a chunk, 204 for the last one. */
function writeChunk(exchange: Exchange, token: string): OrgResponse {
  const { org, request } = exchange;
  const upload = org.files.upload(token);
  if (!upload) throw badArgument('The FileContinuationToken is not valid.');
  const range = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(
    header(request.headers, 'Content-Range') ?? '',
  );
  const [from, to, total] = (range ?? []).slice(1).map(Number);
  if (from === undefined || to === undefined || to - from + 1 !== request.body.length) {
    throw badArgument("The header 'Content-Range' is missing or does not fit the chunk.");
  }
  upload.blocks.set(String(from), request.body);
  if (to + 1 !== total) return { ...noContent(exchange), status: 206 };
  const { table, id, column, fileName, mimeType, blocks } = upload;
  const bytes = joinBytes([...blocks.values()]);
  const row = requireRow(org.store, org.store.model.table(table)!, { kind: 'id', id });
  storeFile(exchange, { row, column }, { fileName, mimeType, bytes });
  org.files.finish(token);
  return noContent(exchange);
}

/** `GET …/new_file/$value`, with `Range` for a part of it: its bytes. Without `/$value` they come as base64 in JSON. */
export function readFile(
  exchange: Exchange,
  { row, attribute, bare }: FileColumn & { readonly bare: boolean },
): OrgResponse {
  const { values, id } = requireRow(exchange.org.store, row.table, row.key);
  const file = exchange.org.files.get(String(values[attribute.logicalName]));
  if (!file) {
    const message = `No file attachment found for attribute: ${attribute.logicalName} EntityId: ${id}.`;
    throw refuse(404, '0x80090020', message);
  }
  const { status, bytes, range } = partOf(file, header(exchange.request.headers, 'Range'));
  const name = encodeURIComponent(file.fileName);
  const headers = {
    'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
    'x-ms-file-name': name,
    'x-ms-file-size': String(file.bytes.length),
    'Accept-Ranges': 'bytes',
    ...(range !== undefined && { 'Content-Range': range }),
  };
  if (status === 416) return { status, headers };
  if (!bare) {
    const context = contextUrl(exchange, `${setOf(row.table)}(${id})/${attribute.logicalName}`);
    const value = Buffer.from(bytes).toString('base64');
    return json(exchange, { '@odata.context': context, value }, { status, headers });
  }
  return { status, headers: { 'Content-Type': 'application/octet-stream', ...headers }, body: bytes };
}

/** The bytes that a `Range` header asks for (RFC 9110 section 14.2); all of them without one. */
function partOf({ bytes }: StoredFile, asked: string | undefined) {
  const range = /^bytes=(\d{1,12})-(\d{0,12})$/.exec(asked ?? '');
  const size = bytes.length;
  if (!range) return { status: 200, bytes };
  const from = Number(range[1]);
  const to = Math.min(range[2] === '' ? size - 1 : Number(range[2]), size - 1);
  if (from > to) return { status: 416, bytes, range: `bytes */${size}` };
  return { status: 206, bytes: bytes.subarray(from, to + 1), range: `bytes ${from}-${to}/${size}` };
}

/** `DELETE …/new_file` */
export function deleteFile(exchange: Exchange, { row, attribute }: FileColumn): OrgResponse {
  const { org, actor } = exchange;
  const { table, id, values } = requireRow(org.store, row.table, row.key);
  org.files.remove(String(values[attribute.logicalName]));
  org.store.update({ table, id, values: { [attribute.logicalName]: null }, actor });
  return noContent(exchange);
}

/** Puts a file into a row's column; the column then holds the file's id, which is answered. */
export function storeFile(
  exchange: Exchange,
  { row, column }: { readonly row: Row; readonly column: string },
  file: Omit<StoredFile, 'place'>,
): string {
  const { org, actor } = exchange;
  const fileId = org.newId();
  org.files.put(fileId, { ...file, place: { table: row.table, id: row.id, column } });
  noteAttachment(exchange, { row, column, fileId, file });
  const table = org.store.model.table(row.table)!;
  const name = org.store.model.attribute(table, `${column}_name`)
    ? { [`${column}_name`]: file.fileName }
    : {};
  org.store.update({ table: row.table, id: row.id, values: { [column]: fileId, ...name }, actor });
  return fileId;
}

/** The row of `fileattachment` that tells about a file, for the tables that have such a collection. */
function noteAttachment(
  { org: { store }, actor }: Exchange,
  {
    row,
    column,
    fileId,
    file,
  }: { row: Row; column: string; fileId: string; file: Omit<StoredFile, 'place'> },
): void {
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

/** Pieces in their order as one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
