/**
 * Returns the wait of a response's `Retry-After` in milliseconds, or undefined. The header is a number of seconds or an
 * HTTP date (RFC 9110, 10.2.3). A date is compared with the server's own `Date`, so that a wrong clock on this machine
 * never shortens the wait.
 */
export function parseRetryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const serverNow = Date.parse(headers.date ?? '');
  return Math.max(0, until - (Number.isNaN(serverNow) ? now : serverNow));
}
