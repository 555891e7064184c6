import type { Answer, Call } from '../http/call.ts';
import type { Connection } from './connection.ts';
import { answered } from './send-plan.ts';

/** A call as the engine's own code makes it: a path below the Web API's base URL. */
export interface ApiCall extends Pick<Call, 'operation' | 'method' | 'safety' | 'body' | 'signal'> {
  /** `/incidents(…)`, percent-encoded. */
  readonly path: string;
  readonly headers?: Call['headers'];
}

/** Sends it through the connection's pipeline; an error of the organisation is thrown. */
export async function callApi(
  connection: Pick<Connection, 'baseUrl' | 'exchange' | 'world'>,
  { path, headers = {}, ...call }: ApiCall,
): Promise<Answer> {
  const url = `${connection.baseUrl}${path}`;
  return answered(await connection.exchange({ ...call, url, headers, requestId: connection.world.uuid() }));
}
