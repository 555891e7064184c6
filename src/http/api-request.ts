import type { ConnectorError } from '../errors/connector-error.ts';
import type { RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import type { Json } from '../model/json.ts';

/** One request as the engine wants it carried out; the pipeline adds identity, token, patience and politeness. */
export interface ApiRequest {
  /** The action or trigger it serves: `case.create`. */
  readonly operation: string;
  readonly method: HttpMethod;
  /** Absolute and percent-encoded; refused unless it lies under the connection's own base URL. */
  readonly url: string;
  /** Any case; sent in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; text with a `content-type` of its own (`multipart/mixed`) is sent as it stands. */
  readonly body?: Json;
  readonly safety: RetrySafety;
  readonly signal?: AbortSignal;
  /** Our id of the call, sent as `x-ms-client-request-id` with every attempt. */
  readonly requestId: string;
}

/**
 * What the organization answered in the end. A 4xx or 5xx is explained in `error`, not thrown, so that the
 * caller can settle it: a 412 after an ambiguous create, a 404 after an ambiguous delete.
 */
export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; text where the answer is plain text, XML or multipart; undefined where there is none. */
  readonly body: Json | undefined;
  /** HTTP exchanges that the call took, refused tokens and waits included. */
  readonly attempts: number;
  /** An attempt that brought no answer (or 502, 503, 504) may have been carried out. */
  readonly ambiguous: boolean;
  /** Present exactly when the status is neither 2xx nor 304. */
  readonly error?: ConnectorError;
}

/**
 * The pipeline of one connection. Rejects with a ConnectorError when there is no clear answer: NETWORK, TIMEOUT,
 * ABORTED, RESPONSE_*, what the token source throws, and REQUEST_OUTCOME_UNKNOWN whatever the reason was.
 */
export type Pipeline = (call: ApiRequest) => Promise<ApiResponse>;
