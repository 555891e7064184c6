/** One request inside a `$batch`. Header names in lower case. */
export interface BatchRequest {
  readonly method: string;
  /** Absolute, `/api/data/v9.2/…`, `$1/…` (the result of Content-ID 1), or relative; percent-encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Needed in a change set: answers carry it back, and other requests refer to it. */
  readonly contentId?: string;
}

/** One answer inside the answer of a `$batch`. */
export interface BatchResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly contentId?: string;
}

/** A part on its own, or a change set: all of its parts or none. A failed change set answers with one part. */
export type BatchItem<Part> = { readonly part: Part } | { readonly changeSet: readonly Part[] };

/** A composed batch: its `Content-Type` and its body, lines ended by CRLF. */
export interface MultipartBody {
  readonly contentType: string;
  readonly body: string;
}
