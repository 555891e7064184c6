import { ConnectorError } from '../errors/connector-error.ts';
import { quoteString } from './quote-string.ts';

/**
 * Writes a query string, `?$filter=…&$top=…`, from option values that are not encoded yet; "" if there are none. No other
 * function percent-encodes query values.
 */
export function encodeQuery(options: Iterable<readonly [name: string, value: string]>): string {
  return joinOptions([...options].map(([name, value]) => encodeOption(name, value)));
}

/**
 * One option of a query string: `$top=10`.
 *
 * @throws INPUT_INVALID for half of a character, which UTF-8 cannot carry
 */
export function encodeOption(name: string, value: string): string {
  return `${encodeName(name)}=${encodeText(value, name)}`;
}

/** A query string from options that are encoded already; "" if there are none. */
export function joinOptions(options: readonly string[]): string {
  return options.length === 0 ? '' : `?${options.join('&')}`;
}

/** `$` and `@` at the start of a name are not encoded, so that the URLs are readable. */
function encodeName(name: string): string {
  const sign = /^[$@]/.test(name) ? (name[0] ?? '') : '';
  return sign + encodeText(name.slice(sign.length), 'a query option');
}

/** A string key in the parentheses of a path: quoted and percent-encoded. */
export function encodeKey(text: string): string {
  return encodeText(quoteString(text), 'a key');
}

function encodeText(text: string, of: string): string {
  if (text.isWellFormed()) return encodeURIComponent(text);
  throw new ConnectorError('INPUT_INVALID', `The text of ${of} has half of a character (a lone surrogate).`);
}
