import type { JsonObject } from 'dynamics365-connector';

/** How often a fault applies. */
export interface FaultSchedule {
  /** Number of matching requests that pass before the fault applies. Default: 0. */
  readonly skip?: number;
  /** Number of requests that the fault applies to; `Infinity` for all. Default: 1. */
  readonly times?: number;
  /** Probability (0 to 1) that the fault applies to a matching request, drawn from the sandbox's seed. Default: 1. */
  readonly probability?: number;
}

/** Which requests a fault applies to, and how often. */
export interface FaultMatch extends FaultSchedule {
  /** Only requests with this HTTP method. */
  readonly method?: string;
  /** Only requests whose target (path and query) contains this text. */
  readonly path?: string;
}

/** What goes wrong. "Before": the request has no effect. "After": the request is processed, then its response is damaged. */
export type FaultEffect =
  /** Waits `ms` milliseconds, then responds normally. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Before: responds with a status such as 429, 503 or 401. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterSeconds?: number;
      /** Error code in the body, for example `0x80072322`. */
      readonly code?: string;
      readonly message?: string;
      /** Replaces the default error body. */
      readonly body?: JsonObject;
    }
  /** Before: responds with an HTML page, as a proxy or a sign-in page in between does. Default status: 200. */
  | { readonly kind: 'html'; readonly status?: number }
  /** Before: resets the connection. */
  | { readonly kind: 'reset-before' }
  /** Before: accepts the request and never responds. */
  | { readonly kind: 'no-response' }
  /** After: resets the connection after this many bytes of the response (head and body); 0 loses the whole response. */
  | { readonly kind: 'reset'; readonly atByte: number }
  /** After: stops after this many bytes of the response and keeps the connection open. */
  | { readonly kind: 'stall'; readonly atByte: number }
  /** After: sends the head and this many bytes of the body, then closes the connection normally. */
  | { readonly kind: 'truncate'; readonly bodyBytes: number }
  /** After: sends the response slowly. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** After: what the request writes becomes visible to other requests `ms` milliseconds later, as in a long transaction. */
  | { readonly kind: 'late-commit'; readonly ms: number };

/** A fault with the requests that it applies to. */
export type InjectedFault = FaultEffect & FaultMatch;
