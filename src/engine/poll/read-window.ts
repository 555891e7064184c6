import { ConnectorError } from '../../errors/connector-error.ts';
import type { Budget } from './budget.ts';
import type { Page, Row, RowQuery, RowReader } from './ports.ts';
import { type RowFacts, readFacts } from './row-facts.ts';
import { type Place, positionOf, type Sweep, startOf, type windowQuery } from './window.ts';

/** How a window is read, and who takes its rows. */
export interface WindowReading {
  readonly reader: RowReader;
  /** Wire name of the table's key. */
  readonly key: string;
  readonly select: readonly string[];
  /** Joined to the window's own filter. */
  readonly filter: string | undefined;
  readonly query: typeof windowQuery;
  /** Absent: to the end, whatever it takes. */
  readonly budget?: Budget;
  /** Takes a row; says whether it was news. */
  readonly take: (facts: RowFacts) => boolean;
  readonly setAside: (row: Row) => Promise<void>;
}

/** The window was read to its end, or the place at which the budget stopped it. */
export type WindowRead = { readonly sweep: Sweep } | { readonly stopped: Place };

/**
 * Reads the window of a place, page by page. Where it can, it asks anew from the last row on instead of
 * following the next link: rows move to the end while we read, and a service that counts rows would skip
 * others. It stops at the budget only after getting ahead, so that any number of equal times is passed.
 */
export async function readWindow(place: Place, reading: WindowReading): Promise<WindowRead> {
  const { reader, budget } = reading;
  const start = startOf(place);
  let at = start;
  let news = false;
  let highest = 0n;
  let startedMs = place.sweep?.startedMs;
  let link: string | undefined;
  for (;;) {
    const page = await (link === undefined ? reader.read(queryFrom(place, at, reading)) : reader.next(link));
    budget?.spend(page.rows.length);
    startedMs ??= page.serverTimeMs;
    const taken = await takeRows(page, place, reading);
    news ||= taken.news;
    if (taken.highest > highest) highest = taken.highest;
    if (page.nextLink === undefined) return { sweep: { startedMs, endedMs: page.serverTimeMs, highest } };
    if (page.nextLink === link) throw linksToItself();
    link = taken.last > at ? undefined : page.nextLink;
    if (taken.last > at) at = taken.last;
    if (budget?.isSpent() && (news || at > start)) return { stopped: { ...place, sweep: { startedMs, at } } };
  }
}

async function takeRows(page: Page, place: Place, { key, take, setAside }: WindowReading) {
  const taken = { news: false, highest: 0n, last: 0n };
  for (const row of page.rows) {
    const facts = readFacts(row, key);
    if (facts === undefined) {
      await setAside(row);
      continue;
    }
    if (take(facts)) taken.news = true;
    if (facts.version > taken.highest) taken.highest = facts.version;
    taken.last = positionOf(place, facts);
  }
  return taken;
}

/** What Dataverse gives at most. */
const MOST_ROWS_A_PAGE = 5000;

function queryFrom(
  place: Place,
  at: bigint,
  { query, key, filter, select, budget }: WindowReading,
): RowQuery {
  const window = query(place, at, key);
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
