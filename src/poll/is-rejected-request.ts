import { ConnectorError } from '../errors/connector-error.ts';

/** About who asks and how often, not about what was asked. */
const notAboutTheRequest = [401, 403, 429];

/** The service understood the request and will not have it: any 4xx but 401, 403 and 429. */
export function isRejectedRequest(error: unknown): error is ConnectorError {
  const status = error instanceof ConnectorError ? error.details.status : undefined;
  return status !== undefined && status >= 400 && status < 500 && !notAboutTheRequest.includes(status);
}
