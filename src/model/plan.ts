import type { ChangeType, OutputShape, RetrySafety, Verification } from './definition.ts';
import type { HttpMethod } from './http.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * One request, decided but not sent. Pure: the same definition, input and ids give the same plan.
 * `explain` prints it; the pipeline sends it.
 */
export interface RequestPlan {
  readonly operation: string;
  readonly method: HttpMethod;
  /** Absolute, on the connection's own origin, percent-encoded once. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly safety: RetrySafety;
  /** The id we gave the new row (`create` only). */
  readonly createdId?: string;
  /** Where the new row can be read (`create` only). */
  readonly createdUrl?: string;
  readonly output: OutputShape;
  /** How many rows the caller asked for, over all pages. */
  readonly limit?: number;
  /** `$filter` clauses that were left out because their input is absent. */
  readonly omittedClauses: readonly string[];
  readonly verifyWith?: { readonly url: string; readonly expect: Verification['expect'] };
}

/** What `client.run` answers. */
export interface RunResult<Output = Json> {
  readonly output: Output;
  readonly meta: RunMeta;
}

export interface RunMeta {
  /** Our id of the call, sent as `x-ms-client-request-id`. */
  readonly requestId: string;
  /** HTTP attempts that this call took. */
  readonly attempts: number;
  /** A list was cut at its limit; there is more. */
  readonly hasMore?: boolean;
  /** The create had been done already by an earlier attempt. */
  readonly replayed?: boolean;
  /** An upsert made a new row (true) or changed one that was there (false). */
  readonly created?: boolean;
  /** Columns of our schema that this organization does not have. */
  readonly missingColumns?: readonly string[];
}

/** One event of a trigger. `id` is deterministic: the same change always has the same id. */
export interface PollItem<Row = JsonObject> {
  readonly id: string;
  readonly change: ChangeType;
  /** RFC 3339, the organization's clock; of a deadline, the deadline. */
  readonly at: string;
  readonly row: Row;
}

/** A trigger's place, kept by the host after delivery. Small, versioned, opaque JSON. */
export type Checkpoint = JsonObject;

export interface PollResult<Row = JsonObject> {
  readonly items: readonly PollItem<Row>[];
  readonly checkpoint: Checkpoint;
  /** A cap was reached: poll again at once. */
  readonly hasMore: boolean;
}
