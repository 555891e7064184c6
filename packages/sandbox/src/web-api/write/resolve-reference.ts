import type { TableModel } from '../../model/types.ts';
import type { StoredRow } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { parseSegments, percentDecode } from '../request-path.ts';
import { parseRowKey, type RowKey, requireRow } from '../row-key.ts';
import type { WebApiContext } from '../types.ts';

/**
 * The row of an `@odata.bind` or `@odata.id`: an absolute URL, `/api/data/v9.2/accounts(id)`, `/accounts(id)`,
 * `accounts(id)`, or a Content-ID (`$1`) of the same change set. Throws 404 when the row does not exist. A row need not
 * be readable to be referenced, unless `store` is the caller's.
 */
export function resolveReference(
  context: WebApiContext,
  text: string,
  store = context.org.systemStore,
): StoredRow {
  const { table, key } = parseReference(context, text);
  return requireRow(store, table, key);
}

/** The table and the key of an `@odata.bind` or `@odata.id`. */
export function parseReference(
  context: WebApiContext,
  text: string,
): { readonly table: TableModel; readonly key: RowKey } {
  const { model } = context.org.store;
  const path = resolveContentId(context, text.trim())
    .replace(/^https?:\/\/[^/]*/i, '')
    .replace(/^(\/+[\w-]+)?\/+api\/+data\/+v\d+\.\d+/i, '');
  const [segment, ...rest] = parseSegments(percentDecode(path));
  const table = segment && model.tableBySet(segment.name);
  if (!segment || !table || segment.args === undefined || rest.length > 0) throw unrecognizedPath();
  return { table, key: parseRowKey(model, table, segment.args) };
}

/** Replaces a Content-ID (`$1`) by the URL of the row that this part created; other texts stay unchanged. */
export function resolveContentId(context: Pick<WebApiContext, 'contentIdUrls'>, text: string): string {
  const [, contentId, rest] = /^\/?\$([^/?(]+)(.*)$/s.exec(text) ?? [];
  if (contentId === undefined) return text;
  const entityUrl = context.contentIdUrls.get(contentId);
  if (entityUrl === undefined) {
    const name = `$${contentId.slice(0, 50)}`;
    const message = `Content-ID Reference: '${name}' does not exist in the batch context.`;
    throw new DataverseError(400, '0x80060888', message);
  }
  return entityUrl + rest;
}

function unrecognizedPath() {
  const message =
    'URL was not parsed due to an ODataUnrecognizedPathException. Resource not found for the segment provided in the URL.';
  return new DataverseError(400, '0x80060888', message);
}
