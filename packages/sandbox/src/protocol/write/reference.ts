import type { Row } from '../../store/types.ts';
import { readKey, requireRow } from '../key.ts';
import { decode, parseSegments } from '../path.ts';
import { refuse } from '../refusal.ts';
import type { Exchange } from '../types.ts';

/**
 * The row that an `@odata.bind` or `@odata.id` names: an absolute URL, `/api/data/v9.2/accounts(id)`,
 * `/accounts(id)`, `accounts(id)`, or `$1` of the same change set. 404 when there is no such row.
 */
export function readReference(exchange: Exchange, text: string): Row {
  const { store } = exchange.org;
  const path = followContentId(exchange, text.trim())
    .replace(/^https?:\/\/[^/]*/i, '')
    .replace(/^(\/[\w-]+)?\/api\/data\/v\d+\.\d+/i, '')
    .replace(/^\//, '');
  const [segment, ...rest] = parseSegments(decode(path));
  const table = segment && store.model.bySet(segment.name);
  if (!segment || !table || segment.args === undefined || rest.length > 0) throw unrecognised();
  return requireRow(store, table, readKey(store.model, table, segment.args));
}

/** `$1` -> the address of what the part with that Content-ID made; anything else as it is. */
export function followContentId(exchange: Pick<Exchange, 'references'>, text: string): string {
  const reference = /^\/?\$([^/?(]+)(.*)$/s.exec(text);
  if (!reference) return text;
  const made = exchange.references.get(reference[1]!);
  if (made === undefined) {
    const name = `$${reference[1]!.slice(0, 50)}`;
    const message = `Content-ID Reference: '${name}' does not exist in the batch context.`;
    throw refuse(400, '0x80060888', message);
  }
  return made + reference[2];
}

function unrecognised() {
  const message =
    'URL was not parsed due to an ODataUnrecognizedPathException. Resource not found for the segment provided in the URL.';
  return refuse(400, '0x80060888', message);
}
