import { ConnectorError } from '../errors/connector-error.ts';
import { maxPageSize } from '../odata/limits.ts';
import type { CompletedRead, WindowQuery } from './cursor.ts';
import type { PollBudget } from './poll-budget.ts';
import { type RowFacts, readPageFacts } from './row-facts.ts';
import type { PollPage, RowQuery, RowReader, WireRow } from './row-reader-port.ts';

/** How to read a window, and what to do with its rows. */
export interface WindowReadOptions {
  readonly reader: RowReader;
  /** Wire name of the table's key. */
  readonly key: string;
  readonly select: readonly string[];
  /** The position at which to start, in the order of the window. */
  readonly start: bigint;
  /** The time at which the read started, if it was in an earlier poll. */
  readonly startedMs?: number;
  /** The query from a position on. */
  readonly query: (at: bigint) => WindowQuery;
  /** The position of a row in the order of the window. */
  readonly position: (facts: RowFacts) => bigint;
  /** If absent, the window is read to its end. */
  readonly budget?: PollBudget;
  /** Accepts the rows of a page; returns whether one of them is new. */
  readonly accept: (page: readonly RowFacts[], serverTimeMs: number) => Promise<boolean>;
  readonly addDeadLetter: (row: WireRow) => Promise<void>;
}

/** The result of reading a window. */
export interface WindowRead extends CompletedRead {
  /** The position at which the budget stopped the read; absent if it was read to its end. */
  readonly stoppedAt?: bigint;
}

/**
 * Reads a window page by page. If possible, it sends a new query from the last row on instead of following the next
 * link: changed rows move to the end during the read, and a service that counts rows would skip others. It stops at the
 * budget only after the position has advanced or a row was new, so that it passes any number of equal positions.
 */
export async function readWindow(options: WindowReadOptions): Promise<WindowRead> {
  const { reader, budget, start } = options;
  let at = start;
  let hasAccepted = false;
  let highest = 0n;
  let { startedMs } = options;
  let link: string | undefined;
  for (;;) {
    const page = await (link === undefined ? reader.read(queryFrom(at, options)) : reader.next(link));
    budget?.spend(page.rows.length);
    startedMs ??= page.serverTimeMs;
    const accepted = await acceptRows(page, options);
    hasAccepted ||= accepted.hasNews;
    if (accepted.highest > highest) highest = accepted.highest;
    const read = { startedMs, endedMs: page.serverTimeMs, highest };
    if (page.nextLink === undefined) return read;
    if (page.nextLink === link) throw selfLinkError();
    link = accepted.last > at ? undefined : page.nextLink;
    if (accepted.last > at) at = accepted.last;
    if (budget?.isExhausted() && (hasAccepted || at > start)) return { ...read, stoppedAt: at };
  }
}

async function acceptRows(page: PollPage, { key, position, accept, addDeadLetter }: WindowReadOptions) {
  const rows = await readPageFacts(page.rows, key, addDeadLetter);
  const lastRow = rows.at(-1);
  return {
    hasNews: await accept(rows, page.serverTimeMs),
    highest: rows.reduce((highest, { version }) => (version > highest ? version : highest), 0n),
    last: lastRow === undefined ? 0n : position(lastRow),
  };
}

function queryFrom(at: bigint, { query, select, budget }: WindowReadOptions): RowQuery {
  const { filter, orderBy } = query(at);
  return { filter, orderBy, select, pageSize: budget?.pageSize ?? maxPageSize };
}

function selfLinkError(): ConnectorError {
  return new ConnectorError(
    'RESPONSE_INVALID',
    'Dataverse sent the same next link twice; reading on would never end.',
  );
}
