import { ConnectorError } from '../errors/connector-error.ts';
import type { Budget } from './budget.ts';
import type { Page, Row, RowQuery, RowReader } from './ports.ts';
import { type RowFacts, readFacts } from './row-facts.ts';
import type { Sweep, WindowQuery } from './window.ts';

/** How a window is read, and who takes its rows. */
export interface WindowReading {
  readonly reader: RowReader;
  /** Wire name of the table's key. */
  readonly key: string;
  readonly select: readonly string[];
  /** Joined to the window's own filter. */
  readonly filter: string | undefined;
  /** Where it begins in the order of the window. */
  readonly start: bigint;
  /** When it began, if that was an earlier poll. */
  readonly startedMs?: number | undefined;
  /** What to ask for from a position on. */
  readonly query: (at: bigint) => WindowQuery;
  /** Where a row stands in that order. */
  readonly position: (facts: RowFacts) => bigint;
  /** Absent: to the end, whatever it takes. */
  readonly budget?: Budget;
  /** Takes a row; says whether it was news. */
  readonly take: (facts: RowFacts) => boolean;
  readonly setAside: (row: Row) => Promise<void>;
}

/** How far the window was read. */
export interface WindowRead extends Sweep {
  /** Where the budget stopped it; absent: it was read to its end. */
  readonly stoppedAt?: bigint;
}

/**
 * Reads a window, page by page. Where it can, it asks anew from the last row on instead of following the next
 * link: rows move to the end while we read, and a service that counts rows would skip others. It stops at the
 * budget only after getting ahead, so that any number of equal positions is passed.
 */
export async function readWindow(reading: WindowReading): Promise<WindowRead> {
  const { reader, budget, start } = reading;
  let at = start;
  let news = false;
  let highest = 0n;
  let { startedMs } = reading;
  let link: string | undefined;
  for (;;) {
    const page = await (link === undefined ? reader.read(queryFrom(at, reading)) : reader.next(link));
    budget?.spend(page.rows.length);
    startedMs ??= page.serverTimeMs;
    const taken = await takeRows(page, reading);
    news ||= taken.news;
    if (taken.highest > highest) highest = taken.highest;
    const read = { startedMs, endedMs: page.serverTimeMs, highest };
    if (page.nextLink === undefined) return read;
    if (page.nextLink === link) throw linksToItself();
    link = taken.last > at ? undefined : page.nextLink;
    if (taken.last > at) at = taken.last;
    if (budget?.isSpent() && (news || at > start)) return { ...read, stoppedAt: at };
  }
}

async function takeRows(page: Page, { key, position, take, setAside }: WindowReading) {
  const taken = { news: false, highest: 0n, last: 0n };
  for (const row of page.rows) {
    const facts = readFacts(row, key);
    if (facts === undefined) {
      await setAside(row);
      continue;
    }
    if (take(facts)) taken.news = true;
    if (facts.version > taken.highest) taken.highest = facts.version;
    taken.last = position(facts);
  }
  return taken;
}

/** What Dataverse gives at most. */
const MOST_ROWS_A_PAGE = 5000;

function queryFrom(at: bigint, { query, filter, select, budget }: WindowReading): RowQuery {
  const window = query(at);
  return {
    filter: filter === undefined ? window.filter : `(${filter}) and ${window.filter}`,
    orderBy: window.orderBy,
    select,
    pageSize: budget?.pageSize ?? MOST_ROWS_A_PAGE,
  };
}

function linksToItself(): ConnectorError {
  return new ConnectorError(
    'RESPONSE_INVALID',
    'A page of changes links to itself; the read would never end.',
  );
}
