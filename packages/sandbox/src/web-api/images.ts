import { isImage } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { createDotNetTicks } from '../store/date-time.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError, invalidPayload } from './errors.ts';
import type { FileColumnResource } from './file-columns.ts';
import { entitySetName } from './odata-names.ts';
import { commonHeaders, noContentResponse } from './responses.ts';
import { requireRow } from './row-key.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';
import { updateRow } from './write/rows.ts';

/** The first bytes of the formats that Dataverse accepts: gif, jpeg, tiff, bmp and png. */
const signatures = ['47494638', 'ffd8ff', '49492a00', '4d4d002a', '424d', '89504e470d0a1a0a'];

/** Reads the base64 text of an image. Throws when it is not base64 or not an image. */
export function readImage(table: TableModel, { logicalName }: Attribute, raw: unknown): string {
  const isBase64 =
    typeof raw === 'string' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=))?$/.test(raw);
  if (!isBase64) {
    const literal = String(typeof raw === 'string' ? raw : JSON.stringify(raw)).slice(0, 100);
    const message = `Cannot convert the literal '${literal}' to the expected type 'Edm.Binary'.`;
    throw invalidPayload(entitySetName(table), message);
  }
  const start = Buffer.from(raw.slice(0, 16), 'base64').toString('hex');
  if (signatures.some((signature) => start.startsWith(signature))) return raw;
  const message = `Image processing failed for the column '${logicalName}'. The format must be gif, jpeg, tiff, bmp or png.`;
  throw new DataverseError(400, '0x80072553', message);
}

/** Adds the id, the timestamp and the URL of each image that is written, and stores its bytes for block downloads. */
export function completeImages(
  { org }: WebApiContext,
  table: TableModel,
  { values, row }: { readonly values: ColumnValues; readonly row?: StoredRow },
): ColumnValues {
  const images = table.attributes.filter((each) => isImage(each) && values[each.logicalName] !== undefined);
  if (images.length === 0) return values;
  const rowId = row?.id ?? String(values[table.primaryId] ?? org.newId());
  const completed: Record<string, ColumnValues[string]> = { ...values };
  if (!row) completed[table.primaryId] = rowId;
  for (const { logicalName: column } of images) {
    org.files.remove(String(row?.values[`${column}id`] ?? ''));
    const companions = createCompanions(org, { table: table.logicalName, id: rowId, column }, values[column]);
    for (const [name, value] of Object.entries(companions)) {
      if (org.store.model.attribute(table, name)) completed[name] = value;
    }
  }
  return completed;
}

function createCompanions(
  { files, newId, now }: WebApiContext['org'],
  location: { readonly table: string; readonly id: string; readonly column: string },
  image: unknown,
): ColumnValues {
  const { table, id, column } = location;
  const names = { id: `${column}id`, timestamp: `${column}_timestamp`, url: `${column}_url` };
  if (typeof image !== 'string') return { [names.id]: null, [names.timestamp]: null, [names.url]: null };
  const imageId = newId();
  const timestamp = createDotNetTicks(now());
  const bytes = Buffer.from(image, 'base64');
  files.put(imageId, { location, fileName: `${column}.jpg`, mimeType: 'application/octet-stream', bytes });
  const url = `/Image/download.aspx?Entity=${table}&Attribute=${column}&Id=${id}&Timestamp=${timestamp}`;
  return { [names.id]: imageId, [names.timestamp]: timestamp, [names.url]: url };
}

/** Stores the bytes of an image in a column of a row and returns the id of the image. */
export function storeImage(
  context: WebApiContext,
  { row, attribute, bytes }: { row: StoredRow; attribute: Attribute; bytes: Uint8Array },
): string {
  const { store } = context.org;
  const table = requireTable(store.model, row.table);
  const image = readImage(table, attribute, Buffer.from(bytes).toString('base64'));
  const values = completeImages(context, table, { values: { [attribute.logicalName]: image }, row });
  updateRow(context, { table: row.table, id: row.id, values });
  return String(values[`${attribute.logicalName}id`] ?? '');
}

/**
 * Handles `GET accounts(id)/entityimage/$value`: the bytes of the image, or 204. The sandbox does not scale images: the
 * thumbnail and `?size=full` are the stored image.
 * https://learn.microsoft.com/power-apps/developer/data-platform/image-column-data
 */
export function getImage(context: WebApiContext, { row, attribute }: FileColumnResource): WebApiResponse {
  const image = requireRow(context.org.store, row.table, row.key).values[attribute.logicalName];
  if (typeof image !== 'string') return noContentResponse(context);
  const headers = { 'Content-Type': 'application/octet-stream', ...commonHeaders(context) };
  return { status: 200, headers, body: Buffer.from(image, 'base64') };
}
