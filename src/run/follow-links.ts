import { ConnectorError } from '../errors/connector-error.ts';
import type { Connection } from './connection.ts';

/** The read that next links belong to, for errors. */
export interface LinkedRead {
  readonly operation: string;
  readonly requestId?: string;
}

/**
 * Returns a function that turns a next link into the URL of the next request. Each link must be on the connection's
 * origin. A repeated link throws RESPONSE_INVALID, since following it would never end.
 */
export function createLinkFollower(
  { guardLink }: Pick<Connection, 'guardLink'>,
  { operation, requestId }: LinkedRead,
): (link: string) => string {
  const followed = new Set<string>();
  return (link) => {
    const url = guardLink(link);
    if (followed.has(url)) {
      const message = `${operation}: Dataverse sent the same next link twice; following it would never end.`;
      throw new ConnectorError('RESPONSE_INVALID', message, { requestId });
    }
    followed.add(url);
    return url;
  };
}
