/** Methods that the Dataverse Web API answers. */
export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One HTTP exchange as it goes out: absolute URL, lower-case header names. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * The answer as it comes in: lower-case header names, repeated headers joined with ", ".
 * `body` is decompressed and unread; a sender never follows redirects and never throws on a status.
 */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The port to the network. A sender throws only when no complete header block arrived (refused, reset,
 * aborted); what breaks later breaks the iteration of `body`.
 */
export type HttpSender = (request: HttpRequest) => Promise<HttpResponse>;
