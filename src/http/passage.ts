import type { Safety } from '../model/definition.ts';
import type { Method } from '../model/http.ts';

/** What happened to one call so far; shared by its attempts. The only thing here that changes. */
export interface Tally {
  /** Requests handed to the sender. */
  attempts: number;
  /** One of them ended without a clear answer: it may have been carried out. */
  ambiguous: boolean;
  /** A refused token was replaced; that happens once. */
  renewed: boolean;
}

/** A call on its way through the policies: checked, identified, its body written once for all attempts. */
export interface Passage {
  readonly operation: string;
  readonly requestId: string;
  readonly method: Method;
  readonly url: string;
  /** The URL's path as it may be shown: without what identifies a row. */
  readonly shownPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
  readonly safety: Safety;
  readonly signal?: AbortSignal;
  /** No attempt starts later, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly tally: Tally;
}

/** An answer read to its last byte and not yet understood. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Carries a call out, or throws a ConnectorError. */
export type Trip = (passage: Passage) => Promise<Reply>;

/** One concern around a trip: it may change what goes in, look at what comes out, or go again. */
export type Policy = (passage: Passage, next: Trip) => Promise<Reply>;
