import type { JsonObject } from 'dynamics365-connector';

/** Which requests a fault meets, and how often. */
export interface FaultMatch {
  /** Only this method. */
  readonly method?: string;
  /** Only targets (path and query) that contain this text. */
  readonly path?: string;
  /** Lets so many matching requests pass first. */
  readonly skip?: number;
  /** Meets so many requests, then is spent; 1 unless told, `Infinity` for all. */
  readonly times?: number;
  /** Meets a matching request with this probability, from the sandbox's seed. */
  readonly probability?: number;
}

/** What goes wrong. "Before": the request is not carried out. "After": it is, and its answer is what suffers. */
export type FaultEffect =
  /** Waits, then goes on as usual. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Before: answers with a status; 429, 503, 401 and the like. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterSeconds?: number;
      /** Error code of the body: `0x80072322`. */
      readonly code?: string;
      readonly message?: string;
      /** Instead of the usual error body. */
      readonly body?: JsonObject;
    }
  /** Before: an HTML page, as of a proxy or a sign-in that stands in between; 200 unless told. */
  | { readonly kind: 'html'; readonly status?: number }
  /** Before: resets the connection. */
  | { readonly kind: 'drop' }
  /** Before: takes the request and never says a word. */
  | { readonly kind: 'silence' }
  /** After: resets the connection when so many bytes of the answer (head and body) have left; 0 loses all of it. */
  | { readonly kind: 'reset'; readonly atByte: number }
  /** After: stops in the middle of the answer and keeps the line open. */
  | { readonly kind: 'stall'; readonly atByte: number }
  /** After: sends the head and the first bytes of the body, then closes in good order. */
  | { readonly kind: 'truncate'; readonly bodyBytes: number }
  /** After: sends the answer in drops. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** After: the work of this request becomes visible to others only later, as of a long transaction. */
  | { readonly kind: 'late-commit'; readonly ms: number };

/** One fault on demand. */
export type InjectedFault = FaultEffect & FaultMatch;
