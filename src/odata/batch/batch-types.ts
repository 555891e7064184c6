import type { LongText } from '../../model/long-text.ts';

/** One request in a `$batch`. Header names are in lower case. */
export interface BatchRequest {
  readonly method: string;
  /** Absolute, `/api/data/v9.2/…`, `$1/…` (the result of Content-ID 1), or relative; percent-encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Required in a change set: the response has it too, and other requests refer to it. */
  readonly contentId?: string;
}

/** One response in the response of a `$batch`. */
export interface BatchResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly contentId?: string;
}

/** A single part, or a change set, whose parts all succeed or all fail. A failed change set has a response of one part. */
export type BatchItem<Part> = { readonly part: Part } | { readonly changeSet: readonly Part[] };

/** A composed batch: its `Content-Type` and its body, with CRLF line breaks. */
export interface MultipartBody {
  readonly contentType: string;
  readonly body: string;
}

/** A composed batch with the text of its body in pieces. */
export interface LongMultipartBody {
  readonly contentType: string;
  readonly body: LongText;
}
