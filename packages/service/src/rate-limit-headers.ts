import type { Connection } from 'dynamics365-connector/host';

/**
 * What is left of the requests that Dataverse allows the user of a connection. Empty before its first request.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function rateLimitHeaders({ quota }: Pick<Connection, 'quota'>): Readonly<Record<string, string>> {
  const current = quota();
  if (current === undefined) return {};
  const { limit, remaining, windowMs, resetMs } = current;
  return {
    'ratelimit-policy': `"org";q=${limit};w=${windowMs / 1000}`,
    ratelimit: `"org";r=${Math.floor(remaining)};t=${Math.ceil(resetMs / 1000)}`,
  };
}
