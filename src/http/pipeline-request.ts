import type { RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';

/** What happened to one call so far; shared by its attempts. The only thing here that changes. */
export interface AttemptState {
  /** Requests handed to the sender. */
  attempts: number;
  /** One of them ended without a clear answer: it may have been carried out. */
  ambiguous: boolean;
  /** A refused token was replaced; that happens once. */
  tokenRenewed: boolean;
}

/** A call on its way through the policies: checked, identified, its body written once for all attempts. */
export interface PipelineRequest {
  readonly operation: string;
  readonly requestId: string;
  readonly method: HttpMethod;
  readonly url: string;
  /** The URL's path as it may be shown: without what identifies a row. */
  readonly redactedPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly safety: RetrySafety;
  readonly signal?: AbortSignal;
  /** No attempt starts later, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly state: AttemptState;
}

/** An answer read to its last byte and not yet understood. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Carries a call out, or throws a ConnectorError. */
export type SendRequest = (passage: PipelineRequest) => Promise<RawResponse>;

/** One concern around a trip: it may change what goes in, look at what comes out, or go again. */
export type Policy = (passage: PipelineRequest, next: SendRequest) => Promise<RawResponse>;
