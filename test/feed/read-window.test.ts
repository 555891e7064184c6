import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { type Cursor, rowPosition, startPosition, windowQuery } from '../../src/feed/cursor.ts';
import type { ReadLimits } from '../../src/feed/feed.ts';
import { startPollBudget } from '../../src/feed/poll-budget.ts';
import { readWindow, type WindowRead } from '../../src/feed/read-window.ts';
import type { RowReader } from '../../src/feed/row-reader-port.ts';
import { second } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

const beginning: Cursor = { readFromMs: 0, newSinceMs: 0 };

interface Seen {
  readonly ids: Set<string>;
  readonly read: WindowRead;
}

async function read(
  reader: RowReader,
  place: Cursor,
  options: { limits?: Partial<ReadLimits>; ids?: Set<string>; now?: () => number } = {},
): Promise<Seen> {
  const { limits = {}, ids = new Set<string>(), now = () => 0 } = options;
  const result = await readWindow({
    reader,
    key: 'incidentid',
    select: ['incidentid'],
    start: startPosition(place),
    query: (at) => windowQuery(place, at, 'incidentid'),
    position: (facts) => rowPosition(place, facts),
    budget: startPollBudget(limits, { now }),
    async accept(page) {
      const news = page.filter(({ id }) => !ids.has(id));
      for (const { id } of page) ids.add(id);
      return news.length > 0;
    },
    addDeadLetter: async () => {},
  });
  return { ids, read: result };
}

function insertMany(org: SimulatedOrg, count: number, apartMs: number): void {
  for (let made = 0; made < count; made++) {
    org.insert();
    org.wait(apartMs);
  }
}

describe('readWindow', () => {
  it('reads any number of rows of the same second with small limits', async () => {
    const org = new SimulatedOrg();
    insertMany(org, 23, 0);
    const ids = new Set<string>();
    let place = beginning;
    let polls = 0;
    for (; polls < 50; polls++) {
      const { read: result } = await read(org.reader, place, { limits: { pageSize: 5, pages: 1 }, ids });
      if (result.stoppedAt === undefined) break;
      place = { ...place, windowRead: { startedMs: result.startedMs, at: result.stoppedAt } };
    }
    expect(ids.size).to.equal(23);
    expect(polls).to.equal(4);
  });

  it('stops at the limit of pages, rows or time, and returns the position', async () => {
    const org = new SimulatedOrg();
    insertMany(org, 9, second);
    const byPages = await read(org.reader, beginning, { limits: { pageSize: 2, pages: 2 } });
    const byRows = await read(org.reader, beginning, { limits: { pageSize: 2, rows: 3 } });
    let time = 0;
    const now = () => time++ * 10;
    const byTime = await read(org.reader, beginning, { limits: { pageSize: 2, ms: 20 }, now });
    for (const { ids, read: result } of [byPages, byRows, byTime]) {
      expect(ids.size).to.be.within(3, 4);
      expect(result.stoppedAt).to.be.a('bigint');
    }
  });

  it('requests no more rows per page than the poll may read', async () => {
    const org = new SimulatedOrg();
    await read(org.reader, beginning, { limits: { rows: 30 } });
    await read(org.reader, beginning, { limits: { pageSize: 20, rows: 30 } });
    expect(org.queries.map(({ pageSize }) => pageSize)).to.deep.equal([30, 20]);
  });

  it('misses no row if rows change between the pages of a service that counts rows', async () => {
    const org = new SimulatedOrg({ paging: 'offset' });
    insertMany(org, 9, second);
    const first = [...org.rows.keys()][0]!;
    org.betweenPages = () => {
      org.wait(second);
      org.update(first);
      org.betweenPages = () => {};
    };
    expect((await read(org.reader, beginning, { limits: { pageSize: 3 } })).ids.size).to.equal(9);
  });

  it('rejects a next link that was followed already', async () => {
    const page = { rows: [], nextLink: 'again', serverTimeMs: 0 };
    const reader = { ...new SimulatedOrg().reader, read: async () => page, next: async () => page };
    const error = await read(reader, beginning).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ConnectorError).with.property('code', 'RESPONSE_INVALID');
  });
});
