/**
 * The longest wait that a `Retry-After` can request. The window of Dataverse's limits is five minutes, so a longer wait
 * is a mistake of a proxy or of a clock, and must not stop a connection for hours.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export const maxRetryAfterMs = 300_000;

/**
 * Returns the wait of a response's `Retry-After` in milliseconds, at most `maxMs` (default: five minutes), or undefined.
 * The header is a number of seconds or an HTTP date (RFC 9110, 10.2.3). A date is compared with the server's own `Date`,
 * so that a wrong clock on this machine never shortens the wait.
 */
export function parseRetryAfter(
  headers: Readonly<Record<string, string>>,
  now: number,
  maxMs = maxRetryAfterMs,
): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1000), maxMs);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const serverNow = Date.parse(headers.date ?? '');
  const waitMs = until - (Number.isNaN(serverNow) ? now : serverNow);
  return Math.min(Math.max(0, waitMs), maxMs);
}
