import type { HttpMethod } from './http.ts';

/**
 * A piece of work that takes time. Names, ids of calls and addresses without keys and queries: never a value of a row, a
 * key of a row, or a secret.
 */
export type Work =
  /** One call of a client: an action with its attempts, a list with its pages. */
  | { readonly kind: 'action'; readonly operation: string; readonly server: ServerAddress }
  /** One poll of a trigger, or of the feed of a table for several subscriptions. */
  | { readonly kind: 'poll'; readonly operation: string; readonly server?: ServerAddress }
  /** One HTTP exchange, until the last byte of the response. */
  | AttemptWork
  /** Time in which nothing is sent. */
  | { readonly kind: 'wait'; readonly reason: WaitReason; readonly operation?: string }
  /** One delivery of one event to a target. */
  | DeliveryWork
  /** A request that a server of ours answers. */
  | RequestWork;

export type WorkKind = Work['kind'];

/** `retry`: before the next attempt. `rate-limit`: for the limiter. `token`: for an access token. */
export type WaitReason = 'retry' | 'rate-limit' | 'token';

/** `https`, `contoso.crm.dynamics.com`, 443. */
export interface ServerAddress {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

export interface AttemptWork {
  readonly kind: 'attempt';
  readonly method: HttpMethod;
  readonly server: ServerAddress;
  /** Without keys of rows: `/api/data/v9.2/incidents(…)`. */
  readonly path: string;
  readonly operation?: string;
  /** Our id of the call, `x-ms-client-request-id`. */
  readonly requestId?: string;
  /** 1 for the first attempt of a call. */
  readonly attempt?: number;
}

export interface DeliveryWork {
  readonly kind: 'delivery';
  readonly subscription: string;
  readonly trigger: string;
  /** Which kind of receiver: `webhook`, `handler`, `stdout`. */
  readonly target: string;
  readonly attempt: number;
  readonly itemId?: string;
  /** The `traceparent` of the poll that found the event. */
  readonly foundBy?: string;
}

export interface RequestWork {
  readonly kind: 'request';
  readonly method: string;
  /** With the names of its parameters instead of their values: `/v1/connections/:connection/mcp`. */
  readonly route: string;
  /** The headers of the request: its `traceparent` makes this work part of the caller's trace. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How a piece of work ended. Without `error`, it succeeded. */
export interface WorkOutcome {
  /** The code of the error: `THROTTLED`; for an HTTP exchange also the status. */
  readonly error?: string;
  readonly status?: number;
  /** The request id and the error code of the organization. */
  readonly serviceRequestId?: string;
  readonly serverCode?: string;
  /** Rows, items or bytes. */
  readonly count?: number;
}

/** A piece of work that has begun. */
export interface WorkSpan {
  /** What `body` begins belongs to this work. */
  run<T>(body: () => T): T;
  /** The headers that carry this work to another service: `traceparent` (https://www.w3.org/TR/trace-context/). */
  headers(): Readonly<Record<string, string>>;
  /** Called once. */
  end(outcome: WorkOutcome): void;
}

/** Who is told about work while it happens. `openTelemetry` of `dynamics365-connector/node` is one. */
export interface Telemetry {
  /** Begins a piece of work inside of the work that runs now. */
  start(work: Work): WorkSpan;
}

/** The address of a URL, for spans. */
export function serverAddressOf(url: URL): ServerAddress {
  const scheme = url.protocol.slice(0, -1);
  return { scheme, host: url.hostname, port: url.port === '' ? defaultPort(scheme) : Number(url.port) };
}

function defaultPort(scheme: string): number {
  return scheme === 'http' ? 80 : 443;
}
