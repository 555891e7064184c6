import type { RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import type { LongText } from '../model/long-text.ts';
import type { ParsedBody } from '../odata/parse-large-json.ts';
import type { BodyReceiver } from './api-request.ts';

/** The mutable state of one call, shared by its attempts. */
export interface AttemptState {
  /** Number of requests that were passed to the sender. */
  attempts: number;
  /** An attempt ended without a clear response, so it may have been carried out. */
  ambiguous: boolean;
  /** A rejected token was renewed. This happens once per call. */
  tokenRenewed: boolean;
}

/** A request inside the pipeline: its URL is checked, its headers are complete, its body is serialized. */
export interface PipelineRequest {
  readonly operation: string;
  readonly requestId: string;
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly receiver?: BodyReceiver;
  readonly safety: RetrySafety;
  readonly signal?: AbortSignal;
  /** No attempt starts after this time (milliseconds since the epoch). */
  readonly deadline: number;
  readonly state: AttemptState;
}

/** A response that was read completely and is not interpreted yet. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty if the body is one of those below. */
  readonly text: string;
  /** A long JSON body. */
  readonly parsed?: ParsedBody;
  /** A long multipart body. */
  readonly multipart?: LongText;
}

/** Sends a request, or throws a ConnectorError. */
export type SendRequest = (request: PipelineRequest) => Promise<RawResponse>;

/** One step of the pipeline: it may change the request, inspect the response, or send the request again. */
export type Policy = (request: PipelineRequest, next: SendRequest) => Promise<RawResponse>;
