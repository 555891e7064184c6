import { ConnectorError } from '../errors/connector-error.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { isGuid } from '../model/guid.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { MetadataTable } from '../model/metadata.ts';
import { withRowType } from '../odata/row-type.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { invalidValuesError } from '../run/codec/invalid-value.ts';
import type { Connection } from '../run/connection.ts';
import { requireMetadata } from '../run/metadata-table.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { type FileDownload, type FileRequest, openFile } from './download.ts';
import type { FileTarget } from './file-table.ts';
import { imageTypeOf } from './image-type.ts';
import { type ColumnUpload, type FileColumnAddress, uploadBlocks } from './upload.ts';

/**
 * Uploads a file of any size to a file column or an image column, where it replaces the present one, and returns its
 * size in bytes. The messages of blocks are the same for both types.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 * https://learn.microsoft.com/power-apps/developer/data-platform/image-column-data
 */
export async function uploadToColumn(
  connection: Connection,
  { fileName: FileName, mimeType: MimeType, content, signal, ...address }: ColumnUpload,
  operation: string,
): Promise<number> {
  const { open } = await findColumn(connection, address);
  const target: FileTarget = {
    message: 'File',
    open: { ...open, FileName },
    commit: { FileName, MimeType },
  };
  return await uploadBlocks(connection, { operation, target, content, signal });
}

/** Opens the file of a file column, or the full-size image of an image column. NOT_FOUND if the column is empty. */
export async function downloadFromColumn(
  connection: Connection,
  address: FileColumnAddress,
  request: FileRequest,
): Promise<FileDownload> {
  const { open, path, isImage } = await findColumn(connection, address);
  // An image column itself has the thumbnail; the companion has the id of the image.
  const idColumn = isImage ? `${address.column}id` : address.column;
  const { body } = await sendApiRequest(connection, {
    ...request,
    method: 'GET',
    path: `${path}?$select=${idColumn}`,
    safety: 'repeatable',
  });
  const fileId = body !== undefined && isJsonObject(body) ? body[idColumn] : undefined;
  if (typeof fileId !== 'string') {
    const message = `The column ${address.column} of the row ${address.id} has no file.`;
    throw new ConnectorError('NOT_FOUND', message, { operation: request.operation });
  }
  const target: FileTarget = { message: 'File', open, commit: {} };
  if (isImage) return await addImageType(await openFile(connection, target, request));
  const mimeType = await readMimeType(connection, fileId, request);
  return await openFile(connection, target, { ...request, mimeType });
}

/** An image with the type that its first block shows. */
async function addImageType(file: FileDownload): Promise<FileDownload> {
  const blocks = file.content[Symbol.asyncIterator]();
  const first = await blocks.next();
  if (first.done === true) return file;
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let next = first; next.done !== true; next = await blocks.next()) yield next.value;
  }
  return { ...file, mimeType: imageTypeOf(first.value) ?? file.mimeType, content: content() };
}

/** The type of a file, which Dataverse has in a table of its own. Undefined if the user cannot read that table. */
async function readMimeType(
  connection: Connection,
  fileId: string,
  request: FileRequest,
): Promise<string | undefined> {
  const path = `/fileattachments(${fileId})?$select=mimetype`;
  try {
    const read = { ...request, method: 'GET', path, safety: 'repeatable' } as const;
    const { body } = await sendApiRequest(connection, read);
    const mimeType = body !== undefined && isJsonObject(body) ? body.mimetype : undefined;
    return typeof mimeType === 'string' ? mimeType : undefined;
  } catch (error) {
    const isHidden = error instanceof ConnectorError && ['NOT_FOUND', 'ACCESS_DENIED'].includes(error.code);
    if (!isHidden) throw error;
    return undefined;
  }
}

/** The column in the organization's metadata. INPUT_INVALID if it is no file column or image column. */
async function findColumn(
  connection: Connection,
  { table, id, column }: FileColumnAddress,
): Promise<{ readonly open: JsonObject; readonly path: string; readonly isImage: boolean }> {
  if (!isGuid(id)) throw new ConnectorError('INPUT_INVALID', 'The id of the row must be a GUID.');
  return await withCurrentMetadata(connection.queryChecker.source, async () => {
    const found = await requireMetadata(connection, table);
    const type = found.columns.find(({ name }) => name === column)?.type;
    if (type !== 'file' && type !== 'image') throw noFileColumnError(found, column);
    return {
      open: { Target: withRowType(found.name, { [found.key]: id }), FileAttributeName: column },
      path: `/${found.entitySet}(${id})`,
      isImage: type === 'image',
    };
  });
}

function noFileColumnError({ columns, title }: MetadataTable, column: string): ConnectorError {
  const names = columns.filter(({ type }) => type === 'file' || type === 'image').map(({ name }) => name);
  const known = names.length === 0 ? `${title} has none` : `${title} has ${names.join(', ')}`;
  const message = `must be a file column or an image column${didYouMean(column, names)}; ${known}`;
  return invalidValuesError([{ path: '/column', message, keyword: 'column' }]);
}
