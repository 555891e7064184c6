import type { ConnectorError } from '../errors/connector-error.ts';
import type { RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import type { LongText } from '../model/long-text.ts';

/** One Web API request. The pipeline adds the standard headers, the token, retries and rate limiting. */
export interface ApiRequest {
  /** The action or trigger that sends the request: `case.create`. */
  readonly operation: string;
  readonly method: HttpMethod;
  /** Absolute and percent-encoded; rejected unless it is below the connection's own base URL. */
  readonly url: string;
  /** Names in any case; sent in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. Text with a `content-type` of its own is sent unchanged. */
  readonly body?: Json;
  /** The body of a `$batch`, instead of `body`. */
  readonly multipart?: LongText;
  readonly safety: RetrySafety;
  readonly signal?: AbortSignal;
  /** Our id of the call, sent as `x-ms-client-request-id` with every attempt. */
  readonly requestId: string;
  /** Receives the body of a successful JSON response while it arrives; `body` of the response is undefined then. */
  readonly receiver?: BodyReceiver;
}

/** Receives a body in parts. */
export interface BodyReceiver {
  /** A body begins. If another one began before it, that one broke, and the request was sent again. */
  start(): void;
  push(part: Uint8Array): void;
}

/**
 * The final response of the organization. A 4xx or 5xx is returned in `error`, not thrown, so that the caller can
 * resolve it: a 412 after an ambiguous create, a 404 after an ambiguous delete.
 */
export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; text if the response is plain text, XML or multipart; undefined if it is empty. */
  readonly body: Json | undefined;
  /** A long multipart body, instead of `body`. */
  readonly multipart?: LongText;
  /** Number of HTTP requests that the call needed, retries included. */
  readonly attempts: number;
  /** An attempt got no response (or 502, 503, 504) and may have been carried out. */
  readonly ambiguous: boolean;
  /** Present exactly when the status is neither 2xx nor 304. */
  readonly error?: ConnectorError;
}

/**
 * The pipeline of one connection. Rejects with a ConnectorError if there is no usable response: NETWORK, TIMEOUT,
 * ABORTED, RESPONSE_*, the errors of the token source, and REQUEST_OUTCOME_UNKNOWN.
 */
export type Pipeline = (request: ApiRequest) => Promise<ApiResponse>;
