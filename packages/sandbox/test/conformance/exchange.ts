/** A request with the response that Dataverse gave or that its documentation shows. */
export interface Exchange {
  readonly id: string;
  /** A documentation sample shows some headers and may shorten its body; a recording is complete. */
  readonly format: 'documentation' | 'recording';
  /** Group in the score, for example `create`. */
  readonly kind: string;
  readonly request: {
    readonly method: string;
    /** Absolute URL, not encoded. Its origin is `sampleOrigin`. */
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response?: ExpectedResponse;
  /** When and with which version of the Web API a recording was made, where the file tells. */
  readonly recorded?: { readonly year?: number | undefined; readonly version?: string | undefined };
  /** Why the exchange cannot be replayed, when its entry in the file is broken. */
  readonly problem?: string;
}

/** The documented or recorded response. Its URLs have `sampleOrigin`. */
export interface ExpectedResponse {
  readonly status: number | null;
  /** Absent when the recording has no headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether number texts and the order of columns are as Dataverse sent them, and not written anew by a tool. */
  readonly exact: boolean;
  /** Whether rows were cut: the response of the sandbox must contain the rows, among others. */
  readonly partial: boolean;
}

/** The response of the sandbox. Its URLs have `sampleOrigin`. Header names are in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** Origin of the organization in requests and responses before and after the replay. */
export const sampleOrigin = 'http://org.test';

/** Replaces the organization URLs of documentation and recordings with `sampleOrigin`. */
export function useSampleOrigin(text: string): string {
  return text
    .replace(
      /(?:https?:\/\/)?\[(?:Organization|Token-CRM-Org)[^\]]*\](?:\/[\w-]+(?=\/api\/))?/gi,
      sampleOrigin,
    )
    .replace(/https?:\/\/[\w.-]+\.dynamics\.com/gi, sampleOrigin)
    .replace(/https?:\/\/[\w.:-]+(?=\/+api\/data\/v)/gi, sampleOrigin)
    .replace(/http:\/\/org\.test\/data\/v/g, `${sampleOrigin}/api/data/v`);
}

/** Replaces placeholders such as `<accountid>` with an id; the same name always gives the same id. */
export function fillPlaceholders(text: string): string {
  return text.replace(/<(accountid|file id|guid)>/g, (_, name: string) =>
    name === 'accountid' ? '0000000a-0000-4000-8000-000000000001' : '0000000a-0000-4000-8000-000000000002',
  );
}

/** The first path segment after the version: `accounts`, `$batch`. */
export function firstSegment(url: string): string | undefined {
  return /\/api\/data\/v[\d.]+\/([^/(?]+)/.exec(url)?.[1];
}
