import type { ApiRequest, ApiResponse } from '../http/api-request.ts';
import type { Connection } from './connection.ts';
import { requireSuccess } from './send-plan.ts';

/** A request of the engine's own code, by its path below the Web API's base URL. */
export interface ApiPathRequest
  extends Pick<ApiRequest, 'operation' | 'method' | 'safety' | 'body' | 'signal'> {
  /** `/incidents(…)`, percent-encoded. */
  readonly path: string;
  readonly headers?: ApiRequest['headers'];
}

/** Sends a request through the connection's pipeline. Throws the error of a failed response. */
export async function sendApiRequest(
  connection: Pick<Connection, 'baseUrl' | 'pipeline' | 'services'>,
  { path, headers = {}, ...request }: ApiPathRequest,
): Promise<ApiResponse> {
  const url = `${connection.baseUrl}${path}`;
  return requireSuccess(
    await connection.pipeline({ ...request, url, headers, requestId: connection.services.uuid() }),
  );
}
