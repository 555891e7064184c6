import { quoteString } from './quote-string.ts';

/**
 * `?$filter=…&$top=…` of finished, not yet encoded option values; "" when there are none. This is the one place
 * where query values are percent-encoded.
 */
export function encodeQuery(options: Iterable<readonly [name: string, value: string]>): string {
  const pairs = [...options].map(([name, value]) => `${encodeName(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** `$filter` and `@p1` keep their first sign: people read these URLs. */
function encodeName(name: string): string {
  return /^[$@]/.test(name) ? name[0] + encodeURIComponent(name.slice(1)) : encodeURIComponent(name);
}

/** A string as it stands in the parentheses of a path: quoted, quotes doubled, percent-encoded. */
export function encodeKey(text: string): string {
  return encodeURIComponent(quoteString(text));
}
