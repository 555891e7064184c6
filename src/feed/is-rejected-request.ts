import { ConnectorError } from '../errors/connector-error.ts';

/** These responses concern the user or the rate, not the request. */
const notAboutTheRequest = [401, 403, 429];

/** Whether Dataverse rejected the request itself: any 4xx response except 401, 403 and 429. */
export function isRejectedRequest(error: unknown): error is ConnectorError {
  const status = error instanceof ConnectorError ? error.details.status : undefined;
  return status !== undefined && status >= 400 && status < 500 && !notAboutTheRequest.includes(status);
}
