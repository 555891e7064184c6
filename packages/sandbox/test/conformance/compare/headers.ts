import type { Answer, Exchange } from '../exchange.ts';
import { type Difference, difference, show } from './difference.ts';
import { maskGuids, namesSetOf, normalizeUrl } from './undetermined.ts';

/** Headers of the connection, which depend on the transport. */
const transport = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'content-encoding',
  'transfer-encoding',
]);

export function compareStatus(
  { format }: Exchange,
  { expected, found }: { expected: number | null; found: number },
): readonly Difference[] {
  if (expected === null || expected === found) return [];
  // The documentation of 2020 still shows 500 for a duplicate; Dataverse has since changed to 412.
  if (format === 'documentation' && expected === 500 && found === 412) return [];
  return [difference('status', `status ${found} instead of ${expected}`)];
}

/** Compares names and values. The headers of a documentation sample are a selection. */
export function compareHeaders(
  exchange: Exchange,
  expected: Readonly<Record<string, string>> | undefined,
  { headers, body }: Pick<Answer, 'headers' | 'body'>,
): readonly Difference[] {
  if (!expected) return [];
  const wanted = lowerCaseNames(expected);
  const found = lowerCaseNames(headers);
  const names = Object.keys(wanted).filter((name) => !transport.has(name));
  const missing = names.filter((name) => !(name in found));
  const extra = Object.keys(found).filter((name) => !(name in wanted) && !transport.has(name));
  return [
    ...missing.map((name) => difference('header name', `header ${name} is missing`)),
    ...(exchange.format === 'recording' ? extra : []).map((name) =>
      difference('header name', `header ${name} is not sent by Dataverse`),
    ),
    ...names
      .filter((name) => name in found)
      .flatMap((name) => compareValue(exchange, name, [wanted[name] ?? '', found[name] ?? ''])),
    ...compareLinks(found, body),
  ];
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function compareValue(
  exchange: Exchange,
  name: string,
  [expected, found]: readonly [string, string],
): readonly Difference[] {
  const isUrl = name === 'odata-entityid' || name === 'location';
  if (isUrl && !namesSetOf(expected, exchange.request)) return [];
  const [wanted, actual] = [determinedPart(exchange, name, expected), determinedPart(exchange, name, found)];
  if (wanted !== actual) {
    return [difference('header value', `header ${name} is ${show(actual)} instead of ${show(wanted)}`)];
  }
  // A budget of a new organization is at least the one that was left in the recording.
  if (/^x-ms-ratelimit-/.test(name) && toNumber(found) < toNumber(expected)) {
    return [difference('header value', `header ${name} is ${found}, less than ${expected}`)];
  }
  return [];
}

const toNumber = (text: string): number => Number(text.replaceAll(',', ''));

/** The part of a header's value that the request determines. */
function determinedPart({ request, format }: Exchange, name: string, value: string): string {
  if (name === 'etag') return /^W\/"\d+"$/.test(value) ? 'W/"<version>"' : value;
  if (name === 'set-cookie') return maskCookies(value);
  if (name === 'odata-entityid' || name === 'location') return normalizeUrl(value, request);
  if (name === 'content-type') return value.replace(/response_[0-9a-f-]{36}/gi, 'response_<guid>');
  if (/^x-ms-ratelimit-/.test(name)) return value.replace(/^[\d,]+/, '<count>').replace(/\.\d+$/, '.<part>');
  if (name === 'x-ms-session-token') return '<token>';
  if (format === 'documentation' && name === 'preference-applied') return value.replace(/,\s+/g, ',');
  return maskGuids(value);
}

/** Keeps the names, order and attributes of cookies. */
function maskCookies(value: string): string {
  return value
    .replace(/expires=(?:<[^>]*>|\w{3}, [^;,]*)/gi, 'expires=<time>')
    .replace(/(^|, )([\w.]+)=[^;,]*/g, '$1$2=<value>');
}

/** Headers that name the created row or its version agree with each other and with the body. */
function compareLinks(found: Readonly<Record<string, string>>, body: string): readonly Difference[] {
  const etag = /^\{"@odata\.context":"[^"]*","@odata\.etag":("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  const differences: Difference[] = [];
  const { location, 'odata-entityid': entityId } = found;
  if (location !== undefined && entityId !== undefined && location !== entityId) {
    differences.push(difference('header value', 'Location and OData-EntityId name different rows'));
  }
  if (etag !== undefined && found.etag !== undefined && JSON.parse(etag) !== found.etag) {
    differences.push(difference('header value', 'ETag is not the @odata.etag of the body'));
  }
  return differences;
}
