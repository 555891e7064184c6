import { fromBase64 } from '../auth/base64.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { downloadFromRow, type FileDownload } from '../files/download.ts';
import { downloadFromColumn, uploadToColumn } from '../files/file-column.ts';
import { type FileTable, fileOfRow, fileTables } from '../files/file-table.ts';
import { blockBytes, toBase64 } from '../files/split-blocks.ts';
import { uploadBlocks } from '../files/upload.ts';
import { joinBytes } from '../model/join-bytes.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { encodeRow } from '../run/codec/encode-row.ts';
import { invalidValuesError } from '../run/codec/invalid-value.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { requireTable } from '../run/require-table.ts';
import { runCheckedAction } from '../run/run-action.ts';
import { type Handler, type HandlerContext, resourceOf } from './handler.ts';
import { newRowPath, toRequestAction } from './prepare.ts';
import { ignoreNotFound } from './send-read.ts';

/** Adds a note with a file to a row, or a file to an activity (`email.attach`), and returns the new row. */
export const attachFile: Handler = async ({ content, id, ...columns }, context) => {
  const resource = resourceOf(context.action);
  const bytes = decodeFile(content, '/content');
  if (resource === 'note') return await createFile(context, fileTables.note, { columns, bytes });
  return await attachToActivity(context, { table: resource, id: String(id) }, { columns, bytes });
};

/** The attachments of an input, decoded. INPUT_INVALID if one is not base64, before anything is sent. */
export function readAttachments(files: readonly JsonObject[]): readonly NewFile[] {
  return files.map(({ content, ...columns }, index) => ({
    columns,
    bytes: decodeFile(content, `/attachments/${index}/content`),
    step: `attachment-${index}`,
  }));
}

/** A new row with a file. */
export interface NewFile {
  /** The columns by our names. */
  readonly columns: JsonObject;
  readonly bytes: Uint8Array;
  /** Tells the files of one call apart, so that each has an id of its own. */
  readonly step?: string;
}

/** Adds a file to an activity, and returns the attachment. */
export async function attachToActivity(
  context: HandlerContext,
  activity: { readonly table: string; readonly id: string },
  { columns, ...file }: NewFile,
): Promise<Json> {
  const { logicalName } = requireTable(context.connection.definition, activity.table);
  const extra = { objecttypecode: logicalName };
  return await createFile(context, fileTables.attachment, {
    ...file,
    columns: { activity, ...columns },
    extra,
  });
}

/**
 * Creates a row with its file: a small file in the request that creates the row, a larger one in blocks, whose last step
 * creates it. So there is never a row without its file.
 */
async function createFile(
  context: HandlerContext,
  fileTable: FileTable,
  file: NewFile & { readonly extra?: JsonObject },
): Promise<Json> {
  const { connection, action, options } = context;
  const table = requireTable(connection.definition, fileTable.name);
  const body = { ...encodeRow(table, file.columns, { isNew: true }), ...file.extra };
  if (file.bytes.length > blockBytes) return await createInBlocks(context, fileTable, { ...file, body });
  const value = { ...body, [fileTable.column]: toBase64(file.bytes) };
  const request = {
    method: 'PATCH',
    path: newRowPath(table.entitySet),
    safety: 'create',
    newIdInput: 'id',
    body: { kind: 'literal', value },
  } as const;
  const create = toRequestAction(action, request, { kind: 'row', table: table.name });
  return (await runCheckedAction(connection, create, { id: newId(context, file) }, options)).output;
}

async function createInBlocks(
  context: HandlerContext,
  fileTable: FileTable,
  file: NewFile & { readonly body: JsonObject },
): Promise<Json> {
  const { connection, action, options, run } = context;
  const { signal } = options;
  const id = newId(context, file);
  const read = async () => (await run(`${fileTable.name}.get`, { id })).output;
  // An earlier call with the same key may have uploaded the file.
  const known = options.idempotencyKey === undefined ? undefined : await read().catch(ignoreNotFound);
  if (known !== undefined) return known;
  const target = fileOfRow(fileTable, { ...file.body, [fileTable.key]: id });
  try {
    await uploadBlocks(connection, { operation: action.id, target, content: [file.bytes], signal });
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'REQUEST_OUTCOME_UNKNOWN') throw error;
    // The connection was lost with the last step: the row tells whether it was carried out.
    const saved = await read().catch(ignoreNotFound);
    if (saved === undefined) throw error;
    return saved;
  }
  return await read();
}

/** The id of the new row: with an idempotency key always the same. */
function newId({ connection, action, options }: HandlerContext, { step = '' }: NewFile): string {
  const key = options.idempotencyKey;
  return key === undefined
    ? connection.services.uuid()
    : deterministicId(connection.origin, action.id, key, step);
}

/** Downloads the file of a note or attachment as base64. */
export const downloadFile: Handler = async ({ id }, { connection, action, options }) => {
  const table = resourceOf(action) === 'note' ? fileTables.note : fileTables.attachment;
  const request = { operation: action.id, signal: options.signal };
  return await readWhole(await downloadFromRow(connection, table, String(id), request));
};

/** Uploads a file to a file column or an image column of any table. */
export const uploadColumnFile: Handler = async (
  { table, id, column, content, fileName, mimeType },
  { connection, action, options },
) => {
  const upload = {
    ...{ table: String(table), id: String(id), column: String(column) },
    fileName: String(fileName),
    mimeType: String(mimeType),
    content: [decodeFile(content, '/content')],
    signal: options.signal,
  };
  return { size: await uploadToColumn(connection, upload, action.id) };
};

/** Downloads the file of a file column, or the full-size image of an image column, as base64. */
export const downloadColumnFile: Handler = async ({ table, id, column }, { connection, action, options }) => {
  const address = { table: String(table), id: String(id), column: String(column) };
  const request = { operation: action.id, signal: options.signal };
  return await readWhole(await downloadFromColumn(connection, address, request));
};

/** A file that is returned as text must fit the memory of a workflow, and the longest text of JavaScript. */
const maxWholeBytes = 256 * 1024 ** 2;

async function readWhole({ fileName, mimeType, size, content }: FileDownload): Promise<JsonObject> {
  if (size > maxWholeBytes) {
    const message = `The file has ${size} bytes; an action returns files of up to ${maxWholeBytes} bytes.`;
    const advice = 'Read it block by block with client.downloadFile.';
    throw new ConnectorError('RESPONSE_TOO_LARGE', message, { advice });
  }
  // Blocks are joined as they arrive: the size is what the server says, and not memory to reserve.
  const blocks: Uint8Array[] = [];
  for await (const block of content) blocks.push(block);
  return { fileName, mimeType, size, content: toBase64(joinBytes(blocks)) };
}

/** The bytes of a file in an input. INPUT_INVALID if they are not base64. */
function decodeFile(content: Json | undefined, path: string): Uint8Array {
  const bytes = fromBase64(String(content));
  if (bytes !== undefined) return bytes;
  throw invalidValuesError([{ path, message: 'must be base64', keyword: 'format' }]);
}
