/** The HTTP methods of the Dataverse Web API. */
export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** An HTTP request: absolute URL, header names in lower case. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * An HTTP response: header names in lower case, repeated headers joined with ", ". `body` is decompressed and not read yet.
 */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HttpBody;
}

/** The body of a response. */
export interface HttpBody extends AsyncIterable<Uint8Array> {
  /** All of a body that has arrived already, which ends reading it: most bodies have, and waiting takes longer. */
  takeArrived?(): readonly Uint8Array[] | undefined;
}

/**
 * Sends an HTTP request. It never follows redirects and accepts any status. It throws only if no complete response headers
 * arrive (connection refused, reset or aborted); later failures are thrown by the iteration of `body`.
 */
export type HttpSender = (request: HttpRequest) => Promise<HttpResponse>;
