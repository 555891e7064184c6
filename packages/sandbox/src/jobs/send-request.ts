import type { WebApiRequest, WebApiResponse } from '../web-api/types.ts';

/** Sends a request to the Web API on behalf of a user, as system jobs do. */
export type SendRequest = (
  userId: string,
  request: Pick<WebApiRequest, 'method' | 'target'> & {
    readonly headers?: WebApiRequest['headers'];
    readonly body?: string;
  },
) => Promise<WebApiResponse>;
