import { ConnectorError } from '../errors/connector-error.ts';

/** About who asks and how often, not about what was asked. */
const NOT_ABOUT_THE_REQUEST = [401, 403, 429];

/** The service understood the request and will not have it: any 4xx but 401, 403 and 429. */
export function isRefused(error: unknown): error is ConnectorError {
  const status = error instanceof ConnectorError ? error.details.status : undefined;
  return status !== undefined && status >= 400 && status < 500 && !NOT_ABOUT_THE_REQUEST.includes(status);
}
