import type { StoredRow } from '../../store/types.ts';
import { dataverseError } from '../errors.ts';
import { parseSegments, percentDecode } from '../request-path.ts';
import { parseRowKey, requireRow } from '../row-key.ts';
import type { WebApiContext } from '../types.ts';

/**
 * The row that an `@odata.bind` or `@odata.id` names: an absolute URL, `/api/data/v9.2/accounts(id)`,
 * `/accounts(id)`, `accounts(id)`, or `$1` of the same change set. 404 when there is no such row.
 */
export function resolveReference(context: WebApiContext, text: string): StoredRow {
  const { store } = context.org;
  const path = resolveContentId(context, text.trim())
    .replace(/^https?:\/\/[^/]*/i, '')
    .replace(/^(\/[\w-]+)?\/api\/data\/v\d+\.\d+/i, '')
    .replace(/^\//, '');
  const [segment, ...rest] = parseSegments(percentDecode(path));
  const table = segment && store.model.tableBySet(segment.name);
  if (!segment || !table || segment.args === undefined || rest.length > 0) throw unrecognizedPath();
  return requireRow(store, table, parseRowKey(store.model, table, segment.args));
}

/** `$1` -> the address of what the part with that Content-ID made; anything else as it is. */
export function resolveContentId(context: Pick<WebApiContext, 'contentIdUrls'>, text: string): string {
  const reference = /^\/?\$([^/?(]+)(.*)$/s.exec(text);
  if (!reference) return text;
  const entityUrl = context.contentIdUrls.get(reference[1]!);
  if (entityUrl === undefined) {
    const name = `$${reference[1]!.slice(0, 50)}`;
    const message = `Content-ID Reference: '${name}' does not exist in the batch context.`;
    throw dataverseError(400, '0x80060888', message);
  }
  return entityUrl + reference[2];
}

function unrecognizedPath() {
  const message =
    'URL was not parsed due to an ODataUnrecognizedPathException. Resource not found for the segment provided in the URL.';
  return dataverseError(400, '0x80060888', message);
}
