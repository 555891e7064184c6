import type { ChangeType, OutputShape, RetrySafety, Verification } from './definition.ts';
import type { HttpMethod } from './http.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * One planned request. Planning is pure: the same definition, input and ids give the same plan. `explain` prints it; the
 * pipeline sends it.
 */
export interface RequestPlan {
  readonly operation: string;
  readonly method: HttpMethod;
  /** Absolute, with the origin of the connection, percent-encoded once. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly safety: RetrySafety;
  /** The id of the new row (only for `create`). */
  readonly createdId?: string;
  /** The URL of the new row (only for `create`). */
  readonly createdUrl?: string;
  readonly output: OutputShape;
  /** The maximum number of rows, over all pages. */
  readonly limit?: number;
  /** The `$filter` clauses that are omitted because their input is missing. */
  readonly omittedClauses: readonly string[];
  readonly verifyWith?: { readonly url: string; readonly expect: Verification['expect'] };
}

/** The result of `client.run`. */
export interface RunResult<Output = Json> {
  readonly output: Output;
  readonly meta: RunMeta;
}

export interface RunMeta {
  /** The id of the call, sent as `x-ms-client-request-id`. */
  readonly requestId: string;
  /** The number of HTTP attempts of this call. */
  readonly attempts: number;
  /** Whether there are more rows than the limit. */
  readonly hasMore?: boolean;
  /** Whether an earlier attempt had already created the row. */
  readonly replayed?: boolean;
  /** Whether an upsert created a row (true) or updated one (false). */
  readonly created?: boolean;
  /** The columns of the schema that the organization does not have. */
  readonly missingColumns?: readonly string[];
}

/** One event of a trigger. The same change always has the same `id`. */
export interface PollItem<Row = JsonObject> {
  readonly id: string;
  readonly change: ChangeType;
  /** The time of the change by the organization's clock, RFC 3339; for `due`, the deadline. */
  readonly at: string;
  /** Counts restores of the organization; versions before and after a restore cannot be compared. */
  readonly epoch: number;
  /**
   * Position of the change among all changes of the table. Of two items of one row, the one with the higher epoch, then
   * with the higher sequence, is newer, whatever the order of delivery.
   */
  readonly sequence: number;
  /** The row's version (digits); absent if the row was deleted. */
  readonly version?: string;
  /** The systemuserid of the user who changed the row last; absent if it is unknown. */
  readonly by?: string;
  /**
   * The row changed, but it is unknown whether a watched column did: its value before was not recorded yet. Absent if it
   * is known.
   */
  readonly uncertain?: true;
  readonly row: Row;
}

/** The state of a trigger, which the host stores after delivery: small, versioned, opaque JSON. */
export type Checkpoint = JsonObject;

export interface PollResult<Row = JsonObject> {
  readonly items: readonly PollItem<Row>[];
  readonly checkpoint: Checkpoint;
  /** Whether a limit was reached; then poll again at once. */
  readonly hasMore: boolean;
}
