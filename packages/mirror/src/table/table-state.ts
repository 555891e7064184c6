import { ConnectorError } from 'dynamics365-connector';
import type { Cursor } from 'dynamics365-connector/host';
import { parseCursor, serializeCursor } from 'dynamics365-connector/host';

/**
 * How far the mirror of a table is. It is stored in the target, in the transaction of the rows that it counts. All times
 * are the organization's, in milliseconds.
 */
export interface TableState {
  /** The number of the current load. Rows of an earlier one are written again, even if their version is the same. */
  readonly load: number;
  /**
   * `load`: all rows are read. `compare`: the first walk over keys looks for what the load missed. `follow`: the target
   * has what the organization has.
   */
  readonly phase: 'load' | 'compare' | 'follow';
  /** The next page of the load; absent at its start. */
  readonly page?: string;
  /** The rows of a page with all columns, if larger ones were too large. */
  readonly pageSize?: number;
  /** The rows that the load has read. */
  readonly loaded: number;
  /** The rows of the table as Dataverse last counted them. */
  readonly expected?: number;
  /** The overlapping window over changes. */
  readonly cursor: Cursor;
  /** Where the quick read of the newest changes continues: a version, or milliseconds. */
  readonly newestRead: bigint;
  /** The time of the last quick read: the target has what was committed before it, late commits excepted. */
  readonly readAtMs: number;
  /** The time of the last read of the whole window. */
  readonly windowReadAtMs: number;
  readonly links?: DeltaLinks;
  /** Why there is no change tracking: deletions are only found by walks over keys. */
  readonly untracked?: string;
  /** A walk over keys in progress. */
  readonly walk?: KeyWalk;
  /** The time of the next walk over keys. */
  readonly nextWalkAtMs?: number;
  /** The time of the last walk that was completed. */
  readonly walkedAtMs?: number;
  /** The time of the last check whether the organization was restored. */
  readonly checkedAtMs: number;
  /** mirror.yaml does not list the table any more. */
  readonly isUnlisted?: boolean;
  /** How often the organization was found to be restored. */
  readonly restores: number;
}

/** A delta link, and the time of the response that returned it. */
export interface TimedLink {
  readonly url: string;
  readonly atMs: number;
}

/**
 * The delta links of a table. What a link names is not documented: it may leave out deletions that were not committed
 * when it was made. Such a deletion is committed within one overlap, so a link counts only when it is that old; until
 * then, the one before is followed too.
 */
export interface DeltaLinks {
  /** Every deletion that began after it is returned by it. */
  readonly safe: TimedLink;
  /** Replaces `safe` once it is one overlap old. */
  readonly next?: TimedLink;
  /** The newest one, for deletions that are committed quickly. */
  readonly newest: TimedLink;
}

/** A walk over the keys and versions of all rows. */
export interface KeyWalk {
  /** The next page; absent at the start. */
  readonly page?: string;
  /** Without change tracking, the pages are those of an ordinary list. */
  readonly isTracked: boolean;
  readonly rows: number;
  readonly startedAtMs: number;
}

/** The state as text. */
export function serializeState(state: TableState): string {
  return JSON.stringify({
    ...state,
    cursor: serializeCursor(state.cursor),
    newestRead: String(state.newestRead),
  });
}

/** Parses a text of `serializeState`. Throws STORE_FAILED for anything else. */
export function parseState(table: string, text: string): TableState {
  try {
    const { cursor: cursorJson, newestRead, ...state } = JSON.parse(text);
    const cursor = parseCursor(cursorJson);
    if (cursor !== undefined && ['load', 'compare', 'follow'].includes(state.phase))
      return { ...state, cursor, newestRead: BigInt(newestRead) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new ConnectorError('STORE_FAILED', `The state of the table ${table} in the target cannot be read.`, {
    advice: `Delete its row in d365_mirror_table: the table is then loaded again.`,
  });
}
